"""Contract and mock use nothing that only POSIX systems have, except where there is a fallback."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.mock_server.member_files.task_requests import task_body
from tests.mock_server.member_files.writers import xlsxwriter_file
from tests.mock_server.uploads import FILES, MODULE
from tests.processes import start_mock_process
from tests.serving import fetch_token

CHECKOUT = Path(__file__).parents[2]
PACKAGES = ("openapi", "mock_server")
POSIX_MODULES = frozenset(
    ("crypt", "fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty")
)
POSIX_ATTRIBUTES = {
    "os": r"fork\w*|wait\w*|kill\w*|sendfile|mkfifo|nice|get[eu]*[ug]id|set\w*[ug]id|setsid|"
    r"uname|getloadavg|chown|chroot|sysconf|posix_\w+|register_at_fork|sched_\w+|openpty",
    "signal": r"alarm|setitimer|pause|pthread_\w+|sig(wait|pending)\w*|"
    r"SIG(HUP|QUIT|KILL|ALRM|USR[12]|PIPE|CHLD|CONT|STOP|TSTP|XCPU)",
    "socket": r"AF_UNIX|socketpair|SO_REUSEPORT|sethostname",
    "loop": r"add_signal_handler|add_reader|add_writer|connect_read_pipe|\w*unix\w*",
}
"""Attributes of each name that Windows lacks, as a regular expression."""
POSIX_KEYWORDS = frozenset(("preexec_fn", "pass_fds"))
"""Arguments of Popen that are an error on Windows; it ignores `start_new_session`."""
POSIX_PATHS = re.compile(r"/(dev|proc|tmp|etc|usr|var|bin)/")
FALLBACKS = {
    "mock_server/runtime/file_descriptors.py": {"resource"},
    "mock_server/runtime/process_limits.py": {"resource", "os.nice", "signal.alarm", "/proc/"},
}
"""Names that only POSIX has, by the file that uses them where they exist.

The tests of each file prove its fallback.
"""
LIKE_WINDOWS = """
import os, signal, sys
for name in ("fcntl", "grp", "pwd", "resource", "termios", "uvloop"):
    __import__("asyncio.unix_events"), __import__("subprocess"), __import__("shutil")
    sys.modules[name] = None
for name in ("alarm", "pause", "setitimer", "SIGHUP", "SIGALRM", "SIGUSR1"):
    delattr(signal, name)
for name in ("nice", "fork", "getuid", "geteuid", "sendfile", "uname"):
    delattr(os, name)
"""
"""Code that takes away what Windows lacks, except from asyncio and subprocess."""


def posix_parts(text: str) -> Iterator[str]:
    """Yield what a module uses that Windows lacks."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from POSIX_MODULES & {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module in POSIX_MODULES:
            yield node.module
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if re.fullmatch(POSIX_ATTRIBUTES.get(node.value.id, "(?!)"), node.attr):
                yield f"{node.value.id}.{node.attr}"
        elif isinstance(node, ast.keyword) and node.arg in POSIX_KEYWORDS:
            yield node.arg
        elif isinstance(node, ast.Constant) and (path := POSIX_PATHS.match(str(node.value))):
            yield path[0]


def test_contract_and_mock_use_nothing_that_windows_lacks_without_a_fallback() -> None:
    """Modules, functions, signals, arguments of processes and paths are looked for."""
    found = {
        path.relative_to(CHECKOUT).as_posix(): used
        for package in PACKAGES
        for path in sorted((CHECKOUT / package).rglob("*.py"))
        if (used := {*posix_parts(path.read_text(encoding="utf-8"))})
    }
    assert found == FALLBACKS


@pytest.mark.parametrize(
    "line",
    [
        "import fcntl",
        "from resource import getrlimit",
        "os.killpg(1, 2)",
        "signal.signal(signal.SIGHUP, stop)",
        "loop.add_signal_handler(2, stop)",
        "subprocess.Popen(words, preexec_fn=start)",
        "Path('/tmp/file')",
    ],
)
def test_a_use_of_posix_is_found(line: str) -> None:
    """There is a case for each kind of use."""
    assert len([*posix_parts(line)]) == 1


@pytest.mark.whole
def test_the_mock_serves_without_what_windows_lacks() -> None:
    """A token, a page, a task of a CSV file and a workbook; it stops with code 0."""
    with (
        start_mock_process(before=LIKE_WINDOWS) as mock,
        httpx.Client(base_url=mock.address) as ask,
    ):
        ask.headers["Authorization"] = f"Bearer {fetch_token(ask)}"
        assert ask.get("/").status_code == 200
        files = {"a.csv": b"userId\nU1\n", "b.xlsx": xlsxwriter_file([["userId"], ["U2"]])}
        sent = (
            ask.post(FILES, files={"file": (name, content)}, data=MODULE)
            for name, content in files.items()
        )
        ids = [answer.raise_for_status().json()["id"] for answer in sent]
        created = ask.post("/api/v1/notification-tasks", json=task_body(ids)).raise_for_status()
        assert created.json()["totalMembers"] == 2
        assert not mock.stderr_text()


@pytest.mark.whole
def test_the_check_runs_in_one_process_without_what_windows_lacks() -> None:
    """`--workers 1` is the default with a target; several processes are started by "spawn"."""
    run = f"{LIKE_WINDOWS}\nfrom contract_tests.__main__ import main\nraise SystemExit(main())"
    with start_mock_process() as mock:
        words = ("--target", mock.address, "--only", "getGroup", "--max-examples", "2")
        done = subprocess.run(
            [sys.executable, "-c", run, *words, "--workers", "1"],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert (done.returncode, done.stderr) == (0, "")
