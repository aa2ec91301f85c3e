"""Violations with one cause are reported once."""

from __future__ import annotations

import io
import random
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from contract_tests.contract.provenance import ResponsePart
from contract_tests.reporting import TerminalReport
from contract_tests.reporting.html import to_html
from contract_tests.reporting.junit import to_junit
from contract_tests.results.record import RunRecord
from contract_tests.results.violation_groups import group_by_cause
from contract_tests.results.violation_kinds import ViolationKind
from contract_tests.results.violations import Violation, new_violation
from contract_tests.runner.merge import merge_shards
from contract_tests.target import retries
from tests.contract_tests.contract.test_statuses import refuse_with
from tests.contract_tests.faulty_server import run_faulty_mock
from tests.contract_tests.reporting.samples import sound_record
from tests.contract_tests.run_check import QUICK, parse_violations, run_check

GATEWAY_VIOLATIONS = (
    Violation(
        "getGroup", ViolationKind.SERVER_ERROR, status=502, request="curl -X GET /a", times=3
    ),
    Violation("deleteGroup", ViolationKind.SERVER_ERROR, status=502, request="curl /a", times=4),
    new_violation(
        "GR-02", ViolationKind.SERVER_ERROR, status=502, place="GR-02-refused-x", request="curl"
    ),
)


def problem_violation(operation: str, status: int, field: str = "status") -> Violation:
    """A problem document with a wrong value."""
    part = ResponsePart(status, "application/problem+json", (field,), "type")
    return new_violation(operation, ViolationKind.SCHEMA, part, status=status, pointer=f"/{field}")


def owners_by_cause(*violations: Violation) -> list[tuple[str, ...]]:
    """Operations and rules of each cause."""
    return [(*cause.operations, *cause.rules) for cause in group_by_cause(violations)]


def render_terminal_report(record: RunRecord) -> str:
    """Return the text that a terminal shows at the end."""
    out = io.StringIO()
    TerminalReport(out).write_results(record)
    return out.getvalue()


def test_what_one_gateway_does_is_one_cause() -> None:
    """The cause has all its operations and rules, all responses, and the shortest request."""
    [cause] = group_by_cause(GATEWAY_VIOLATIONS)
    assert (cause.operations, cause.rules) == (("getGroup", "deleteGroup"), ("GR-02",))
    assert cause.times == 8
    assert cause.example is GATEWAY_VIOLATIONS[1]


@pytest.mark.parametrize(
    ("first", "second", "causes"),
    [
        (GATEWAY_VIOLATIONS[0], replace(GATEWAY_VIOLATIONS[1], status=500), 2),
        (GATEWAY_VIOLATIONS[0], Violation("getFile", ViolationKind.REDIRECTED, status=502), 2),
        (problem_violation("getGroup", 404), problem_violation("getFile", 404), 1),
        (problem_violation("getGroup", 404), problem_violation("getFile", 400), 2),
        (problem_violation("getGroup", 404), problem_violation("getFile", 404, "title"), 2),
        (
            Violation(
                "getGroup", ViolationKind.UNDOCUMENTED_CONTENT_TYPE, status=200, actual="text/html"
            ),
            Violation(
                "getFile", ViolationKind.UNDOCUMENTED_CONTENT_TYPE, status=200, actual="text/plain"
            ),
            2,
        ),
        (
            Violation(
                "getGroup", ViolationKind.MISSING_HEADERS, status=401, actual="WWW-Authenticate"
            ),
            Violation(
                "getFile", ViolationKind.MISSING_HEADERS, status=401, actual="WWW-Authenticate"
            ),
            1,
        ),
        (
            new_violation("GR-01", ViolationKind.RULE_NOT_KEPT, status=200),
            new_violation("GR-02", ViolationKind.RULE_NOT_KEPT, status=200),
            2,
        ),
        (
            Violation("createGroup", ViolationKind.VALID_REFUSED, status=403),
            Violation("createScene", ViolationKind.VALID_REFUSED, status=403),
            1,
        ),
        (
            Violation("createGroup", ViolationKind.VALID_REFUSED, status=400),
            Violation("createScene", ViolationKind.VALID_REFUSED, status=400),
            2,
        ),
        (
            Violation("createGroup", ViolationKind.INVALID_ACCEPTED, status=200),
            Violation("createScene", ViolationKind.INVALID_ACCEPTED, status=200),
            2,
        ),
    ],
)
def test_what_distinguishes_a_cause(first: Violation, second: Violation, causes: int) -> None:
    """Causes differ by kind and status, place, header or media type, rule, or data."""
    assert len(group_by_cause([first, second])) == causes


