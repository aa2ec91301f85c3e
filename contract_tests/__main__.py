"""The command line: `hypers-check`. The only place of the check that prints."""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

from contract_tests.caller import Caller
from contract_tests.contract import choose
from contract_tests.plugin import conduct
from contract_tests.reporting import Report
from contract_tests.run import Run
from contract_tests.subject import Plan
from contract_tests.target import Credentials, Target, Unfit, read_url
from openapi import ContractError

PREFIX = "HYPERS_CHECK_"
HOLDS, VIOLATED, UNUSABLE, INTERRUPTED = 0, 1, 2, 130
MOCK = [sys.executable, "-m", "mock_server", "--port", "0", "--frozen"]
READY = re.compile(r"http://127\.0\.0\.1:\d+")


def main(arguments: Sequence[str] | None = None) -> int:
    """Check a server; returns 0 when the contract holds, 1 when not, 2 when that is not known."""
    try:
        options = _parser().parse_args(arguments)
        with _terminable():
            if options.target:
                return _check(read_url(options.target), options)
            with _mock() as address:
                return _check(address, options)
    except Unfit as error:
        print(f"hypers-check: {error}", file=sys.stderr)
        return UNUSABLE
    except ContractError as error:
        print(f"hypers-check: broken contract: {error}", file=sys.stderr)
        return UNUSABLE
    except KeyboardInterrupt:
        print("hypers-check: interrupted", file=sys.stderr)
        return INTERRUPTED


def _check(url: str, options: argparse.Namespace) -> int:
    credentials = Credentials(
        options.client_id, options.client_secret, options.username, options.password
    )
    target = Target(url, credentials)
    plan = Plan(options.seed, options.max_examples, options.only)
    with closing(Caller(target)) as caller:
        run = Run(target, caller, plan)
        conduct(run, Report(sys.stdout))
    if run.gone:
        raise run.gone
    return VIOLATED if run.violations else HOLDS


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hypers-check",
        description="Check a server against the contract: every operation, and chains of them. "
        "It creates, changes and deletes on the server.",
        epilog=f"Every option has an environment twin, {PREFIX}TARGET for --target and so on; "
        "the command line wins. Exit code: 0 the contract holds, 1 it does not, 2 not checked.",
    )

    def option(name: str, default: str, text: str, kind: Callable[[str], Any] = str) -> None:
        twin = PREFIX + name.removeprefix("--").replace("-", "_").upper()
        help_text = f"{text} (default {default or 'none'}, {twin})"
        parser.add_argument(name, type=kind, default=os.environ.get(twin, default), help=help_text)

    option("--target", "", "URL of the server; without one, a mock is started and stopped")
    option("--client-id", "demo-client", "who asks for a token")
    option("--client-secret", "demo-secret", "and its secret; better given by environment")
    option("--username", "demo@example.com", "who logs in")
    option("--password", "demo-password", "and the password; better given by environment")
    option("--seed", "1", "what all generated data comes from", _whole)
    option("--max-examples", "15", "fuzzed requests an operation, and chains of them", _whole)
    option("--only", "", "operationIds or tags to check, with commas between; default all", _names)
    return parser


def _whole(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) < 2**31:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to {2**31 - 1}")


def _names(text: str) -> frozenset[str]:
    names = frozenset(name.strip() for name in text.split(",") if name.strip())
    try:
        choose(names)
    except LookupError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return names


@contextmanager
def _terminable() -> Iterator[None]:
    """Make SIGTERM what Ctrl-C is, so that the mock we started ends with us."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _mock() -> Iterator[str]:
    """A mock of our own, its time standing still: its address, for as long as it is needed."""
    with subprocess.Popen(MOCK, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ours
        try:
            for line in process.stdout or ():
                if found := READY.search(line):
                    break
            else:
                raise Unfit("no --target, and the mock did not start")
            yield found.group(0)
        finally:
            process.terminate()


if __name__ == "__main__":
    raise SystemExit(main())
