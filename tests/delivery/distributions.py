"""Installed distributions that a requirement needs, and virtual environments with just these."""

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

CHECKOUT = Path(__file__).parents[2]
NON_MODULE_PARTS = ("__pycache__", "..")
"""First path components in RECORD that are not modules: caches, scripts."""


def resolve_requirements(requirements: Iterable[str], extra: str = "") -> dict[str, Distribution]:
    """Return what pip would install for these requirements, out of the installed distributions.

    The result is by name. Extras and environment markers are applied; `extra` is that of the
    requirements themselves. Raises PackageNotFoundError if a distribution is missing.
    """
    found: dict[str, Distribution] = {}
    seen: set[tuple[str, str]] = set()
    waiting = [(Requirement(text), chosen) for text in requirements for chosen in {"", extra}]
    while waiting:
        requirement, chosen = waiting.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": chosen}):
            continue
        name = canonicalize_name(requirement.name)
        for wanted in ("", *requirement.extras):
            if (name, wanted) in seen:
                continue
            seen.add((name, wanted))
            found[name] = found.get(name) or distribution(name)
            waiting += [(Requirement(text), wanted) for text in found[name].requires or ()]
    return found


def build_wheel(folder: Path, *options: str) -> Path:
    """Build this checkout with the installed backend; return the one wheel that it creates."""
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), *options]
    subprocess.run([*command, str(CHECKOUT)], capture_output=True, timeout=120, check=True)
    [wheel] = folder.glob("*.whl")
    return wheel


@dataclass(frozen=True)
class VirtualEnvironment:
    """A virtual environment in `folder`, with an empty working directory."""

    folder: Path
    working_folder: Path

    def command(self, name: str) -> str:
        """Return the path of one of its commands."""
        return str(self.folder / "bin" / name)

    @property
    def packages(self) -> Path:
        """Directory of its distributions."""
        base = str(self.folder)
        return Path(sysconfig.get_path("purelib", "venv", vars={"base": base}))

    @property
    def variables(self) -> dict[str, str]:
        """Environment variables of its processes, without ours and without PYTHONPATH."""
        return {"PATH": f"{self.folder / 'bin'}:/usr/bin:/bin", "HOME": str(self.working_folder)}

    def run(self, name: str, *arguments: str) -> str:
        """Return the output of one of its commands. Raises CalledProcessError if it fails."""
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
        """Run one of its commands; at the end it has to stop silently with code 0."""
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
    """Create an environment with these distributions only, without pip.

    Their modules are linked from where they are installed, so nothing is downloaded, and no `.pth`
    file of that place, such as that of an editable install, has any effect.
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


def install_wheel(
    environment: VirtualEnvironment, wheel: Path, constraints: Path, extra: str = ""
) -> None:
    """Install a wheel as users do, but offline; `extra` is one of its extras.

    Its requirements must be installed already, in the versions of `constraints`.
    """
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "--isolated", "--disable-pip-version-check"),
            *("--python", environment.command("python")),
            *("install", "--quiet", "--no-index", "--no-cache-dir"),
            *("--constraint", str(constraints), f"{wheel}[{extra}]" if extra else str(wheel)),
        ],
        cwd=environment.working_folder,
        timeout=120,
        check=True,
    )
