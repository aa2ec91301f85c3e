"""The place of a run: folders of the clients, installed tools, and commands."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
SOURCES = REPOSITORY / ".ci" / "generators"
"""Files written by hand: pinned tools, settings of generators, and the flows."""
DOCUMENTS = ("auth", "business")
"""The documents for clients, one for each server."""


class StepError(Exception):
    """A step of a client failed; the text has the command's output."""


@dataclass(frozen=True)
class Workplace:
    """A folder for one run, with a folder for each client; and the environment with the tools."""

    folder: Path
    venv: Path = Path(sys.prefix)

    @property
    def node_modules(self) -> Path:
        """The pinned node packages."""
        return self.venv / "generators-node" / "node_modules"

    @property
    def python_tools(self) -> Path:
        """The programs of the pinned Python packages."""
        return self.venv / "generators" / "bin"

    def client_folder(self, name: str) -> Path:
        """Return the folder of a client, which is made if need be."""
        folder = self.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def document(self, name: str) -> Path:
        """Return the path of a document for clients."""
        return self.folder / "documents" / f"{name}.json"

    def node(self, program: str, *arguments: str) -> list[str]:
        """Return the command that runs a program of a pinned node package."""
        return [str(self.venv / "bin" / "node"), str(self.node_modules / program), *arguments]

    def run(
        self, command: list[str], folder: Path, environment: Mapping[str, str] | None = None
    ) -> str:
        """Run a command and return its standard output; raises StepError if it fails."""
        path = os.pathsep.join((str(self.python_tools), str(self.venv / "bin"), os.environ["PATH"]))
        try:
            done = subprocess.run(
                command,
                cwd=folder,
                env={**os.environ, "PATH": path, **(environment or {})},
                capture_output=True,
                encoding="utf-8",
                timeout=300,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise StepError(f"{command[0]} did not end in {error.timeout:.0f} s") from error
        if done.returncode:
            raise StepError(
                f"{' '.join(command)[:200]}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
            )
        return done.stdout
