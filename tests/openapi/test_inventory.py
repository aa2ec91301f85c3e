"""The contract has all that the documents state, and marks everything else.

`facts/<tag>.csv` is the inventory of the documents' facts, made line by line, with the columns
line,operation,where,name,facts,decision.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from openapi.contract_loading import ROOT_FILE
from tests.openapi.inventory import (
    ALL_OPERATIONS,
    FACTS_FOLDER,
    ContractElement,
    DocumentFact,
    ElementKey,
    contract_elements,
    load_facts,
)
from tests.openapi.walking import operations_by_id

LINE_REFERENCE = re.compile(r"L([0-9]{1,4})")
LAST_LINE = 2063


@pytest.fixture(scope="module")
def elements_by_key(contract: dict[str, Any]) -> dict[ElementKey, ContractElement]:
    """Return every element of the contract by its key."""
    return contract_elements(contract)


def elements_of_fact(
    fact: DocumentFact, found: dict[ElementKey, ContractElement]
) -> list[ElementKey]:
    """Return the element of a fact, or one of each operation."""
    if fact.operation != ALL_OPERATIONS:
        return [fact.key]
    return [key for key in found if key[1:] == fact.key[1:]]


def test_every_tag_has_its_inventory(contract: dict[str, Any]) -> None:
    """Each tag has a file with facts about its operations only; `*` is in shared.csv."""
    files = {path.stem for path in FACTS_FOLDER.glob("*.csv")}
    assert files == {tag["name"] for tag in contract["tags"]} | {"shared"}
    tags = {name: operation["tags"][0] for name, operation in operations_by_id(contract).items()}
    for path in FACTS_FOLDER.glob("*.csv"):
        for line in path.read_text(encoding="utf-8").splitlines()[1:]:
            operation = line.split(",")[1]
            expected = "shared" if operation == ALL_OPERATIONS else tags[operation]
            assert path.stem == expected, line


def test_every_fact_names_its_line() -> None:
    """A fact without a line could not be verified."""
    decisions = (ROOT_FILE.parent / "DECISIONS.md").read_text(encoding="utf-8")
    for fact in load_facts():
        match = LINE_REFERENCE.fullmatch(fact.line)
        assert match, fact
        assert 1 <= int(match[1]) <= LAST_LINE, fact
        assert not fact.decision or f"### {fact.decision} · " in decisions, fact


def test_no_documented_fact_is_missing(elements_by_key: dict[ElementKey, ContractElement]) -> None:
    """Each fact is in the contract, unless a decision gives the reason."""
    missing = []
    for fact in load_facts():
        keys = elements_of_fact(fact, elements_by_key)
        if fact.decision:
            continue
        for key in keys or [fact.key]:
            element = elements_by_key.get(key)
            lost = sorted(fact.keywords - element.keywords) if element else ["everything"]
            if lost:
                missing.append((fact.line, *key, lost))
    assert not missing


def test_nothing_undocumented_is_unmarked(
    elements_by_key: dict[ElementKey, ContractElement],
) -> None:
    """An element or keyword without a line has `x-inferred`."""
    stated: dict[ElementKey, set[str]] = {}
    for fact in load_facts():
        for key in elements_of_fact(fact, elements_by_key):
            stated.setdefault(key, set()).update(fact.keywords)
    unmarked = [
        (*key, "everything")
        for key, element in elements_by_key.items()
        if key not in stated and not element.inferred and key[2]
    ]
    for key, element in elements_by_key.items():
        known = stated.get(key, set()) | element.inferred_keywords
        if "x-format=date-time-local" in known:  # the documents' pattern, `yyyy-MM-dd HH:mm:ss`
            known |= {word for word in element.keywords if word.startswith("pattern=")}
        if not key[2] and key[1] != "operation":
            known.add("type=object")  # the root of a JSON body, which the media type states
        if not element.inferred and (key in stated or not key[2]):
            unmarked += [(*key, word) for word in sorted(element.keywords - known)]
    assert not unmarked
