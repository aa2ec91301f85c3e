"""Four shards of a run, judged together, come to what the whole run comes to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from contract_tests.reporting.violation_messages import remainder
from contract_tests.results.record import Record, Remainder
from contract_tests.results.violation_groups import causes_of
from contract_tests.runner import merge
from contract_tests.runner.merge import read_record
from tests.contract_tests.checks.test_custom_checks import GROUP
from tests.contract_tests.faulty_server import Exchange, spoiled
from tests.contract_tests.run_check import QUICK, RULE, check

RULES = f"getGroup,GR-01,{RULE},AU-04"
"""Of four shards the second and the third have no operation; one of the rules moves the time."""
LINKED = f"getGroup,deleteGroup,GR-01,{RULE}"
"""Two operations with a link between them, for the first shard and, in chains, the last."""


def sound(_answer: Exchange) -> None:
    """No fault."""


def renamed(answer: Exchange) -> None:
    """A group without its name, and with an undocumented status: operations and rules differ."""
    if answer.status == 200:
        answer.status = 201
        answer.json = {key: value for key, value in answer.json.items() if key != "name"}


def verdict(record: Record) -> dict[str, object]:
    """All of what was found that is no number."""
    return {
        "operations": [(each.name, each.outcome, each.reason) for each in record.operations],
        "rules": [(each.rule, each.outcome, each.probes) for each in record.rules],
        "violations": {each.key for each in record.violations},
        "causes": {
            (each.operations, each.rules, each.example.kind)
            for each in causes_of(sorted(record.violations, key=lambda one: one.key))
        },
        "excused": record.excused,
        "links": sorted(link for link, times in record.links.items() if times),
        "ended": record.ended,
    }


@pytest.mark.parametrize(("fault", "only", "code"), [(sound, RULES, 0), (renamed, LINKED, 1)])
def test_merged_shards_equal_the_whole_run(
    fault: Callable[[Exchange], None], only: str, code: int, tmp_path: Path
) -> None:
    """The same outcomes, violations and excuses, and the same exit code."""
    with spoiled("GET", GROUP, fault) as address:
        given = ("--target", address, "--only", only, *QUICK)
        whole = check(*given, "--report", str(tmp_path / "whole"))
        parts = [str(tmp_path / str(number)) for number in range(1, 5)]
        for number, part in enumerate(parts, 1):
            shard = check(*given, "--shard", f"{number}/4", "--report", part)
            is_empty = "NOTHING WAS CHECKED [shard" in shard.out
            assert shard.code == 2 if is_empty else shard.code in (0, code), shard.out
    merged = check("merge", *parts, "--report", str(tmp_path / "merged"))
    assert (whole.code, merged.code) == (code, code), whole.out + merged.out
    found = verdict(read_record(tmp_path / "merged"))
    assert found == verdict(read_record(tmp_path / "whole"))
    assert bool(found["violations"]) == bool(code)


def test_a_shard_without_a_test_runs_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of one rule four shards have one; the others look for no tests where the user is."""
    (tmp_path / "test_of_somebody.py").write_text("raise SystemError\n")
    monkeypatch.chdir(tmp_path)
    with spoiled("GET", GROUP, sound) as address:
        outcome = check("--target", address, "--only", "GR-01", "--shard", "3/4")
    assert outcome.code == 2, outcome.out + outcome.err
    assert outcome.err.endswith("GR-01 (shard 3 of 4 contains none of them)\n")


def test_what_shards_leave_is_told_by_kind() -> None:
    """One number a kind, as a whole run tells it; what could not be taken back, one by one."""
    group = Remainder(operation="createGroup", id="7", reason="deleteGroup answered 500")
    left = merge._left([Remainder("scene", 3), group, Remainder("scene"), Remainder("file")])
    assert left == [Remainder("file"), Remainder("scene", 4), group]
    assert [remainder(each) for each in left] == [
        "1 file",
        "4 scenes",
        'createGroup 7 "": deleteGroup answered 500',
    ]
