"""Start of `hypers-mock` and `hypers-check`, and failed starts."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from openapi import argument_parser
from tests.mock_server.test_cli import COMMAND, becomes_true, start_mock, startup_error

pytestmark = pytest.mark.whole

MOCK_PACKAGE, CHECK_PACKAGE = "mock_server", "contract_tests"
for_both_commands = pytest.mark.parametrize("module", [MOCK_PACKAGE, CHECK_PACKAGE])
FULL_DEVICE = Path("/dev/full")
# The device that is always full; elsewhere a disk would have to be filled.
requires_full_device = pytest.mark.skipif(
    not FULL_DEVICE.exists(), reason="there is no /dev/full here"
)


def run_command(module: str, *arguments: str, before: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command in a process that ends by itself, after the code `before`."""
    code = f"{before}\nfrom {module}.__main__ import main\nraise SystemExit(main({arguments!r}))"
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )


def code_for_import(of: str, code: str) -> str:
    """Return code that runs other code when a module is first imported."""
    return f"""
import importlib.abc, os, signal, sys
class Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == {of!r}:
            {code}
sys.meta_path.insert(0, Finder())
"""


@for_both_commands
def test_the_version_is_told(module: str) -> None:
    """`--version` prints name and version in one line, with exit code 0."""
    done = run_command(module, "--version")
    name = {MOCK_PACKAGE: "hypers-mock", CHECK_PACKAGE: "hypers-check"}[module]
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{name} 0.1.0\n", "")


def test_code_that_is_no_installed_package_has_a_version_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A checkout without metadata has a version that says so, and no traceback."""
    monkeypatch.setattr(argument_parser, "PACKAGE", "hypers-contract-that-is-not-installed")
    assert argument_parser.project_version() == "0+unknown"


@requires_full_device
@for_both_commands
@pytest.mark.parametrize("argument", ["--help", "--version"])
def test_a_full_disk_is_one_line_and_exit_code_2(module: str, argument: str) -> None:
    """There is no traceback, not even when Python exits."""
    with FULL_DEVICE.open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", module, argument],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "cannot write to standard output: No space left on device" in done.stderr


@requires_full_device
def test_a_greeting_that_cannot_be_written_ends_the_mock() -> None:
    """Nobody could know its address. An error that cannot be written is still exit code 2."""
    with FULL_DEVICE.open("w") as full:
        start = [*COMMAND, "--port", "0"]
        done = subprocess.run(
            start, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False
        )
        assert done.returncode == 2
        reason = "cannot write to standard output: No space left on device"
        assert done.stderr == f"hypers-mock: {reason}\n"
        start = [*COMMAND, "--port", "x"]
        mute = subprocess.run(start, stderr=full, stdout=subprocess.PIPE, timeout=60, check=False)
        assert (mute.returncode, mute.stdout) == (2, b"")


def test_without_standard_streams_the_mock_serves_all_the_same(tmp_path: Path) -> None:
    """A service may lack them; sockets must not get their numbers. Ctrl-C exits with 0."""
    ready = tmp_path / "address"
    with subprocess.Popen(
        [*COMMAND, "--port", "0", "--ready-file", str(ready)],
        preexec_fn=lambda: os.closerange(0, 3),  # noqa: PLW1509 - no threads are needed there
    ) as process:
        try:
            assert becomes_true(ready.exists)
            address = ready.read_text(encoding="utf-8").strip()
            assert httpx.get(f"{address}/openapi.json").status_code == 200
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(10) == 0


@pytest.mark.parametrize("way", ["SIGINT", "SIGTERM"])
@pytest.mark.parametrize(
    ("module", "imported", "code"),
    [
        (MOCK_PACKAGE, "uvicorn", 0),
        (MOCK_PACKAGE, "mock_server.seed", 0),
        (CHECK_PACKAGE, "contract_tests.options", 130),
        (CHECK_PACKAGE, "schemathesis", 130),
    ],
)
def test_an_interruption_while_it_is_imported_is_quiet(
    way: str, module: str, imported: str, code: int
) -> None:
    """The exit code is that of a later one, without a traceback; imports take most of the start."""
    done = run_command(
        module, before=code_for_import(imported, f"os.kill(os.getpid(), signal.{way})")
    )
    assert (done.returncode, done.stdout, done.stderr) == (code, "", "")


@pytest.mark.parametrize("way", ["SIGINT", "SIGTERM"])
def test_an_interruption_while_the_mock_is_made_is_quiet(way: str) -> None:
    """Ctrl-C between the imports and the first request."""
    before = f"""
