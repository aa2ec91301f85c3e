"""Runner for the commands of a document, from top to bottom, as a reader would run them.

Differences: the mock is on a free port instead of 4010, nothing is installed, targets that take
minutes are only looked up in the Makefile, and the server to check does not exist.
"""

from __future__ import annotations

import json
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

from tests.docs.markdown import ROOT, ShellExample
from tests.programs import require_program

DOCUMENTED_ADDRESS = "http://127.0.0.1:4010"
"""Address of the mock in the documents."""
URL = re.compile(r"https?://[^\s'\"/]+")
READY_LINE = re.compile(r"ready at (http://127\.0\.0\.1:[0-9]+)")
ASSIGNMENT = re.compile(r"([A-Z_]+)=\$\(")
VENV_PYTHON = ".venv/bin/python"
VENV = os.path.relpath(sys.prefix, ROOT)
"""The environment that runs this, as a relative path, since make splits paths at blanks."""


class UnknownCommandError(AssertionError):
    """A document has a command that no function here runs."""


class ExampleRunner:
    """Runner of commands; keeps the mock and the variables of earlier ones."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        """Create a runner; `folder` is the working directory, `stack` ends the mocks."""
        self._folder = folder
        self._stack = stack
        self._mock = stack.enter_context(ExitStack())
        self._address = ""
        self._environment = _clean_environment()

    def use_mock(self, address: str) -> None:
        """Send the requests of the document to a mock that is already running."""
        self._address = address

    def run(self, example: ShellExample) -> str:
        """Return the output of a command.

        Raises UnknownCommandError, or AssertionError if it fails.
        """
        hosts = {url for url in URL.findall(example.command) if url != DOCUMENTED_ADDRESS}
        assert not hosts, f"{example.where} sends something to {hosts}"
        for pattern, work in COMMAND_KINDS:
            if pattern.match(example.command):
                return work(self, example.command).replace(
                    self._address or DOCUMENTED_ADDRESS, DOCUMENTED_ADDRESS
                )
        raise UnknownCommandError(f"{example.where}: {example.command}")

    def _start_mock(self, command: str) -> str:
        """`make mock`: start it on a free port; the command that it prints must work."""
        self._mock.close()
        words = [*_make_arguments(command), "--port 0"]
        arguments = " ".join(word.removeprefix("ARGS=") for word in words[1:])
        make = [require_program("make"), f"VENV={VENV}", "-o", f"{VENV}/.mock", words[0]]
        greeting = self._mock.enter_context(_start_process([*make, f"ARGS={arguments}"]))
        started = READY_LINE.search(greeting)
        assert started, greeting
        self._address = started[1]
        printed = greeting[greeting.index("curl ") :]
        assert '"access_token"' in self._run_shell(printed)
        return greeting

    def _request_mock(self, command: str) -> str:
        """Send requests to the mock that the document has started."""
        assert self._address, f"no `make mock` comes before {command}"
        script = command.replace(DOCUMENTED_ADDRESS, self._address)
        assigned = ASSIGNMENT.match(command)
        if assigned is None:
            return self._run_shell(script)
        value = self._run_shell(f'{script}\nprintf %s "${assigned[1]}"')
        assert re.fullmatch(r"\S+", value), f"{assigned[1]} is {value!r}"
        self._environment[assigned[1]] = value
        return ""

    def _run_make(self, command: str) -> str:
        """Run a quick make target."""
        made = [f"VENV={VENV}", "-o", f"{VENV}/.mock"]
        return self._run_program([require_program("make"), *made, *_make_arguments(command)], ROOT)

    def _dry_run_make(self, command: str) -> str:
        """Check that a make target exists that takes long or would run these tests again."""
        self._run_program([require_program("make"), "-n", *_make_arguments(command)], ROOT)
        return ""

    def _check_unreachable(self, command: str) -> str:
        """Check a server that does not exist: no response, exit code 2."""
        _, *arguments = _make_arguments(command)
        words = shlex.split(" ".join(arguments).removeprefix("ARGS="))
        with socket.socket() as nobody:
            nobody.bind(("127.0.0.1", 0))
            address = f"http://127.0.0.1:{nobody.getsockname()[1]}"
            words = [address if word == DOCUMENTED_ADDRESS else word for word in words]
            done = self._complete([sys.executable, "-m", "contract_tests", *words], ROOT)
        assert done.returncode == 2, done
        assert f"{address} cannot be reached" in done.stderr
        return ""

    def _check_mock(self, command: str) -> str:
        """Run the command, which checks the mock; it must find no violation."""
        _, *arguments = _make_arguments(command)
        words = shlex.split(" ".join(arguments).removeprefix("ARGS="))
        return self._run_program([sys.executable, "-m", "contract_tests", *words], ROOT)

    def _dry_run_install(self, command: str) -> str:
        """Check that an installation by pip or pipx would succeed."""
        words = shlex.split(command)[2:]
        pip = [sys.executable, "-m", "pip", "install", "--dry-run", "--no-deps"]
        self._run_program([*pip, "--no-index", "--no-build-isolation", "--quiet", *words], ROOT)
        return ""

    def _find_command(self, command: str) -> str:
        """Check that the project has a command; tests/delivery/test_runners.py starts it."""
        name = shlex.split(command)[-1]
        assert (Path(sys.prefix) / "bin" / name).is_file(), name
        return ""

    def _create_venv(self, command: str) -> str:
        """Create a virtual environment, without pip to save time."""
        name = shlex.split(command)[-1].replace("~", str(self._folder))
        self._run_program([sys.executable, "-m", "venv", "--without-pip", name], self._folder)
        return ""

    def _generate_types(self, command: str) -> str:
        """Generate types from the running mock, by the generator that make installs."""
        generator, *words = shlex.split(command.replace(DOCUMENTED_ADDRESS, self._address))[1:]
        program = Path(sys.prefix) / "node/node_modules" / generator / "bin/cli.js"
        self._run_program([str(Path(sys.prefix) / "bin/node"), str(program), *words], self._folder)
        return ""

    def _find_npm_script(self, command: str) -> str:
        """Check that the example of a frontend has a script; test_frontend.py runs all of them."""
        name = command.removeprefix("npm ").removeprefix("run ")
        package = json.loads((ROOT / "examples/frontend/package.json").read_text(encoding="utf-8"))
        assert name == "ci" or name in package["scripts"], name
        return ""

    def _find_test_file(self, command: str) -> str:
        """Check that a test file exists."""
        *_, file = shlex.split(command)
        assert (ROOT / file).is_file(), file
        return ""

    def _run_module(self, command: str) -> str:
        """Run a module with this Python."""
        words = shlex.split(command)[1:]
        self._run_program([sys.executable, *words], ROOT)
        return ""

    def _run_python(self, command: str) -> str:
        """Run a module with this Python, in a shell."""
        return self._run_shell(command.replace(VENV_PYTHON, shlex.quote(sys.executable), 1))

    def _run_shell(self, script: str) -> str:
        require_program("curl")
        return self._run_program(
            [require_program("bash"), "-euo", "pipefail", "-c", script], self._folder
        )

    def _run_program(self, words: list[str], folder: Path) -> str:
        done = self._complete(words, folder)
        assert done.returncode == 0, f"{words}\n{done.stdout}{done.stderr}"
        return done.stdout

    def _complete(self, words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            words,
            capture_output=True,
            text=True,
            timeout=60,
            cwd=folder,
            env=self._environment,
            check=False,
        )


COMMAND_KINDS: tuple[tuple[re.Pattern[str], Callable[[ExampleRunner, str], str]], ...] = (
    (re.compile(r"make mock\b"), ExampleRunner._start_mock),
    (re.compile(r"make help\b"), ExampleRunner._run_make),
    (re.compile(r"make contract ARGS=\S*--target"), ExampleRunner._check_unreachable),
    (re.compile(r"make contract ARGS=\S*--only"), ExampleRunner._check_mock),
    (
        re.compile(r"(pipx|\S+/bin/pip) install (--constraint \S+ )?('\.\[\w+\]'|\.)$"),
        ExampleRunner._dry_run_install,
    ),
    (
        re.compile(r"(pipx run --spec|uvx --from) \. hypers-\w+$"),
        ExampleRunner._find_command,
    ),
    (re.compile(r"python3 -m venv ~/[\w-]+$"), ExampleRunner._create_venv),
    (re.compile(r"npx openapi-typescript \S+ --output \S+$"), ExampleRunner._generate_types),
    (
        re.compile(r"make (install|test|check|contract|bench|docs|mutants|quirks|corpus-files)\b"),
        ExampleRunner._dry_run_make,
    ),
    (re.compile(r"npm (ci|test|run [\w:]+)$"), ExampleRunner._find_npm_script),
    (re.compile(rf"{VENV_PYTHON} -m pytest \S+$"), ExampleRunner._find_test_file),
    (re.compile(rf"{VENV_PYTHON} -m (openapi|pip freeze)\b"), ExampleRunner._run_module),
    (re.compile(rf"{VENV_PYTHON} -m mock_server --scenario-schema"), ExampleRunner._run_python),
    (
        re.compile(rf"(?s)({ASSIGNMENT.pattern}|printf '[^'|]*' \| )?curl .*{DOCUMENTED_ADDRESS}/"),
        ExampleRunner._request_mock,
    ),
)
"""All kinds of commands in documents, with the functions that run them."""


def _make_arguments(command: str) -> list[str]:
    """Return target and variables of a make command."""
    return shlex.split(command, comments=True)[1:]


def _clean_environment() -> dict[str, str]:
    """Return the environment without what a surrounding make or a developer has set."""
    ours = ("HYPERS_", "MAKE", "MFLAGS", "ARGS")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "no_proxy": "127.0.0.1"}


@contextmanager
def _start_process(words: list[str]) -> Iterator[str]:
    """Start a process; return its output until it is ready. Its children end with it."""
    environment: Mapping[str, str] = _clean_environment()
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
def open_runner(folder: Path) -> Iterator[ExampleRunner]:
    """Create a runner in an empty directory."""
    with ExitStack() as stack:
        yield ExampleRunner(folder, stack)
