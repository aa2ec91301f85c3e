"""The baseline takes known deviations out of the verdict, each until its day, and no longer."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest

from contract_tests.reporting import Report, names_of, text_of
from contract_tests.results.baseline import (
    Entry,
    apply,
    read_baseline,
    with_baseline,
)
from contract_tests.results.record import Record
from contract_tests.results.violation_kinds import Kind
from contract_tests.runner.finish import Ending
from contract_tests.target.target import Unfit
from tests.contract_tests.reporting.samples import faulty, sound

TODAY = date(2026, 1, 31)
GOOD = """
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


def entry(subject: str, title: str = "", expires: date = TODAY, kind: str = "") -> Entry:
    """An entry of the baseline."""
    return Entry(subject, title, "Li Lei", "known", expires, kind)


SCHEMA = entry("createNotificationTask", "Response violates schema")
RULE = entry("NT-11")
BY_KIND = entry("createNotificationTask", kind="schema")
EVERY = {SCHEMA.subject, "NT-11", "listGroups"}
OLD = date(2026, 1, 30)


def read(text: str, tmp_path: Path) -> list[Entry]:
    """The entries of a file with this text."""
    path = tmp_path / "baseline.yaml"
    path.write_text(text, encoding="utf-8")
    return read_baseline(path)


def test_entries_are_read_with_owner_reason_and_expiry(tmp_path: Path) -> None:
    """A day stays a day, quoted or not; an empty list is a baseline."""
    first, second = read(GOOD, tmp_path)
    assert (first.subject, first.title, first.owner) == (SCHEMA.subject, SCHEMA.title, "Li Lei")
    assert (second.subject, second.title, second.expires) == ("NT-11", "", TODAY)
    assert read(GOOD.replace("2026-01-31", "'2026-01-31'"), tmp_path)[1] == second
    assert read("[]", tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("  owner: Li Lei\n", "", "entry 1: createNotificationTask lacks owner"),
        ("  reason: Repaired in release 7.\n", "", "entry 1: createNotificationTask lacks reason"),
        ("  expires: 2026-03-31\n", "", "entry 1: createNotificationTask lacks expires"),
        (
            "  title: Response violates schema\n",
            "",
            "lacks title, what is wrong with the operation",
        ),
        ("owner: Li Lei", "owner: ' '", "entry 1: owner is not a text"),
        ("owner: Li Lei", "owner: 7", "entry 1: owner is not a text"),
        ("owner: Li Lei", "owners: Li Lei", "entry 1: nobody reads 'owners'; there are expires"),
        (
            "  title: Response violates schema\n",
            "  kind: schemas\n",
            "entry 1: createNotificationTask: there is no kind schemas",
        ),
        (
            "  owner: Li Lei\n",
            "  owner: Li Lei\n  kind: schema\n",
            "entry 1: createNotificationTask has both title and kind",
        ),
        ("2026-03-31", "2026-02-31", "expires is 2026-02-31, not a day as yyyy-MM-dd"),
        ("2026-03-31", "20260331x", "expires is 20260331x, not a day as yyyy-MM-dd"),
        ("2026-03-31", "'20260331'", "expires is 20260331, not a day as yyyy-MM-dd"),
        (
            "operation: createNotificationTask",
            "operation: make",
            "the contract has no operation make",
        ),
        ("rule: NT-11", "rule: NT-99", "entry 2: the contract has no rule NT-99"),
        ("rule: NT-11", "operation: NT-11", "the contract has no operation NT-11"),
        ("rule: NT-11", "rule: NT-11\n  operation: getFile", "entry 2: it names both"),
        ("- rule: NT-11\n  owner", "- owner", "entry 2: it names neither operation nor rule"),
        (
            GOOD,
            GOOD + GOOD,
            "entry 3: createNotificationTask: Response violates schema is there twice",
        ),
        ("  owner: Li Lei\n", "  owner: Li Lei\n  owner: me\n", "the key 'owner' is there twice"),
        (GOOD, "entries: []", "it is not a list of entries"),
        (GOOD, "- NT-11", "entry 1: it has no members"),
        (GOOD, "", "it is not a list of entries"),
        (GOOD, "- [", "baseline"),
    ],
)
def test_an_entry_that_lacks_something_is_one_clear_line(
    old: str, new: str, reason: str, tmp_path: Path
) -> None:
    """Nothing is guessed: a slip in the file would hide a deviation, or none."""
    assert old in GOOD
    with pytest.raises(Unfit) as refused:
        read(GOOD.replace(old, new), tmp_path)
    assert reason in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    """Named once."""
    with pytest.raises(Unfit) as refused:
        read_baseline(tmp_path / "none.yaml")
    assert str(refused.value).count("none.yaml") == 1
    assert "No such file" in str(refused.value)


