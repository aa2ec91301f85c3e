"""What a requirement pulls in, and a virtual environment that has just that."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

NON_MODULE_PARTS = ("__pycache__", "..")
"""First parts of a record's paths that are no module of the distribution: caches, scripts."""


def resolve_requirements(requirements: Iterable[str]) -> dict[str, Distribution]:
    """What pip would install for these requirements here, out of what is installed, by name.

    Extras and environment markers are honoured. Raises PackageNotFoundError for what is missing.
    """
    found: dict[str, Distribution] = {}
    seen: set[tuple[str, str]] = set()
    waiting = [(Requirement(text), "") for text in requirements]
    while waiting:
        requirement, extra = waiting.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        for wanted in ("", *requirement.extras):
            if (name, wanted) in seen:
                continue
            seen.add((name, wanted))
            found[name] = found.get(name) or distribution(name)
            waiting += [(Requirement(text), wanted) for text in found[name].requires or ()]
    return found


@dataclass(frozen=True)
class VirtualEnvironment:
    """A virtual environment in `folder` and a folder to work in that holds nothing."""

    folder: Path
    working_folder: Path

    def command(self, name: str) -> str:
        """The path of one of its commands."""
        return str(self.folder / "bin" / name)

    @property
    def packages(self) -> Path:
        """Where its distributions are."""
        base = str(self.folder)
        return Path(sysconfig.get_path("purelib", "venv", vars={"base": base}))

    @property
    def variables(self) -> dict[str, str]:
        """The environment variables of its processes: none of ours, least of all PYTHONPATH."""
        return {"PATH": f"{self.folder / 'bin'}:/usr/bin:/bin", "HOME": str(self.working_folder)}

    def run(self, name: str, *arguments: str) -> str:
        """What one of its commands prints; raises CalledProcessError when it fails."""
        return subprocess.run(
            [self.command(name), *arguments],
            cwd=self.working_folder,
            env=self.variables,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            timeout=120,
            check=True,
        ).stdout

    @contextmanager
    def running(self, name: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        """One of its commands at work; it has to end quietly, with code 0, when it is asked to."""
        with subprocess.Popen(
            [self.command(name), *arguments],
            cwd=self.working_folder,
            env=self.variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        ) as process:
            try:
                yield process
            finally:
                process.terminate()
                try:
                    rest, _ = process.communicate(timeout=20)
                except subprocess.TimeoutExpired:
                    process.kill()
                    raise
            assert (process.returncode, rest) == (0, "")


def create_environment(folder: Path, distributions: Iterable[Distribution]) -> VirtualEnvironment:
    """An environment with these distributions and not even pip.

    They are linked from where they are installed, module by module, so nothing is downloaded, and
    no `.pth` file of that place (an editable install is one) is ever read.
    """
    environment = VirtualEnvironment(folder / "environment", folder / "elsewhere")
    environment.working_folder.mkdir(parents=True)
    venv.EnvBuilder(symlinks=True).create(environment.folder)
    for installed in distributions:
        for top in {path.parts[0] for path in installed.files or ()}:
            link = environment.packages / top
            if top not in NON_MODULE_PARTS and not link.exists():
                link.symlink_to(Path(str(installed.locate_file(top))))
    return environment


def install_wheel(environment: VirtualEnvironment, wheel: Path, constraints: Path) -> None:
    """Install a wheel as its users do, except that pip may take nothing from anywhere else.

    So what the wheel requires has to be there already, in the versions of `constraints`.
    """
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "--isolated", "--disable-pip-version-check"),
            *("--python", environment.command("python")),
            *("install", "--quiet", "--no-index", "--no-cache-dir"),
            *("--constraint", str(constraints), str(wheel)),
        ],
        cwd=environment.working_folder,
        timeout=120,
        check=True,
    )
