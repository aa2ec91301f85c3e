"""`make diff`: what it prints, and its exit codes."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from openapi.changes import __main__ as command
from openapi.changes import snapshot
from openapi.loader import ContractError
from tests.openapi.changes.breaking_changes import BREAKING
from tests.openapi.changes.harmless_changes import HARMLESS
from tests.openapi.changes.seeded_changes import SeededChange

CopyContract = Callable[[], dict[str, Any]]
ADDITION = next(seeded for seeded in HARMLESS if seeded.level == "minor")
TEXT = next(seeded for seeded in HARMLESS if seeded.level == "patch")


@pytest.fixture
def run_diff(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, copy_contract: CopyContract
) -> Callable[..., int]:
    """Return a function that compares a changed contract with a release; it has its own files."""
    file = tmp_path / "released" / "contract.json"
    monkeypatch.setattr(snapshot, "RELEASED_FILE", file)
    changelog = tmp_path / "CHANGELOG.md"
    monkeypatch.setattr(command, "CHANGELOGS", (changelog,))

    def run(seeded: SeededChange | None, version: str, *arguments: str) -> int:
        if not file.exists():
            base = copy_contract()
            base["info"]["version"] = "1.0.0"
            snapshot.write_released(base)
        new = copy_contract()
        new["info"]["version"] = version
        if seeded:
            seeded.make(new)
        changelog.write_text(f"# Changelog\n\n## [{version}] - 2026-11-30\n", encoding="utf-8")
        monkeypatch.setattr(command, "working_tree", lambda: new)
        return command.main(arguments)

    return run


@pytest.mark.parametrize(
    ("seeded", "version", "code", "message"),
    [
        (None, "1.0.0", 0, "Nothing has changed.\nThe version 1.0.0 fits."),
        (BREAKING[0], "1.0.0", 1, "at least 2.0.0: a change breaks readers of 1.0.0."),
        (BREAKING[0], "1.1.0", 1, "at least 2.0.0: a change breaks readers of 1.0.0."),
        (BREAKING[0], "2.0.0", 0, "The version 2.0.0 fits."),
        (ADDITION, "1.0.1", 1, "at least 1.1.0: something was added since 1.0.0."),
        (ADDITION, "1.1.0", 0, "The version 1.1.0 fits."),
        (TEXT, "1.0.0", 1, "at least 1.0.1: texts changed since 1.0.0."),
        (TEXT, "1.0.1", 0, "The version 1.0.1 fits."),
    ],
)
def test_the_exit_code_says_whether_the_version_fits(
    seeded: SeededChange | None,
    version: str,
    code: int,
    message: str,
    run_diff: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """0 if it fits and 1 if not, with a version that would fit."""
    assert run_diff(seeded, version) == code
    assert message in capsys.readouterr().out


def test_a_change_is_printed_with_reader_operation_and_pointer(
    run_diff: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    """The report is grouped by the readers that a change breaks."""
    run_diff(BREAKING[0], "1.0.0")
    assert (
        "Breaks clients and servers (1):\n"
        "  createNotificationTask, request body: the field scheduledEndTime becomes required\n"
        "    /components/schemas/NotificationTaskInput/required\n"
    ) in capsys.readouterr().out


def test_a_version_without_an_entry_in_the_changelog_is_refused(
    run_diff: Callable[..., int], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Readers find there what is new."""
    other = tmp_path / "CHANGELOG.zh.md"
    other.write_text("# 变更记录\n\n## [1.0.0] - 2026-11-30\n", encoding="utf-8")
    monkeypatch.setattr(command, "CHANGELOGS", (other,))
    assert run_diff(ADDITION, "1.1.0") == 1
    assert run_diff(None, "1.0.0") == 0


def test_a_release_becomes_the_base_if_its_version_fits(run_diff: Callable[..., int]) -> None:
    """Afterwards nothing has changed; a version that does not fit releases nothing."""
    assert run_diff(ADDITION, "1.0.0", "--release") == 1
    assert json.loads(snapshot.RELEASED_FILE.read_text("utf-8"))["info"]["version"] == "1.0.0"
    assert run_diff(ADDITION, "1.1.0", "--release") == 0
    assert json.loads(snapshot.RELEASED_FILE.read_text("utf-8"))["info"]["version"] == "1.1.0"
    assert run_diff(ADDITION, "1.1.0") == 0


def test_the_first_release_needs_no_other(
    run_diff: Callable[..., int], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Any version fits, if the changelog has it."""
    run_diff(None, "1.0.0")
    file = tmp_path / "released" / "contract.json"
    file.unlink()
    monkeypatch.setattr(command, "CHANGELOGS", (tmp_path / "CHANGELOG.md",))
    assert command.main(["--release"]) == 0
    assert json.loads(file.read_text("utf-8"))["info"]["version"] == "1.0.0"
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n", encoding="utf-8")
    file.unlink()
    assert command.main(["--release"]) == 1
    assert not file.exists()


@pytest.mark.parametrize("ref", ["no-such-ref", "--upload-pack=x", ""])
def test_an_unknown_ref_is_one_line_and_exit_code_2(
    ref: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also one that looks like an option of git."""
    assert command.main([f"--base={ref}"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert "git has no commit" in printed.err


def test_a_missing_release_is_one_line_and_exit_code_2(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The message names the file."""
    monkeypatch.setattr(snapshot, "RELEASED_FILE", tmp_path / "released" / "contract.json")
    assert command.main([]) == 2
    assert "released/contract.json: there is no released contract" in capsys.readouterr().err


def test_a_version_of_another_form_is_one_line_and_exit_code_2(
    run_diff: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing can be said about a version that has no order."""
    assert run_diff(None, "next") == 2
    assert "/info/version" in capsys.readouterr().err


def test_a_broken_release_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A file that is not JSON raises ContractError."""
    file = tmp_path / "contract.json"
    file.write_text("{", encoding="utf-8")
    monkeypatch.setattr(snapshot, "RELEASED_FILE", file)
    with pytest.raises(ContractError, match="this is not JSON"):
        snapshot.released()


@pytest.mark.whole
def test_the_contract_at_a_git_ref_is_bundled_by_the_code_at_that_ref(tmp_path: Path) -> None:
    """The last commit has the same operations; a repository without history is no ref."""
    head = snapshot.at_ref("HEAD")
    assert {*head["paths"]} >= {"/oauth/token", "/api/v1/file"}
    assert head["x-questions"]["empty-names"]["default"] == "refused"
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    with pytest.raises(snapshot.UnknownRefError):
        snapshot.at_ref("HEAD~100000")
