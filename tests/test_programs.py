"""Programs that tests need: found by several names; when missing, a skip, or a failure in CI."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import programs
from tests.programs import PROGRAMS, needed

ROOT = Path(__file__).parents[1]
QUICK = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
"""Plugins of the project's own are not needed here and take seconds to import."""
SUITE = """
import pytest
from tests import programs
from tests.programs import needed

programs.SYSTEM = ()

@pytest.fixture(scope="module")
def browser():
    return needed("chromium")

@pytest.mark.parametrize("page", range(3))
def test_page(browser, page): ...
def test_command(): needed("curl")
def test_printed_command(): needed("curl")
def test_without_programs(): ...
"""


def program(folder: Path, name: str) -> str:
    """Put an empty program into a folder; returns its path."""
    file = folder / name
    file.write_text("#!/bin/sh\n")
    file.chmod(0o755)
    return str(file)


def only(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for programs in this folder alone; one that is not found fails the test."""
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(programs, "SYSTEM", ())
    monkeypatch.setenv("CI", "true")


@pytest.mark.parametrize("name", ["chromium", "chromium-browser", "google-chrome"])
def test_a_browser_is_found_under_each_of_its_names(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Debian, Ubuntu and Google call it differently."""
    monkeypatch.delenv("CHROME_PATH", raising=False)
    only(tmp_path, monkeypatch)
    wanted = program(tmp_path, name)
    assert needed("chromium") == wanted


def test_a_variable_names_a_browser_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CHROME_PATH goes before what PATH has; a path that leads nowhere is passed over."""
    (elsewhere := tmp_path / "elsewhere").mkdir()
    usual, wanted = program(tmp_path, "chromium"), program(elsewhere, "chrome")
    only(tmp_path, monkeypatch)
    monkeypatch.setenv("CHROME_PATH", wanted)
    assert needed("chromium") == wanted
    monkeypatch.setenv("CHROME_PATH", str(elsewhere / "gone"))
    assert needed("chromium") == usual


def run(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run pytest, in two processes as `make test` does, over tests whose programs are missing."""
    (folder / "test_missing.py").write_text(SUITE)
    kept = {name: value for name, value in os.environ.items() if name not in ("CI", "CHROME_PATH")}
    words = ("pytest", "-ra", "-p", "xdist", "-n", "2", "-p", "no:cacheprovider")
    return subprocess.run(
        [sys.executable, "-m", *words, f"--rootdir={folder}", str(folder)],
        env={**kept, **QUICK, "PATH": str(folder), "PYTHONPATH": str(ROOT), **environment},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_each_missing_program_is_one_line_of_the_summary(tmp_path: Path) -> None:
    """How many tests were skipped, and the package to install; the run passes."""
    done = run(tmp_path)
    assert done.returncode == 0, done.stdout
    skipped = [line for line in done.stdout.splitlines() if line.startswith("SKIPPED")]
    told = sorted(re.sub(r"SKIPPED \[(\d)\] .+?: ", r"\1 ", line) for line in skipped)
    assert told == [
        "2 curl is missing: install the Debian package curl",
        "3 chromium is missing: install the Debian package chromium or set CHROME_PATH to its path",
    ]
    assert "1 passed, 5 skipped" in done.stdout


def test_a_missing_program_fails_its_tests_in_continuous_integration(tmp_path: Path) -> None:
    """`CI=true`, as GitHub and GitLab set it: nothing is skipped unnoticed."""
    done = run(tmp_path, CI="true")
    assert done.returncode == 1, done.stdout
    assert "1 passed" in done.stdout
    assert "SKIPPED" not in done.stdout
    assert "install the Debian package chromium" in done.stdout


def test_continuous_integration_installs_every_program() -> None:
    """Each package is in the list that `.ci/run` installs; bash is on every Debian."""
    text = (ROOT / ".ci/debian-packages.txt").read_text(encoding="utf-8")
    listed = {line.partition("#")[0].strip() for line in text.splitlines()}
    assert {known.package for known in PROGRAMS.values()} - listed == {"bash"}
