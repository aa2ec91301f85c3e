"""Start and end of each command: exit codes, errors in one line, no traceback.

Imports only a little of the standard library, because it has to handle Ctrl-C and missing packages
while the command itself is being imported.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from types import FrameType
from typing import Any, NamedTuple

from openapi.third_party_errors import PROJECT, UnsupportedPackageError

EXIT_ERROR = 2
Command = Callable[[Sequence[str] | None], int]
PACKAGE_BY_MODULE = {"yaml": "pyyaml", "jsonpath": "python-jsonpath"}
"""Names of packages that differ from the names of their modules."""
STDOUT_ERROR_MESSAGE = "cannot write to standard output"
# A full disk, an exceeded quota, a closed pipe (`| head`).
WRITE_ERRNOS = (errno.ENOSPC, errno.EDQUOT, errno.EPIPE)
TRACEBACK_HINT = "PYTHONDEVMODE=1"
"""Setting that shows the traceback of an unexpected error, for commands without such an option."""


class Extra(NamedTuple):
    """An extra of the project: its name, and the top-level modules that only it installs."""

    name: str
    modules: frozenset[str]


def run_command(
    name: str,
    imported: Callable[[], Command],
    arguments: Sequence[str] | None,
    *,
    interrupted: int,
    leaves_at_once: bool = False,
    where: str = TRACEBACK_HINT,
    extra: Extra | None = None,
) -> int:
    """Import a command, run it, and return its exit code.

    An exception becomes one line on standard error and exit code 2. Ctrl-C and SIGTERM end the
    process with the code `interrupted` during the import and, with `leaves_at_once`, until the
    command sets its own handlers. `where` names the setting that shows the traceback of an
    unexpected error, `extra` what the command needs beyond the project's core.
    """
    _open_standard_streams()
    with exiting_on_signal(interrupted) if leaves_at_once else nullcontext():
        try:
            with exiting_on_signal(interrupted):
                command = imported()
            return _flush_output(name, command(arguments))
        except SystemExit as ended:  # raised by argparse, with a text only if others call sys.exit
            return _flush_output(name, ended.code if isinstance(ended.code, int) else EXIT_ERROR)
        except KeyboardInterrupt:
            return interrupted
        except Exception as error:  # noqa: BLE001 - the outermost handler
            if sys.flags.dev_mode or _is_debugging():
                _print_traceback(error)
            print_error(name, _error_message(error, where, extra))
            return _flush_output(name, EXIT_ERROR)


def print_error(name: str, reason: str) -> None:
    """Write the reason as one line to standard error."""
    line = " ".join(reason.split())
    try:
        sys.stderr.write(f"{name}: {line}\n")
        sys.stderr.flush()
    except OSError:
        _redirect_to_devnull(sys.stderr)


@contextmanager
def exiting_on_signal(code: int) -> Iterator[None]:
    """Within the context, end the process at once with this exit code on Ctrl-C and SIGTERM."""

    def leave(_signal: int, _frame: FrameType | None) -> None:
        # Not an exception: an imported module could catch it. There is nothing to clean up yet.
        os._exit(code)

    before: dict[signal.Signals, Any] = {}
    if threading.current_thread() is threading.main_thread():
        for each in (signal.SIGINT, signal.SIGTERM):
            handler = signal.getsignal(each)
            # An ignored SIGINT (`nohup`, a background job) stays ignored.
            if handler in (signal.SIG_DFL, signal.default_int_handler):
                before[each] = signal.signal(each, leave)
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _error_message(error: Exception, where: str, extra: Extra | None) -> str:
    if isinstance(error, ModuleNotFoundError) and error.name:
        module = error.name.partition(".")[0]
        if extra and module in extra.modules:
            return (
                f"{PROJECT} is installed without its extra {extra.name!r} (no module {error.name});"
                f" in the clone, run: python -m pip install '.[{extra.name}]'"
            )
        package = PACKAGE_BY_MODULE.get(module, module.replace("_", "-"))
        return (
            f"the Python package {package} is not installed (no module {error.name}); "
            "install the project again, with its dependencies"
        )
    if isinstance(error, UnsupportedPackageError):
        return str(error)
    if isinstance(error, OSError):
        # An error from opening a file has the file's name; one from writing to stdout has none.
        place = error.filename or (STDOUT_ERROR_MESSAGE if error.errno in WRITE_ERRNOS else "")
        return f"{place}{': ' if place else ''}{error.strerror or error}"
    text = str(error)
    return f"{type(error).__name__}{': ' if text else ''}{text[:500]} ({where} shows where)"


def _is_debugging() -> bool:
    # Not imported here: `logging` takes time, and if nobody has imported it, its level is not set.
    logging = sys.modules.get("logging")
    return logging is not None and logging.getLogger().isEnabledFor(logging.DEBUG)


def _print_traceback(error: Exception) -> None:
    import traceback  # noqa: PLC0415 - seldom used

    with suppress(OSError):
        traceback.print_exception(error)


def _flush_output(name: str, code: int) -> int:
    """Flush the output and return the exit code, or 2 if the output cannot be written."""
    # Otherwise Python flushes at exit, prints a traceback and exits with 120.
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError as error:
        _redirect_to_devnull(sys.stdout)
        if code != EXIT_ERROR:
            print_error(name, f"{STDOUT_ERROR_MESSAGE}: {error.strerror}")
        return EXIT_ERROR
    try:
        if sys.stderr is not None:
            sys.stderr.flush()
    except OSError:
        _redirect_to_devnull(sys.stderr)
    return code


def _redirect_to_devnull(stream: Any) -> None:
    """Redirect an unwritable stream to the null device, so that Python's flush at exit succeeds."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def _open_standard_streams() -> None:
    """Open closed standard streams (`>&-`) on the null device."""
    # The next socket or file would get the free number, and a print would go there.
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - never closed
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - likewise
