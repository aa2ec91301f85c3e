"""Values derived from a record: the verdict and the number of each outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Literal, get_args

from contract_tests.results.check_scope import is_nothing_checked
from contract_tests.results.record import OperationOutcome, RuleOutcome, RunRecord

RunVerdict = Literal[
    "holds", "does not hold", "not checked to the end", "one shard", "nothing checked"
]
VERDICT_SENTENCES: dict[RunVerdict, str] = {
    "holds": "The contract holds",
    "does not hold": "The contract does not hold",
    "not checked to the end": "Not checked to the end",
    "nothing checked": "Nothing was checked",
    "one shard": "No violation in this shard",
}


def verdict_of(record: RunRecord) -> RunVerdict:
    """Return the verdict of a run.

    A shard without violations gives no verdict of its own, nor does a run that checked nothing.
    """
    # Before `ended`: one violation is enough for a verdict, however little was checked.
    if record.violations:
        return "does not hold"
    if record.ended:
        return "not checked to the end"
    if is_nothing_checked(record):
        return "nothing checked"
    return "one shard" if record.shard[1] > 1 else "holds"


def count_outcomes(record: RunRecord) -> dict[str, dict[str, int]]:
    """Return how many operations and rules have each outcome, without zeros."""
    return {
        "operations": _count_in_order(
            (each.outcome for each in record.operations), get_args(OperationOutcome)
        ),
        "rules": _count_in_order((each.outcome for each in record.rules), get_args(RuleOutcome)),
    }


def group_by_reason(
    found: Iterable[tuple[str, str, str]],
) -> list[tuple[tuple[str, str], list[str]]]:
    """Return the names grouped by outcome and reason."""
    groups: dict[tuple[str, str], list[str]] = {}
    for name, outcome, reason in found:
        groups.setdefault((outcome, reason), []).append(name)
    return list(groups.items())


def _count_in_order(outcomes: Iterable[str], order: tuple[str, ...]) -> dict[str, int]:
    found = Counter(outcomes)
    # In the order of the type, so that reports of two runs can be compared by eye.
    return {outcome: found[outcome] for outcome in order if found[outcome]}