import os, signal, mock_server.app
def create(settings): os.kill(os.getpid(), signal.{way})
mock_server.app.create_app = create
"""
    done = run_command(MOCK_PACKAGE, "--port", "0", before=before)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@for_both_commands
@pytest.mark.parametrize(
    ("missing", "package"), [("jsonschema_rs", "jsonschema-rs"), ("yaml", "pyyaml")]
)
def test_a_package_that_is_missing_is_named(module: str, missing: str, package: str) -> None:
    """The line has the name that pip uses; exit code 2."""
    raising = f"raise ModuleNotFoundError('No module named ' + repr(name), name={missing!r})"
    done = run_command(module, "--port", "0", before=code_for_import(missing, raising))
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert f"the Python package {package} is not installed" in done.stderr


def test_a_check_without_its_extra_names_extra_and_command() -> None:
    """It is one line, also for `--help`; exit code 2. Nothing is installed by a guessed name."""
    raising = "raise ModuleNotFoundError('No module named ' + repr(name), name=name)"
    done = run_command(CHECK_PACKAGE, "--help", before=code_for_import("schemathesis", raising))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "hypers-check: hypers-contract is installed without its extra 'check' (no module"
        " schemathesis); in the clone, run: python -m pip install '.[check]'\n"
    )


def test_an_error_nobody_expected_is_one_line_and_debugging_shows_where() -> None:
    """The exit code is 2; `--log-level debug` adds the traceback."""
    before = """
import mock_server.app
def create(settings): raise KeyError("two\\nlines")
mock_server.app.create_app = create
"""
    done = run_command(MOCK_PACKAGE, "--port", "0", before=before)
    assert done.returncode == 2
    assert done.stderr == "hypers-mock: KeyError: 'two\\nlines' (--log-level debug shows where)\n"
    done = run_command(MOCK_PACKAGE, "--port", "0", "--log-level", "debug", before=before)
    assert done.returncode == 2
    assert "Traceback" in done.stderr
    assert "in create" in done.stderr


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "No such file"),
        (b"\xff", "UTF-8"),
        (b"[1", "line 2"),
        (b"a: 1", "openapi"),
        (b"", "hypers-mock: "),
    ],
)
def test_a_contract_that_is_none_is_one_line(
    tmp_path: Path, content: bytes | None, reason: str
) -> None:
    """A missing file, and one that is not UTF-8, not YAML, not OpenAPI, or empty."""
    file = tmp_path / "contract.yaml"
    if content is not None:
        file.write_bytes(content)
    line = startup_error("--port", "0", "--contract", str(file))
    assert line.startswith("hypers-mock: ")
    assert reason in line


def test_a_port_in_use_is_said_once_with_a_way_out() -> None:
    """The line has the port and suggests `--port 0`."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = startup_error("--port", str(port))
        assert line == (
            f"hypers-mock: cannot listen on 127.0.0.1:{port}: the port is in use; "
            "choose another one, or --port 0 for a free one"
        )


def test_the_ready_file_has_the_address_while_the_mock_serves(tmp_path: Path) -> None:
    """It exists from ready to exit; a file of an earlier mock is removed."""
    ready = tmp_path / "address"
    ready.write_text("http://127.0.0.1:1\n", encoding="utf-8")
    with start_mock("--port", "0", HYPERS_MOCK_READY_FILE=str(ready)) as (address, _):
        assert becomes_true(ready.exists)
        assert ready.read_text(encoding="utf-8") == f"{address}\n"
    assert [*tmp_path.iterdir()] == []


def test_a_ready_file_of_another_mock_stays(tmp_path: Path) -> None:
    """Only the mock that wrote it last removes it."""
    ready = tmp_path / "address"
    with start_mock("--port", "0", "--ready-file", str(ready)):
        assert becomes_true(ready.exists)
        ready.write_text("http://127.0.0.1:1\n", encoding="utf-8")
    assert ready.exists()


def test_a_start_that_fails_leaves_no_ready_file(tmp_path: Path) -> None:
    """An old file would be mistaken for this start; a path that cannot be written is an error."""
    ready = tmp_path / "address"
    ready.write_text("http://127.0.0.1:1\n", encoding="utf-8")
    startup_error(
        "--contract", str(tmp_path / "none.yaml"), "--port", "0", "--ready-file", str(ready)
    )
    assert not ready.exists()
    line = startup_error("--port", "0", "--ready-file", str(tmp_path / "no" / "folder"))
    assert "cannot write --ready-file" in line
    line = startup_error("--port", "0", "--ready-file", str(tmp_path))
    assert "not a file" in line