@pytest.mark.parametrize(
    ("entries", "remaining", "expired", "healed"),
    [
        ([], {SCHEMA.subject, "NT-11", "listGroups"}, [], []),
        ([SCHEMA], {"NT-11", "listGroups"}, [], []),
        ([SCHEMA, RULE], {"listGroups"}, [], []),
        ([entry("NT-11", "Rule violated")], {SCHEMA.subject, "listGroups"}, [], []),
        ([entry("NT-11", kind="rule-not-kept")], {SCHEMA.subject, "listGroups"}, [], []),
        ([BY_KIND], {"NT-11", "listGroups"}, [], []),
        ([entry("NT-11", kind="schema")], EVERY, [], ["NT-11"]),
        ([entry("NT-11", "Another title")], {SCHEMA.subject, "NT-11", "listGroups"}, [], ["NT-11"]),
        ([entry("NT-11", expires=OLD)], {SCHEMA.subject, "NT-11", "listGroups"}, ["NT-11"], []),
        ([entry("NT-12")], {SCHEMA.subject, "NT-11", "listGroups"}, [], ["NT-12"]),
        ([entry("NT-12", expires=OLD)], {SCHEMA.subject, "NT-11", "listGroups"}, [], ["NT-12"]),
        ([entry("AU-04")], {SCHEMA.subject, "NT-11", "listGroups"}, [], []),
        ([entry("AU-04", expires=OLD)], {SCHEMA.subject, "NT-11", "listGroups"}, ["AU-04"], []),
        ([entry("getFile", "x")], {SCHEMA.subject, "NT-11", "listGroups"}, [], ["getFile"]),
        (
            [entry("listMemberDailyReports", "x")],
            {SCHEMA.subject, "NT-11", "listGroups"},
            [],
            [],
        ),
    ],
)
def test_what_a_baseline_makes_of_a_run(
    entries: list[Entry], remaining: set[str], expired: list[str], healed: list[str]
) -> None:
    """An entry holds through its last day; who was not looked at cannot have been repaired."""
    applied = apply(faulty(), entries, TODAY, names_of)
    assert {violation.operation for violation in applied.remaining} == remaining
    assert [each.subject for each in applied.expired] == expired
    assert [each.subject for each in applied.healed] == healed
    taken = {violation.operation for violation, _ in applied.known}
    assert taken | remaining == {SCHEMA.subject, "NT-11", "listGroups"}


def test_expired_and_healed_entries_are_violations() -> None:
    """They name the entry and its owner, and so does the report."""
    record = with_baseline(faulty(), [entry("NT-11", expires=OLD), entry("NT-12")], TODAY, names_of)
    found = {(each.operation, each.kind): text_of(each) for each in record.violations}
    assert ("NT-11", Kind.RULE_NOT_KEPT) in found
    assert "Li Lei, until 2026-01-30" in found["NT-11", Kind.BASELINE_EXPIRED]
    assert "Li Lei" in found["NT-12", Kind.BASELINE_HEALED]


def test_a_known_deviation_is_set_apart_with_its_entry() -> None:
    """And a record with one that is not known any more has it as a violation again."""
    record = with_baseline(faulty(), [SCHEMA], TODAY, names_of)
    assert [known.violation.operation for known in record.known] == [SCHEMA.subject]
    assert (record.known[0].owner, record.known[0].expires) == ("Li Lei", "2026-01-31")
    again = with_baseline(record, [], TODAY, names_of)
    assert {each.operation for each in again.violations} >= {SCHEMA.subject, "listGroups", "NT-11"}
    assert again.known == []


def test_a_title_of_an_earlier_version_still_names_its_violation() -> None:
    """A file of known deviations outlives the words of a report."""
    record = faulty()
    record.violations, record.known = [record.known[0].violation], []
    for title in ("Undocumented HTTP status code", "Undocumented status code"):
        assert with_baseline(record, [entry("listGroups", title)], TODAY, names_of).known


def test_a_baseline_with_an_old_title_is_told_the_current_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """In a note at the end of the run, which changes nothing of the verdict."""
    old, new = entry("NT-11", "The rule is not kept"), entry("NT-12", "Rule violated")
    Ending([old, new], None, TODAY).close(sound(), Report(sys.stdout))
    notes = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Note: ")]
    assert notes == [
        'Note: baseline entry NT-11: The rule is not kept: the title is now "Rule violated"'
    ]


@pytest.mark.parametrize("spoil", ["shard", "ended"])
def test_a_part_of_a_run_complains_of_no_entry_that_does_not_fail(spoil: str) -> None:
    """What was not seen by one shard, another may have seen."""
    record: Record = sound()
    if spoil == "shard":
        record.shard = (1, 2)
    else:
        record.ended = "interrupted"
    assert with_baseline(record, [RULE], TODAY, names_of).violations == []
    whole = with_baseline(sound(), [RULE], TODAY, names_of)
    assert whole.violations[0].kind is Kind.BASELINE_HEALED
