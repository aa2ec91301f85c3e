"""Somebody who reads a document from the top and runs each of its commands as it stands.

Differences from a person: the mock is on a free port instead of 4010, nothing is installed, what
would take minutes is only looked up in the Makefile, and a server is checked that nobody runs.
"""

from __future__ import annotations

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.docs.markdown import ROOT, Example
from tests.programs import needed

ADDRESS = "http://127.0.0.1:4010"
"""Where a document says that the mock is."""
URL = re.compile(r"https?://[^\s'\"/]+")
STARTED = re.compile(r"ready at (http://127\.0\.0\.1:[0-9]+)")
ASSIGNMENT = re.compile(r"([A-Z_]+)=\$\(")
PYTHON = ".venv/bin/python"
VENV = os.path.relpath(sys.prefix, ROOT)
"""Where make finds what runs this: relative, since make takes a path with a space for two."""


class Uncovered(AssertionError):
    """A document has a command that nothing here runs."""


class Reader:
    """Runs commands; keeps the mock and the variables that earlier ones have left."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        """`folder` is where commands run; `stack` ends the mocks."""
        self._folder = folder
        self._stack = stack
        self._mock = stack.enter_context(ExitStack())
        self._address = ""
        self._environment = _environment()

    def run(self, example: Example) -> str:
        """What a command prints; raises Uncovered, or AssertionError when it fails."""
        hosts = {url for url in URL.findall(example.command) if url != ADDRESS}
        assert not hosts, f"{example.where} sends something to {hosts}"
        for pattern, work in KINDS:
            if pattern.match(example.command):
                return work(self, example.command).replace(self._address or ADDRESS, ADDRESS)
        raise Uncovered(f"{example.where}: {example.command}")

    def _serve(self, command: str) -> str:
        """`make mock`: restarted on a free port; the command that it prints must work."""
        self._mock.close()
        words = [*_make(command), "--port 0"]
        arguments = " ".join(word.removeprefix("ARGS=") for word in words[1:])
        make = [needed("make"), f"VENV={VENV}", "-o", f"{VENV}/.mock", words[0]]
        greeting = self._mock.enter_context(_process([*make, f"ARGS={arguments}"]))
        started = STARTED.search(greeting)
        assert started, greeting
        self._address = started[1]
        printed = greeting[greeting.index("curl ") :]
        assert '"access_token"' in self._shell(printed)
        return greeting

    def _ask(self, command: str) -> str:
        """A conversation with the mock that the document has started."""
        assert self._address, f"no `make mock` comes before {command}"
        script = command.replace(ADDRESS, self._address)
        assigned = ASSIGNMENT.match(command)
        if assigned is None:
            return self._shell(script)
        value = self._shell(f'{script}\nprintf %s "${assigned[1]}"')
        assert re.fullmatch(r"\S+", value), f"{assigned[1]} is {value!r}"
        self._environment[assigned[1]] = value
        return ""

    def _make(self, command: str) -> str:
        """A target that takes no time: run as it stands."""
        made = [f"VENV={VENV}", "-o", f"{VENV}/.mock"]
        return self._program([needed("make"), *made, *_make(command)], ROOT)

    def _look_up(self, command: str) -> str:
        """A target that takes long, or would run these proofs again: it exists."""
        self._program([needed("make"), "-n", *_make(command)], ROOT)
        return ""

    def _check(self, command: str) -> str:
        """A check of a server that nobody runs: no answer, exit code 2."""
        _, *arguments = _make(command)
        words = shlex.split(" ".join(arguments).removeprefix("ARGS="))
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))
            address = f"http://127.0.0.1:{nobody.getsockname()[1]}"
            words = [address if word == ADDRESS else word for word in words]
            done = self._done([sys.executable, "-m", "contract_tests", *words], ROOT)
        assert done.returncode == 2, done
        assert f"{address} cannot be reached" in done.stderr
        return ""

    def _check_mock(self, command: str) -> str:
        """A check of the mock that it starts: it runs, and the contract holds."""
        _, *arguments = _make(command)
        words = shlex.split(" ".join(arguments).removeprefix("ARGS="))
        return self._program([sys.executable, "-m", "contract_tests", *words], ROOT)

    def _install(self, command: str) -> str:
        """An installation by pip or pipx: only whether it would work, without doing it."""
        words = shlex.split(command)[2:]
        pip = [sys.executable, "-m", "pip", "install", "--dry-run", "--no-deps"]
        self._program([*pip, "--no-index", "--no-build-isolation", "--quiet", *words], ROOT)
        return ""

    def _environment_of(self, command: str) -> str:
        """A new virtual environment; without pip, which takes long."""
        name = shlex.split(command)[-1].replace("~", str(self._folder))
        self._program([sys.executable, "-m", "venv", "--without-pip", name], self._folder)
        return ""

    def _types(self, command: str) -> str:
        """Types of the mock that is running, by the generator that make installs."""
        generator, *words = shlex.split(command.replace(ADDRESS, self._address))[1:]
        program = Path(sys.prefix) / "node/node_modules" / generator / "bin/cli.js"
        self._program([str(Path(sys.prefix) / "bin/node"), str(program), *words], self._folder)
        return ""

    def _test(self, command: str) -> str:
        """Proofs of somebody else: the file is there."""
        *_, file = shlex.split(command)
        assert (ROOT / file).is_file(), file
        return ""

    def _python(self, command: str) -> str:
        """A module, with the Python that runs this."""
        words = shlex.split(command)[1:]
        self._program([sys.executable, *words], ROOT)
        return ""

    def _shell(self, script: str) -> str:
        needed("curl")
        return self._program([needed("bash"), "-euo", "pipefail", "-c", script], self._folder)

    def _program(self, words: list[str], folder: Path) -> str:
        done = self._done(words, folder)
        assert done.returncode == 0, f"{words}\n{done.stdout}{done.stderr}"
        return done.stdout

    def _done(self, words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            words,
            capture_output=True,
            text=True,
            timeout=60,
            cwd=folder,
            env=self._environment,
            check=False,
        )


KINDS: tuple[tuple[re.Pattern[str], Callable[[Reader, str], str]], ...] = (
    (re.compile(r"make mock\b"), Reader._serve),
    (re.compile(r"make (help|docs)\b"), Reader._make),
    (re.compile(r"make contract ARGS=\S*--target"), Reader._check),
    (re.compile(r"make contract ARGS=\S*--only"), Reader._check_mock),
    (re.compile(r"(pipx|\S+/bin/pip) install (--constraint \S+ )?\.$"), Reader._install),
    (re.compile(r"python3 -m venv ~/[\w-]+$"), Reader._environment_of),
    (re.compile(r"npx openapi-typescript \S+ --output \S+$"), Reader._types),
    (re.compile(r"make (install|test|check|contract|bench|mutants|quirks)\b"), Reader._look_up),
    (re.compile(rf"{PYTHON} -m pytest \S+$"), Reader._test),
    (re.compile(rf"{PYTHON} -m (openapi|pip freeze)\b"), Reader._python),
    (re.compile(rf"(?s)({ASSIGNMENT.pattern}|printf '\w+' \| )?curl .*{ADDRESS}/"), Reader._ask),
)
"""Every kind of command that a document may have, and how it is run."""


def _make(command: str) -> list[str]:
    """Target and variables of a make command."""
    return shlex.split(command, comments=True)[1:]


def _environment() -> dict[str, str]:
    """This process's, without what a surrounding make or a developer's settings would change."""
    ours = ("HYPERS_", "MAKE", "MFLAGS", "ARGS")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "no_proxy": "127.0.0.1"}


@contextmanager
def _process(words: list[str]) -> Iterator[str]:
    """A process that goes on: what it printed until it was ready. Its children end with it."""
    environment: Mapping[str, str] = _environment()
    with subprocess.Popen(
        words,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout
        printed = ""
        try:
            for line in process.stdout:
                printed += line
                if "/oauth/token" in line:
                    break
            yield printed
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.stdout.read()


@contextmanager
def reading(folder: Path) -> Iterator[Reader]:
    """A reader at work in an empty folder."""
    with ExitStack() as stack:
        yield Reader(folder, stack)
