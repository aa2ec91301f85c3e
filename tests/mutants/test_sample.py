"""The catalogue is sound, and a few of its servers are found to be faulty by the real runner."""

from __future__ import annotations

import json
import re
from collections import Counter
from copy import deepcopy
from typing import Any

import pytest

import openapi
from contract_tests.contract.operations import operations
from tests.mutants.catalogue import CATALOGUE, MUTANTS
from tests.mutants.checkers import HypersCheck, PlainSchemathesis
from tests.mutants.faults import install_fault, read_source
from tests.mutants.mutant import FAULT_CLASSES, CodeEdit, ContractEdit, Mutant, WireEdit
from tests.mutants.results import MutantResults
from tests.mutants.results_page import RunFacts, render_section
from tests.mutants.run_setup import MIN_ON_OTHER_BASES, RunSetup
from tests.mutants.runner import MutantResult, UnusableRunError, run_mutant, start_server
from tests.wire_faults import OperationExchange

RULE_ID = re.compile(r"[A-Z]{2}-[0-9]{2}")
MIN_MUTANTS, MIN_MUTANTS_PER_CLASS = 60, 3
SAMPLE = {"content-type/html-error": "createNotificationTask", "status/created": "createGroup"}
"""From two classes, each with the operation that is checked; `make mutants` checks all of all."""


def mutant_id(mutant: Mutant) -> str:
    """Return the id of a test."""
    return mutant.id


def test_there_are_enough_of_every_class() -> None:
    """There are at least 60 mutants, 3 in each class, and no id twice."""
    assert len(CATALOGUE) == len(MUTANTS) >= MIN_MUTANTS
    found = Counter(mutant.kind for mutant in MUTANTS)
    assert found.keys() == {*FAULT_CLASSES}
    assert min(found.values()) >= MIN_MUTANTS_PER_CLASS


@pytest.mark.parametrize("mutant", MUTANTS, ids=mutant_id)
def test_a_mutant_says_what_it_breaks(mutant: Mutant) -> None:
    """A mutant names an existing rule, or a part of an existing operation, and has a sentence."""
    assert mutant.sentence.endswith(".")
    if RULE_ID.fullmatch(mutant.breaks):
        assert mutant.breaks in openapi.load()["x-rules"]
    else:
        name, _, what = mutant.breaks.partition(" ")
        assert name in operations()
        assert re.match(r"[1-5][0-9]{2}\b", what)


@pytest.mark.parametrize("mutant", MUTANTS, ids=mutant_id)
def test_a_mutant_is_not_the_mock(mutant: Mutant) -> None:
    """Each part finds its place and changes it; edited source is valid Python."""
    assert mutant.parts
    sources: dict[str, str] = {}
    for part in mutant.parts:
        if isinstance(part, CodeEdit):
            before = sources.get(part.file) or read_source(part)
            sources[part.file] = part.apply(before)
            assert sources[part.file] != before
        elif isinstance(part, ContractEdit):
            contract = deepcopy(openapi.load())
            part.edit(contract)
            assert contract != openapi.load()
        else:
            assert changes_an_exchange(part)
    for file, source in sources.items():
        compile(source, file, "exec")


def changes_an_exchange(part: WireEdit) -> bool:
    """Return whether a fault on the wire changes a request, or a response of the examples."""
    for asked in sample_exchanges():
        before = deepcopy(asked)
        part.fault(asked)
        if asked != before:
            return True
    return False


def sample_exchanges() -> list[OperationExchange]:
    """Return a request for each operation, every response with an example, one request twice."""
    found = []
    for name, operation in operations().items():
        times = "2030-04-21T09:00:00 2030-02-31 09:00:00 2030-04-21 24:00:00"
        request = OperationExchange(name, [("startDate", "2030-02-31")], times.encode())
        found.append(request)
        for content in operation.raw.get("requestBody", {}).get("content", {}).values():
            for example in content.get("examples", {}).values():
                body = json.dumps(with_delicate_values(example["value"])).encode()
                found.append(OperationExchange(name, [], body))
        for status, response in operation.raw["responses"].items():
            declared = operation.resolve_reference(response).get("content", {})
            for media_type, content in declared.items():
                headers = {"content-type": media_type, "www-authenticate": "Bearer"}
                for example in content.get("examples", {"none": {"value": None}}).values():
                    values = (
                        [example["value"], with_delicate_values(example["value"])]
                        if "value" in example
                        else []
                    )
                    for text in [json.dumps(value).encode() for value in values] or [b""]:
                        sent = int(status), dict(headers), text
                        found.append(OperationExchange(name, [*request.query], b"", *sent))
        found.append(deepcopy(request))
    return found


def with_delicate_values(node: Any) -> Any:
    """Return a body with texts and numbers that a server may alter."""
    if isinstance(node, dict):
        return {key: with_delicate_values(value) for key, value in node.items()}
    if isinstance(node, list):
        return [with_delicate_values(each) for each in node]
    if isinstance(node, str):
        return f" {node}  Ａb<e\u0301> {'长' * 255}"
    return 2**53 + 1 if isinstance(node, int) else node


