"""Options of `hypers-check --har`, and recordings without a verdict."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract_tests.run_check import run_check
from tests.contract_tests.workflows.recorded.recording_checks import check
from tests.contract_tests.workflows.recorded.recordings import (
    GROUPS,
    Recording,
    hand_made_entry,
)


@pytest.mark.parametrize(
    ("arguments", "option"),
    [
        (("--target", "http://127.0.0.1:1"), "--target"),
        (("--profile", "safe"), "--profile"),
        (("--workers", "2"), "--workers"),
        (("--shard", "1/2"), "--shard"),
        (("--fail-fast",), "--fail-fast"),
        (("--password", "x"), "--password"),
        (("--allow-writes", "example.com"), "--allow-writes"),
    ],
)
def test_options_for_requests_are_refused(
    tmp_path: Path, arguments: tuple[str, ...], option: str
) -> None:
    """By name, with exit code 2, before anything is read."""
    done = run_check("--har", str(tmp_path / "none.har"), *arguments)
    assert (done.code, done.out) == (2, "")
    assert f"{option} cannot be combined with --har" in done.err


def test_a_recording_without_the_api_is_no_verdict(tmp_path: Path) -> None:
    """Exit code 2, with what was in it."""
    done = check(Recording([hand_made_entry(url="https://example.com/")]), tmp_path)
    assert done.code == 2
    assert "no entry is an answered request to an operation of the contract (1 not to" in done.err
    done = check(Recording(), tmp_path)
    assert (done.code, "there are no entries" in done.err) == (2, True)
    done = check(Recording([hand_made_entry(status=0)]), tmp_path)
    assert (done.code, "(1 unanswered)" in done.err) == (2, True)


def test_an_unreadable_recording_is_no_verdict(tmp_path: Path) -> None:
    """Exit code 2, with the place of the mistake."""
    entry = hand_made_entry()
    del entry["request"]["method"]
    done = check(Recording([entry]), tmp_path)
    assert done.code == 2
    assert "traffic.har: entry 0: /log/entries/0/request/method is missing" in done.err


def test_the_base_url_can_be_given(visit: Recording, tmp_path: Path) -> None:
    """Requests to other servers with the same paths are then left out."""
    recording = visit.copy()
    recording.entries.append(hand_made_entry(url=f"https://other.example.com{GROUPS}", body=[]))
    assert check(recording, tmp_path).code == 1
    base = recording.entries[1]["request"]["url"].partition("/api/")[0]
    assert check(recording, tmp_path, "--har-base", base).code == 0
    assert check(recording, tmp_path, "--har-base", "https://x.example.com").code == 2
