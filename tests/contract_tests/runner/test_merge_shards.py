"""Four merged shards have the same result as the whole run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from contract_tests.reporting.violation_messages import leftover_text
from contract_tests.results.record import Leftover, RunRecord
from contract_tests.results.violation_groups import group_by_cause
from contract_tests.runner.merge import merge_shards
from contract_tests.runner.merge_command import read_report_record
from tests.contract_tests.checks.test_custom_checks import GROUP
from tests.contract_tests.faulty_server import MockExchange, run_faulty_mock
from tests.contract_tests.run_check import QUICK, SAMPLE_RULE, run_check

RULES_SELECTION = f"getGroup,GR-01,{SAMPLE_RULE},AU-04"
"""Of four shards, the second and third have no operation; one rule advances the clock."""
LINKED_SELECTION = f"getGroup,deleteGroup,GR-01,{SAMPLE_RULE}"
"""Two operations with a link, for the first shard and, in chains, the last."""


def no_fault(_answer: MockExchange) -> None:
    """No fault."""


def nameless_created_group(answer: MockExchange) -> None:
    """A group without its name, and with an undocumented status: operations and rules differ."""
    if answer.status == 200:
        answer.status = 201
        answer.json = {key: value for key, value in answer.json.items() if key != "name"}


def verdict_without_counts(record: RunRecord) -> dict[str, object]:
    """All of what was found that is no number."""
    return {
        "operations": [(each.name, each.outcome, each.reason) for each in record.operations],
        "rules": [(each.rule, each.outcome, each.probes) for each in record.rules],
        "violations": {each.key for each in record.violations},
        "causes": {
            (each.operations, each.rules, each.example.kind)
            for each in group_by_cause(sorted(record.violations, key=lambda one: one.key))
        },
        "excused": record.excused,
        "links": sorted(link for link, times in record.links.items() if times),
        "ended": record.ended,
    }


@pytest.mark.whole
@pytest.mark.parametrize(
    ("fault", "only", "code"),
    [(no_fault, RULES_SELECTION, 0), (nameless_created_group, LINKED_SELECTION, 1)],
)
def test_merged_shards_equal_the_whole_run(
    fault: Callable[[MockExchange], None], only: str, code: int, tmp_path: Path
) -> None:
    """Outcomes, violations, excuses and exit code are the same."""
    with run_faulty_mock("GET", GROUP, fault) as address:
        given = ("--target", address, "--only", only, *QUICK)
        whole = run_check(*given, "--report", str(tmp_path / "whole"))
        parts = [str(tmp_path / str(number)) for number in range(1, 5)]
        for number, part in enumerate(parts, 1):
            shard = run_check(*given, "--shard", f"{number}/4", "--report", part)
            is_empty = "NOTHING WAS CHECKED [shard" in shard.out
            assert shard.code == 2 if is_empty else shard.code in (0, code), shard.out
    merged = run_check("merge", *parts, "--report", str(tmp_path / "merged"))
    assert (whole.code, merged.code) == (code, code), whole.out + merged.out
    found = verdict_without_counts(read_report_record(tmp_path / "merged"))
    assert found == verdict_without_counts(read_report_record(tmp_path / "whole"))
    assert bool(found["violations"]) == bool(code)


def test_a_shard_without_a_test_runs_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of one rule, only some of four shards have a probe; the others collect no tests."""
    (tmp_path / "test_of_somebody.py").write_text("raise SystemError\n")
    monkeypatch.chdir(tmp_path)
    with run_faulty_mock("GET", GROUP, no_fault) as address:
        outcome = run_check("--target", address, "--only", "GR-01", "--shard", "3/4")
    assert outcome.code == 2, outcome.out + outcome.err
    assert outcome.err.endswith("GR-01 (shard 3 of 4 contains none of them)\n")


def test_what_shards_leave_is_told_by_kind() -> None:
    """There is one number for each kind, and one entry for each record that was not removed."""
    group = Leftover(operation="createGroup", id="7", reason="deleteGroup answered 500")
    first, second = (
        RunRecord("http://127.0.0.1:1", "full", "curated", 1, 1, shard=(number, 2), left=left)
        for number, left in (
            (1, [Leftover("scene", 3), group]),
            (2, [Leftover("scene"), Leftover("file")]),
        )
    )
    left = merge_shards([first, second]).left
    assert left == [Leftover("file"), Leftover("scene", 4), group]
    assert [leftover_text(each) for each in left] == [
        "1 file",
        "4 scenes",
        'createGroup 7 "": deleteGroup answered 500',
    ]
