"""A known violation is excluded from the verdict until its last day."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest

from contract_tests.reporting import TerminalReport, all_titles_of, message_text
from contract_tests.results.baseline import (
    BaselineEntry,
    apply_baseline,
    match_baseline,
    read_baseline,
)
from contract_tests.results.record import RunRecord
from contract_tests.results.violation_kinds import ViolationKind
from contract_tests.runner.run_reporter import RunReporter
from contract_tests.target.target import CannotCheckError
from tests.contract_tests.reporting.samples import faulty_record, sound_record

TODAY = date(2026, 1, 31)
VALID_BASELINE = """
- operation: createNotificationTask
  title: Response violates schema
  owner: Li Lei
  reason: Repaired in release 7.
  expires: 2026-03-31
- rule: NT-11
  owner: Han Meimei
  reason: The provider answers 200.
  expires: 2026-01-31
"""


def baseline_entry(
    subject: str, title: str = "", expires: date = TODAY, kind: str = ""
) -> BaselineEntry:
    """An entry of the baseline."""
    return BaselineEntry(subject, title, "Li Lei", "known", expires, kind)


SCHEMA_ENTRY = baseline_entry("createNotificationTask", "Response violates schema")
RULE_ENTRY = baseline_entry("NT-11")
KIND_ENTRY = baseline_entry("createNotificationTask", kind="schema")
ALL_SUBJECTS = {SCHEMA_ENTRY.subject, "NT-11", "listGroups"}
YESTERDAY = date(2026, 1, 30)


def read_entries(text: str, tmp_path: Path) -> list[BaselineEntry]:
    """The entries of a file with this text."""
    path = tmp_path / "baseline.yaml"
    path.write_text(text, encoding="utf-8")
    return read_baseline(path)


def test_entries_are_read_with_owner_reason_and_expiry(tmp_path: Path) -> None:
    """A date may be quoted; an empty list is a valid baseline."""
    first, second = read_entries(VALID_BASELINE, tmp_path)
    assert (first.subject, first.title, first.owner) == (
        SCHEMA_ENTRY.subject,
        SCHEMA_ENTRY.title,
        "Li Lei",
    )
    assert (second.subject, second.title, second.expires) == ("NT-11", "", TODAY)
    assert read_entries(VALID_BASELINE.replace("2026-01-31", "'2026-01-31'"), tmp_path)[1] == second
    assert read_entries("[]", tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("  owner: Li Lei\n", "", "entry 1: createNotificationTask: owner is missing"),
        (
            "  reason: Repaired in release 7.\n",
            "",
            "entry 1: createNotificationTask: reason is missing",
        ),
        ("  expires: 2026-03-31\n", "", "entry 1: createNotificationTask: expires is missing"),
        (
            "  title: Response violates schema\n",
            "",
            "title or kind is missing",
        ),
        ("owner: Li Lei", "owner: ' '", "entry 1: owner must be a non-empty string"),
        ("owner: Li Lei", "owner: 7", "entry 1: owner must be a non-empty string"),
        (
            "owner: Li Lei",
            "owners: Li Lei",
            "entry 1: unknown member 'owners'; expected: expires",
        ),
        (
            "  title: Response violates schema\n",
            "  kind: schemas\n",
            "entry 1: createNotificationTask: unknown kind schemas",
        ),
        (
            "  owner: Li Lei\n",
            "  owner: Li Lei\n  kind: schema\n",
            "entry 1: createNotificationTask: give title or kind, not both",
        ),
        ("2026-03-31", "2026-02-31", "expires must be a date such as 2026-12-31, not 2026-02-31"),
        ("2026-03-31", "20260331x", "expires must be a date such as 2026-12-31, not 20260331x"),
        ("2026-03-31", "'20260331'", "expires must be a date such as 2026-12-31, not 20260331"),
        (
            "operation: createNotificationTask",
            "operation: make",
            "the contract has no operation make",
        ),
        ("rule: NT-11", "rule: NT-99", "entry 2: the contract has no rule NT-99"),
        ("rule: NT-11", "operation: NT-11", "the contract has no operation NT-11"),
        (
            "rule: NT-11",
            "rule: NT-11\n  operation: getFile",
            "entry 2: it names both operation and rule",
        ),
        ("- rule: NT-11\n  owner", "- owner", "entry 2: it names neither operation nor rule"),
        (
            VALID_BASELINE,
            VALID_BASELINE + VALID_BASELINE,
            "entry 3: duplicate entry createNotificationTask: Response violates schema",
        ),
        ("  owner: Li Lei\n", "  owner: Li Lei\n  owner: me\n", "duplicate key 'owner'"),
        (VALID_BASELINE, "entries: []", "it is not a list of entries"),
        (VALID_BASELINE, "- NT-11", "entry 1: it is not a mapping"),
        (VALID_BASELINE, "", "it is not a list of entries"),
        (VALID_BASELINE, "- [", "baseline"),
    ],
)
def test_an_entry_that_lacks_something_is_one_clear_line(
    old: str, new: str, reason: str, tmp_path: Path
) -> None:
    """A mistake in the file is an error, as it could hide a violation."""
    assert old in VALID_BASELINE
    with pytest.raises(CannotCheckError) as refused:
        read_entries(VALID_BASELINE.replace(old, new), tmp_path)
    assert reason in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    """The file is named once."""
    with pytest.raises(CannotCheckError) as refused:
        read_baseline(tmp_path / "none.yaml")
    assert str(refused.value).count("none.yaml") == 1
    assert "No such file" in str(refused.value)


@pytest.mark.parametrize(
    ("entries", "remaining", "expired", "healed"),
    [
        ([], {SCHEMA_ENTRY.subject, "NT-11", "listGroups"}, [], []),
        ([SCHEMA_ENTRY], {"NT-11", "listGroups"}, [], []),
        ([SCHEMA_ENTRY, RULE_ENTRY], {"listGroups"}, [], []),
        ([baseline_entry("NT-11", "Rule violated")], {SCHEMA_ENTRY.subject, "listGroups"}, [], []),
        (
            [baseline_entry("NT-11", kind="rule-not-kept")],
            {SCHEMA_ENTRY.subject, "listGroups"},
            [],
            [],
        ),
        ([KIND_ENTRY], {"NT-11", "listGroups"}, [], []),
        ([baseline_entry("NT-11", kind="schema")], ALL_SUBJECTS, [], ["NT-11"]),
        (
            [baseline_entry("NT-11", "Another title")],
            {SCHEMA_ENTRY.subject, "NT-11", "listGroups"},
            [],
            ["NT-11"],
        ),
        (
            [baseline_entry("NT-11", expires=YESTERDAY)],
            {SCHEMA_ENTRY.subject, "NT-11", "listGroups"},
            ["NT-11"],
            [],
        ),
        ([baseline_entry("NT-12")], {SCHEMA_ENTRY.subject, "NT-11", "listGroups"}, [], ["NT-12"]),
        (
            [baseline_entry("NT-12", expires=YESTERDAY)],
            {SCHEMA_ENTRY.subject, "NT-11", "listGroups"},
            [],
            ["NT-12"],
        ),
        ([baseline_entry("AU-04")], {SCHEMA_ENTRY.subject, "NT-11", "listGroups"}, [], []),
        (
            [baseline_entry("AU-04", expires=YESTERDAY)],
            {SCHEMA_ENTRY.subject, "NT-11", "listGroups"},
            ["AU-04"],
            [],
        ),
        (
            [baseline_entry("getFile", "x")],
            {SCHEMA_ENTRY.subject, "NT-11", "listGroups"},
            [],
            ["getFile"],
        ),
        (
            [baseline_entry("listMemberDailyReports", "x")],
            {SCHEMA_ENTRY.subject, "NT-11", "listGroups"},
            [],
            [],
        ),
    ],
)
def test_what_a_baseline_makes_of_a_run(
    entries: list[BaselineEntry], remaining: set[str], expired: list[str], healed: list[str]
) -> None:
    """An entry applies through its last day; an unchecked subject does not count as repaired."""
    applied = match_baseline(faulty_record(), entries, TODAY, all_titles_of)
    assert {violation.operation for violation in applied.remaining} == remaining
    assert [each.subject for each in applied.expired] == expired
    assert [each.subject for each in applied.healed] == healed
    taken = {violation.operation for violation, _ in applied.known}
    assert taken | remaining == {SCHEMA_ENTRY.subject, "NT-11", "listGroups"}


def test_expired_and_healed_entries_are_violations() -> None:
    """These violations name the entry and its owner."""
    record = apply_baseline(
        faulty_record(),
        [baseline_entry("NT-11", expires=YESTERDAY), baseline_entry("NT-12")],
        TODAY,
        all_titles_of,
    )
    found = {(each.operation, each.kind): message_text(each) for each in record.violations}
    assert ("NT-11", ViolationKind.RULE_NOT_KEPT) in found
    assert "Li Lei, until 2026-01-30" in found["NT-11", ViolationKind.BASELINE_EXPIRED]
    assert "Li Lei" in found["NT-12", ViolationKind.BASELINE_HEALED]


def test_a_known_deviation_is_set_apart_with_its_entry() -> None:
    """A record without that entry has the violation again."""
    record = apply_baseline(faulty_record(), [SCHEMA_ENTRY], TODAY, all_titles_of)
    assert [known.violation.operation for known in record.known] == [SCHEMA_ENTRY.subject]
    assert (record.known[0].owner, record.known[0].expires) == ("Li Lei", "2026-01-31")
    again = apply_baseline(record, [], TODAY, all_titles_of)
    assert {each.operation for each in again.violations} >= {
        SCHEMA_ENTRY.subject,
        "listGroups",
        "NT-11",
    }
    assert again.known == []


def test_a_title_of_an_earlier_version_still_names_its_violation() -> None:
    """Baselines survive changes of titles."""
    record = faulty_record()
    record.violations, record.known = [record.known[0].violation], []
    for title in ("Undocumented HTTP status code", "Undocumented status code"):
        assert apply_baseline(
            record, [baseline_entry("listGroups", title)], TODAY, all_titles_of
        ).known


def test_a_baseline_with_an_old_title_is_told_the_current_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A note at the end of the run names the current title; the verdict is unchanged."""
    old, new = (
        baseline_entry("NT-11", "The rule is not kept"),
        baseline_entry("NT-12", "Rule violated"),
    )
    RunReporter([old, new], None, TODAY).report_run(sound_record(), TerminalReport(sys.stdout))
    notes = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Note: ")]
    assert notes == [
        'Note: baseline entry NT-11: The rule is not kept: the title is now "Rule violated"'
    ]


@pytest.mark.parametrize("spoil", ["shard", "ended"])
def test_a_part_of_a_run_complains_of_no_entry_that_does_not_fail(spoil: str) -> None:
    """Another shard may have seen what this one did not."""
    record: RunRecord = sound_record()
    if spoil == "shard":
        record.shard = (1, 2)
    else:
        record.ended = "interrupted"
    assert apply_baseline(record, [RULE_ENTRY], TODAY, all_titles_of).violations == []
    whole = apply_baseline(sound_record(), [RULE_ENTRY], TODAY, all_titles_of)
    assert whole.violations[0].kind is ViolationKind.BASELINE_HEALED
