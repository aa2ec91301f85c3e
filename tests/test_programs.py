"""Programs that tests need: found by several names; when missing, a skip, or a failure in CI."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import programs
from tests.programs import PROGRAMS, require_program

ROOT = Path(__file__).parents[1]
NO_PLUGINS = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
"""Plugins of the project's own are not needed here and take seconds to import."""
TEST_MODULE = """
import pytest
from tests import programs
from tests.programs import require_program

programs.SYSTEM_FOLDERS = ()

@pytest.fixture(scope="module")
def browser():
    return require_program("chromium")

@pytest.mark.parametrize("page", range(3))
def test_page(browser, page): ...
def test_command(): require_program("curl")
def test_printed_command(): require_program("curl")
def test_without_programs(): ...
"""


def create_program(folder: Path, name: str) -> str:
    """Put an empty program into a folder; returns its path."""
    file = folder / name
    file.write_text("#!/bin/sh\n")
    file.chmod(0o755)
    return str(file)


def search_only(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for programs in this folder alone; one that is not found fails the test."""
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(programs, "SYSTEM_FOLDERS", ())
    monkeypatch.setenv("CI", "true")


@pytest.mark.parametrize("name", ["chromium", "chromium-browser", "google-chrome"])
def test_a_browser_is_found_under_each_of_its_names(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Debian, Ubuntu and Google call it differently."""
    monkeypatch.delenv("CHROME_PATH", raising=False)
    search_only(tmp_path, monkeypatch)
    wanted = create_program(tmp_path, name)
    assert require_program("chromium") == wanted


def test_a_variable_names_a_browser_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CHROME_PATH goes before what PATH has; a path that leads nowhere is passed over."""
    (elsewhere := tmp_path / "elsewhere").mkdir()
    usual, wanted = create_program(tmp_path, "chromium"), create_program(elsewhere, "chrome")
    search_only(tmp_path, monkeypatch)
    monkeypatch.setenv("CHROME_PATH", wanted)
    assert require_program("chromium") == wanted
    monkeypatch.setenv("CHROME_PATH", str(elsewhere / "gone"))
    assert require_program("chromium") == usual


def run_pytest(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run pytest, in two processes as `make test` does, over tests whose programs are missing."""
    (folder / "test_missing.py").write_text(TEST_MODULE)
    kept = {name: value for name, value in os.environ.items() if name not in ("CI", "CHROME_PATH")}
    words = ("pytest", "-ra", "-p", "xdist", "-n", "2", "-p", "no:cacheprovider")
    return subprocess.run(
        [sys.executable, "-m", *words, f"--rootdir={folder}", str(folder)],
        env={**kept, **NO_PLUGINS, "PATH": str(folder), "PYTHONPATH": str(ROOT), **environment},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.whole
def test_each_missing_program_is_one_line_of_the_summary(tmp_path: Path) -> None:
    """The line has the number of skipped tests and the package to install; the run passes."""
    done = run_pytest(tmp_path)
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
    done = run_pytest(tmp_path, CI="true")
    assert done.returncode == 1, done.stdout
    assert "1 passed" in done.stdout
    assert "SKIPPED" not in done.stdout
    assert "install the Debian package chromium" in done.stdout


def test_continuous_integration_installs_every_program() -> None:
    """Each package is in the list that `.ci/run` installs; bash is on every Debian."""
    text = (ROOT / ".ci/debian-packages.txt").read_text(encoding="utf-8")
    listed = {line.partition("#")[0].strip() for line in text.splitlines()}
    assert {known.package for known in PROGRAMS.values()} - listed == {"bash"}