def test_shards_have_the_causes_of_the_whole_run() -> None:
    """Merged shards have the causes of the whole run, however the violations were distributed."""
    found = [
        *GATEWAY_VIOLATIONS,
        problem_violation("getGroup", 404),
        problem_violation("getFile", 404),
    ]
    whole = replace(sound_record(), violations=found)
    expected = {
        tuple(sorted(names)) for names in owners_by_cause(*merge_shards([whole]).violations)
    }
    for seed in range(5):
        chosen = random.Random(seed)
        shards = [replace(sound_record(), shard=(number, 3), violations=[]) for number in (1, 2, 3)]
        for violation in found:
            chosen.choice(shards).violations.append(violation)
        merged = merge_shards(shards)
        assert {tuple(sorted(names)) for names in owners_by_cause(*merged.violations)} == expected
        [cause] = [each for each in group_by_cause(merged.violations) if len(each.violations) == 3]
        assert cause.example == GATEWAY_VIOLATIONS[1]


def test_each_form_of_a_report_names_whom_a_cause_concerns() -> None:
    """One heading has all names; in JUnit each has a failure that refers to the cause."""
    record = replace(sound_record(), violations=[*GATEWAY_VIOLATIONS])
    text = render_terminal_report(record)
    assert "1. 2 operations and 1 rule: Server error\n   getGroup, deleteGroup, GR-02\n" in text
    assert "In 8 responses; the shortest request of these:\n   curl /a\n" in text
    assert "DOES NOT HOLD: 1 violation in getGroup, deleteGroup, GR-02 (" in text
    assert [name for name, _ in parse_violations(text)] == ["getGroup", "deleteGroup", "GR-02"]
    cases = {each.get("name"): each for each in ET.fromstring(to_junit(record)).iter("testcase")}
    for name in ("getGroup", "deleteGroup", "GR-02"):
        failure = cases[name].find("failure")
        assert failure is not None
        assert failure.get("message") == "Server error"
        assert "Cause 1, shared by 2 operations and 1 rule: getGroup, deleteGroup, GR-02" in str(
            failure.text
        )
    page = to_html(record)
    assert page.count('<article class="failure"') == 1
    assert "<code>getGroup</code>, <code>deleteGroup</code>, <code>GR-02</code>" in page


def test_many_names_are_broken_into_lines() -> None:
    """Names are not broken and none is left out."""
    many = [Violation(f"operation{n}", ViolationKind.NO_ANSWER) for n in range(60)]
    text = render_terminal_report(replace(sound_record(), violations=many))
    assert [name for name, _ in parse_violations(text)] == [each.operation for each in many]
    assert max(map(len, text.splitlines()[:6])) < 100


@pytest.mark.whole
@pytest.mark.parametrize(("status", "headers"), [(307, {"location": "/login"}), (502, {})])
def test_a_server_behind_a_broken_gateway_has_few_violations(
    status: int, headers: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is not one violation for each operation; progress and exit code are unchanged."""
    monkeypatch.setattr(retries, "BACKOFF_SECONDS", ())
    fault = refuse_with(status, headers, 200, 400, 401, 404, 405)
    with run_faulty_mock("*", "/api/v1/marketing-notice/.*", fault) as address:
        outcome = run_check("--target", address, "--only", "notice-groups,GR-01", *QUICK)
    assert outcome.code == 1
    assert len(outcome.violations) > 10
    assert len(outcome.causes) <= 4, outcome.out
    operations = ("listGroups", "createGroup", "getGroup", "updateGroup", "deleteGroup")
    assert {outcome.progress[name][0] for name in operations} == {"FAIL"}
