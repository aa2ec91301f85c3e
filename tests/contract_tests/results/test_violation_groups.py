"""One violation for each cause: what one fault makes of many operations is told once."""

from __future__ import annotations

import io
import random
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from contract_tests.contract.provenance import Part
from contract_tests.reporting import Report
from contract_tests.reporting.html import to_html
from contract_tests.reporting.junit import to_junit
from contract_tests.results.record import Record
from contract_tests.results.violation_groups import causes_of
from contract_tests.results.violation_kinds import Kind
from contract_tests.results.violations import Violation, violation_of
from contract_tests.runner.merge import merge
from contract_tests.target import retries
from tests.contract_tests.contract.test_statuses import refused_by
from tests.contract_tests.faulty_server import spoiled
from tests.contract_tests.reporting.samples import sound
from tests.contract_tests.run_check import QUICK, check, violations_in

GATEWAY = (
    Violation("getGroup", Kind.SERVER_ERROR, status=502, request="curl -X GET /a", times=3),
    Violation("deleteGroup", Kind.SERVER_ERROR, status=502, request="curl /a", times=4),
    violation_of("GR-02", Kind.SERVER_ERROR, status=502, place="GR-02-refused-x", request="curl"),
)


def of_problem(operation: str, status: int, field: str = "status") -> Violation:
    """A problem document with a wrong value."""
    part = Part(status, "application/problem+json", (field,), "type")
    return violation_of(operation, Kind.SCHEMA, part, status=status, pointer=f"/{field}")


def named(*violations: Violation) -> list[tuple[str, ...]]:
    """Operations and rules of each cause."""
    return [(*cause.operations, *cause.rules) for cause in causes_of(violations)]


def printed(record: Record) -> str:
    """What a terminal shows at the end."""
    out = io.StringIO()
    Report(out).conclude(record)
    return out.getvalue()


def test_what_one_gateway_does_is_one_cause() -> None:
    """With the operations and rules that it concerns, all answers, and the smallest request."""
    [cause] = causes_of(GATEWAY)
    assert (cause.operations, cause.rules) == (("getGroup", "deleteGroup"), ("GR-02",))
    assert cause.times == 8
    assert cause.example is GATEWAY[1]


@pytest.mark.parametrize(
    ("first", "second", "causes"),
    [
        (GATEWAY[0], replace(GATEWAY[1], status=500), 2),
        (GATEWAY[0], Violation("getFile", Kind.REDIRECTED, status=502), 2),
        (of_problem("getGroup", 404), of_problem("getFile", 404), 1),
        (of_problem("getGroup", 404), of_problem("getFile", 400), 2),
        (of_problem("getGroup", 404), of_problem("getFile", 404, "title"), 2),
        (
            Violation("getGroup", Kind.UNDOCUMENTED_CONTENT_TYPE, status=200, actual="text/html"),
            Violation("getFile", Kind.UNDOCUMENTED_CONTENT_TYPE, status=200, actual="text/plain"),
            2,
        ),
        (
            Violation("getGroup", Kind.MISSING_HEADERS, status=401, actual="WWW-Authenticate"),
            Violation("getFile", Kind.MISSING_HEADERS, status=401, actual="WWW-Authenticate"),
            1,
        ),
        (
            violation_of("GR-01", Kind.RULE_NOT_KEPT, status=200),
            violation_of("GR-02", Kind.RULE_NOT_KEPT, status=200),
            2,
        ),
        (
            Violation("createGroup", Kind.VALID_REFUSED, status=403),
            Violation("createScene", Kind.VALID_REFUSED, status=403),
            1,
        ),
        (
            Violation("createGroup", Kind.VALID_REFUSED, status=400),
            Violation("createScene", Kind.VALID_REFUSED, status=400),
            2,
        ),
        (
            Violation("createGroup", Kind.INVALID_ACCEPTED, status=200),
            Violation("createScene", Kind.INVALID_ACCEPTED, status=200),
            2,
        ),
    ],
)
def test_what_distinguishes_a_cause(first: Violation, second: Violation, causes: int) -> None:
    """Kind and status; a place in a schema, a header or a media type; the rule; the data."""
    assert len(causes_of([first, second])) == causes


def test_shards_have_the_causes_of_the_whole_run() -> None:
    """However its violations fell."""
    found = [*GATEWAY, of_problem("getGroup", 404), of_problem("getFile", 404)]
    whole = replace(sound(), violations=found)
    expected = {tuple(sorted(names)) for names in named(*merge([whole]).violations)}
    for seed in range(5):
        chosen = random.Random(seed)
        shards = [replace(sound(), shard=(number, 3), violations=[]) for number in (1, 2, 3)]
        for violation in found:
            chosen.choice(shards).violations.append(violation)
        merged = merge(shards)
        assert {tuple(sorted(names)) for names in named(*merged.violations)} == expected
        [cause] = [each for each in causes_of(merged.violations) if len(each.violations) == 3]
        assert cause.example == GATEWAY[1]


def test_each_form_of_a_report_names_whom_a_cause_concerns() -> None:
    """One heading with all names; for JUnit a failure of each that refers to the cause."""
    record = replace(sound(), violations=[*GATEWAY])
    text = printed(record)
    assert "1. 2 operations and 1 rule: Server error\n   getGroup, deleteGroup, GR-02\n" in text
    assert "In 8 answers; the smallest request of these:\n   curl /a\n" in text
    assert "DOES NOT HOLD: 1 violation in getGroup, deleteGroup, GR-02 (" in text
    assert [name for name, _ in violations_in(text)] == ["getGroup", "deleteGroup", "GR-02"]
    cases = {each.get("name"): each for each in ET.fromstring(to_junit(record)).iter("testcase")}
    for name in ("getGroup", "deleteGroup", "GR-02"):
        failure = cases[name].find("failure")
        assert failure is not None
        assert failure.get("message") == "Server error"
        assert "Cause 1, of 2 operations and 1 rule: getGroup, deleteGroup, GR-02" in str(
            failure.text
        )
    page = to_html(record)
    assert page.count('<article class="failure"') == 1
    assert "<code>getGroup</code>, <code>deleteGroup</code>, <code>GR-02</code>" in page


def test_many_names_are_broken_into_lines() -> None:
    """Names stay whole, and all of them are there."""
    many = [Violation(f"operation{n}", Kind.NO_ANSWER) for n in range(60)]
    text = printed(replace(sound(), violations=many))
    assert [name for name, _ in violations_in(text)] == [each.operation for each in many]
    assert max(map(len, text.splitlines()[:6])) < 100


@pytest.mark.parametrize(("status", "headers"), [(307, {"location": "/login"}), (502, {})])
def test_a_server_behind_a_broken_gateway_has_few_violations(
    status: int, headers: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not one for each operation; the progress still tells of each, and so does the exit code."""
    monkeypatch.setattr(retries, "BACK_OFF", ())
    fault = refused_by(status, headers, 200, 400, 401, 404, 405)
    with spoiled("*", "/api/v1/marketing-notice/.*", fault) as address:
        outcome = check("--target", address, "--only", "notice-groups,GR-01", *QUICK)
    assert outcome.code == 1
    assert len(outcome.violations) > 10
    assert len(outcome.causes) <= 4, outcome.out
    operations = ("listGroups", "createGroup", "getGroup", "updateGroup", "deleteGroup")
    assert {outcome.progress[name][0] for name in operations} == {"FAIL"}
