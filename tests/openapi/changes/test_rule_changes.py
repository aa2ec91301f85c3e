"""Rules and open questions are part of the contract."""

from __future__ import annotations

from typing import Any

import pytest

from openapi.changes.contract_changes import compare_contracts

JsonObject = dict[str, Any]
PATHS = {f"/{name}": {"get": {"operationId": name}} for name in ("a", "b")}
REFUSAL = {"kind": "refusal", "zh": "最多 5 个。", "en": "At most 5.", "operations": ["a"]}
PROMISE = {**REFUSAL, "kind": "promise"}
OPEN = {"default": "x", "answers": ["x", "y"]}


def readers_broken(old: JsonObject, new: JsonObject) -> tuple[set[str], set[str]]:
    """Return which readers are broken by a change, and the operations that it is listed with."""
    found = compare_contracts({"paths": PATHS, **old}, {"paths": PATHS, **new})
    assert found
    return (
        {reader for change in found for reader in change.breaks},
        {name for change in found for name in change.operations},
    )


@pytest.mark.parametrize(
    ("old", "new", "breaks", "operations"),
    [
        ({}, {"R-1": REFUSAL}, {"client", "server"}, {"a"}),
        ({}, {"R-1": PROMISE}, {"server"}, {"a"}),
        ({"R-1": REFUSAL}, {}, set(), {"a"}),
        ({"R-1": PROMISE}, {}, {"client"}, {"a"}),
        ({"R-1": REFUSAL}, {"R-1": PROMISE}, {"client", "server"}, {"a"}),
        ({"R-1": REFUSAL}, {"R-1": {**REFUSAL, "en": "No more than 5."}}, set(), {"a"}),
        ({"R-1": REFUSAL}, {"R-1": {**REFUSAL, "zh": "最多 4 个。"}}, {"client", "server"}, {"a"}),
        (
            {"R-1": REFUSAL},
            {"R-1": {**REFUSAL, "operations": ["a", "b"]}},
            {"client", "server"},
            {"b"},
        ),
        (
            {"R-1": PROMISE},
            {"R-1": {**PROMISE, "operations": ["b"]}},
            {"client", "server"},
            {"a", "b"},
        ),
        (
            {"R-1": REFUSAL},
            {"R-1": {**REFUSAL, "en": "Five at most.", "zh": "最多 4 个。"}},
            {"client", "server"},
            {"a"},
        ),
        ({"R-1": REFUSAL}, {"R-1": {**REFUSAL, "source": ["L1"]}}, set(), set()),
    ],
)
def test_a_changed_rule_breaks_those_whom_it_concerns(
    old: JsonObject, new: JsonObject, breaks: set[str], operations: set[str]
) -> None:
    """A refusal restricts requests, a promise responses; other numbers are another rule."""
    assert readers_broken({"x-rules": old}, {"x-rules": new}) == (breaks, operations)


@pytest.mark.parametrize(
    ("old", "new", "breaks"),
    [
        ({}, {"q": OPEN}, set()),
        ({"q": OPEN}, {}, {"server"}),
        ({"q": OPEN}, {"q": {**OPEN, "default": "y"}}, {"client", "server"}),
        ({"q": OPEN}, {"q": {**OPEN, "answers": ["x", "y", "z"]}}, set()),
        ({"q": OPEN}, {"q": {**OPEN, "answers": ["x"]}}, {"server"}),
    ],
)
def test_a_changed_question_breaks_those_whom_it_concerns(
    old: JsonObject, new: JsonObject, breaks: set[str]
) -> None:
    """The default is what the contract assumes; an answer that is excluded breaks its servers."""
    assert readers_broken({"x-questions": old}, {"x-questions": new}) == (breaks, set())


def test_rules_of_an_added_operation_are_not_listed() -> None:
    """An operation that nobody has called yet comes with its rules."""
    rules = {"R-1": REFUSAL}
    grown = {"R-1": {**REFUSAL, "operations": ["a", "c"]}}
    (change,) = compare_contracts(
        {"paths": PATHS, "x-rules": rules},
        {"paths": {**PATHS, "/c": {"get": {"operationId": "c"}}}, "x-rules": grown},
    )
    assert (change.sentence, change.breaks) == ("the operation is added", frozenset())