def test_a_place_that_is_not_there_is_told() -> None:
    """A change of the mock must not leave a mutant without a fault."""
    with pytest.raises(ValueError, match="0 times"):
        CodeEdit("world/world.py", "no such line", "").apply(
            read_source(CodeEdit("world/world.py", "", ""))
        )
    with pytest.raises(ValueError, match="as it is"):
        ContractEdit(("openapi",), "3.0.3").edit({"openapi": "3.0.3"})


def test_a_fault_comes_before_the_mock() -> None:
    """Otherwise the modules of this process would stay without the fault."""
    import mock_server.cli  # noqa: F401, PLC0415 - it has to be there

    with pytest.raises(ValueError, match="before its fault"):
        install_fault(CATALOGUE["status/created"])


def test_a_server_that_does_not_start_is_no_kill() -> None:
    """The error is reported, and the mutant does not count."""
    with pytest.raises(UnusableRunError, match="did not start"), start_server(("false",)):
        pass


@pytest.mark.parametrize(
    ("killed", "enough"), [(20, True), (19, True), (18, False)], ids=["all", "95%", "90%"]
)
def test_enough_is_95_percent(killed: int, enough: bool) -> None:
    """The class has twenty servers."""
    one = CATALOGUE["status/created"]
    found = [
        MutantResult(one, "hypers-check", "killed" if n < killed else "survived", "", 1)
        for n in range(20)
    ]
    results = MutantResults(found)
    assert results.reaches(MIN_ON_OTHER_BASES) is enough
    assert len(results.survivors) == 20 - killed
    assert str(results.overall) == f"{killed}/20"


@pytest.mark.parametrize("name", SAMPLE)
def test_a_faulty_server_is_found_out(name: str) -> None:
    """`hypers-check --fail-fast` finds it in processes of their own, as in `make mutants`."""
    result: Any = run_mutant(CATALOGUE[name], HypersCheck(("--only", SAMPLE[name])), RunSetup())
    assert result.outcome == "killed", result


@pytest.mark.whole
@pytest.mark.parametrize(
    ("name", "operation", "outcome", "by"),
    [
        ("status/created", "createGroup", "killed", "createGroup: Undocumented status code"),
        ("filter/ids-ignored", "listGroups", "survived", "no violation"),
    ],
)
def test_plain_schemathesis_checks_the_same_servers(
    name: str, operation: str, outcome: str, by: str
) -> None:
    """It is logged in and uses its own checks: it finds a wrong status, and no ignored filter."""
    result = run_mutant(CATALOGUE[name], PlainSchemathesis((operation,), limit=150), RunSetup())
    assert (result.outcome, result.by) == (outcome, by)


def test_the_first_failure_of_schemathesis_is_read() -> None:
    """It consists of operation and title, from the section of failures only."""
    printed = "\n".join(
        [
            "=== FAILURES ===",
            "____ POST /api/v1/marketing-notice/group ____",
            "1. Test Case ID: yl1Peu",
            "",
            "- ST103 Undocumented status code",
        ]
    )
    read = PlainSchemathesis().first_finding
    assert read(printed) == "createGroup: Undocumented status code"
    assert read(printed.replace("=== FAILURES ===", "=== ERRORS ===")) == ""


def test_the_results_show_both_checkers_side_by_side() -> None:
    """Each class has the share and the seconds of both; each server has both findings."""
    created, paged = CATALOGUE["status/created"], CATALOGUE["paging/10-by-default"]
    ours, theirs = "hypers-check", "schemathesis"
    results = {
        ours: MutantResults(
            [
                MutantResult(created, ours, "killed", "found", 4),
                MutantResult(paged, ours, "killed", "PG-10: Rule violated", 5),
            ]
        ),
        theirs: MutantResults(
            [
                MutantResult(created, theirs, "killed", "found", 4),
                MutantResult(paged, theirs, "survived", "no violation", 30),
            ]
        ),
    }
    page = render_section(
        results, RunFacts("2030-04-21", (), 2, 60, RunSetup(), PlainSchemathesis())
    )
    assert "| Class | hypers-check | Seconds | schemathesis | Seconds |" in page
    assert "| status | 1/1 | 4 | 1/1 | 4 |" in page
    assert "| paging | 1/1 | 5 | 0/1 | 30 |" in page
    assert "| **all** | 2/2 | 9 | 1/2 | 34 |" in page
    assert (
        "| paging/10-by-default | PG-10 | PG-10: Rule violated | 5 | — (no violation) | 30 |"
        in page
    )
    alone = render_section({ours: results[ours]}, RunFacts("2030-04-21", (), 2, 60, RunSetup()))
    assert "schemathesis |" not in alone
