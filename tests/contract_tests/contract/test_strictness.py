"""`--strictness documented` applies only the documents, `curated` the whole contract."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest

from contract_tests.checks.completeness import judge_completeness
from contract_tests.contract.operations import operations
from contract_tests.contract.strictness import DOCUMENTED
from contract_tests.reporting import title_of
from contract_tests.reporting.json_report import from_json
from contract_tests.results.record import OperationRecord, RunRecord
from contract_tests.rules.probe_registry import all_probes
from contract_tests.rules.probe_runner import ProbeRunner
from contract_tests.target.redaction import Secrets
from contract_tests.target.target import Credentials, Target
from contract_tests.target.transport import open_session
from tests.contract_tests.checks.test_custom_checks import (
    GROUP,
    GROUPS,
    TASK,
    everything_accepted,
    missing_field,
    wrong_status,
)
from tests.contract_tests.faulty_server import MockExchange, ResponseFault, run_faulty_mock
from tests.contract_tests.recorder import RecordedRequest, run_recorded_mock
from tests.contract_tests.run_check import QUICK, SAMPLE_RULE, run_check
from tests.serving import RunningMock

DOCUMENTED_OPTIONS = ("--strictness", "documented", *QUICK)


def numeric_name(answer: MockExchange) -> None:
    """A name is a number, though the documents say string."""
    if answer.status == 200:
        answer.json |= {"name": 5}


def provider_refusals(answer: MockExchange) -> None:
    """Refusals have a form of their own, a status of HTTP, and no challenge."""
    if answer.status in (400, 401):
        answer.status = {400: 409}.get(answer.status, answer.status)
        answer.headers.pop("www-authenticate", None)
        answer.headers["content-type"] = "text/html"
        answer.body = b"<p>no"


def status_422_for_400(answer: MockExchange) -> None:
    """A status that no document lists, and that E3 does not permit either."""
    if answer.status == 400:
        answer.status = 422


def always_deletable(answer: MockExchange) -> None:
    """A group is reported as deleted, with plans or without."""
    if answer.status == 400:
        answer.status = 200
        answer.headers["content-type"] = "application/json"
        answer.json = {}


def test_the_mock_holds_by_the_documents_alone(shared_mock: RunningMock) -> None:
    """A server that keeps the whole contract keeps a part; the verdict names the strictness."""
    only = f"createGroup,getGroup,GR-01,{SAMPLE_RULE}"
    outcome = run_check("--target", shared_mock.address, "--only", only, *DOCUMENTED_OPTIONS)
    assert (outcome.code, outcome.violations) == (0, []), outcome.out
    assert "Rules        2: 2 held" in outcome.out
    assert "THE CONTRACT HOLDS [documented strictness] (" in outcome.out


@pytest.mark.whole
@pytest.mark.parametrize(
    ("operation", "method", "path", "fault", "title", "is_ours"),
    [
        # G7: that a group has a name. Its type is documented.
        ("getGroup", "GET", GROUP, missing_field, "Response violates schema", True),
        ("getGroup", "GET", GROUP, numeric_name, "Response violates schema", False),
        # G9: that a notification task is read with 200.
        ("getNotificationTask", "GET", TASK, wrong_status, "Undocumented status code", True),
        # E1, E2, E3: what a refusal looks like, and its code.
        ("createGroup", "POST", GROUPS, provider_refusals, "Undocumented status code", True),
        ("createGroup", "POST", GROUPS, status_422_for_400, "Undocumented status code", False),
    ],
    ids=lambda value: value.__name__ if callable(value) else None,
)
def test_what_only_we_infer_fails_a_server_in_curated_alone(
    operation: str, method: str, path: str, fault: ResponseFault, title: str, *, is_ours: bool
) -> None:
    """A violation of an inferred keyword passes in `documented`; any other fails in both."""
    with run_faulty_mock(method, path, fault) as address:
        curated = run_check("--target", address, "--only", operation, *QUICK)
        documented = run_check("--target", address, "--only", operation, *DOCUMENTED_OPTIONS)
    assert curated.code == 1
    assert (operation, title) in curated.violations, curated.out
    if is_ours:
        assert (documented.code, documented.violations) == (0, []), documented.out
    else:
        assert documented.code == 1
        assert (operation, title) in documented.violations, documented.out


def test_an_inferred_rule_that_is_broken_is_open(tmp_path: Path) -> None:
    """It does not fail the run; terminal, JSON and JUnit report it as open, with the reason."""
    with run_faulty_mock("DELETE", GROUP, always_deletable) as address:
        curated = run_check("--target", address, "--only", SAMPLE_RULE)
        documented = run_check(
            "--target",
            address,
            "--only",
            SAMPLE_RULE,
            *DOCUMENTED_OPTIONS,
            "--report",
            str(tmp_path),
        )
    assert curated.violations == [(SAMPLE_RULE, "Rule-breaking request accepted")], curated.out
    assert (documented.code, documented.violations) == (2, []), documented.out
    assert "Rules        1: 1 open" in documented.out
    assert f"open: {SAMPLE_RULE} (not in the documents: M45; not refused: DELETE " in documented.out
    record = from_json((tmp_path / "report.json").read_text())
    assert record.strictness == "documented"
    [rule] = record.rules
    assert (rule.outcome, {*rule.probes.values()}) == ("open", {"held", "open"})
    [case] = ET.parse(tmp_path / "junit.xml").iter("testcase")
    [skipped] = case
    assert skipped.tag == "skipped"
    assert str(skipped.get("message")).startswith("open: not in the documents: M45")
    assert "open" in (tmp_path / "report.html").read_text()


def test_a_documented_rule_that_is_broken_is_a_violation_in_both() -> None:
    """GR-01 is in the documents and does not depend on a decision."""
    with run_faulty_mock("POST", GROUPS, everything_accepted) as address:
        outcome = run_check("--target", address, "--only", "GR-01", *DOCUMENTED_OPTIONS)
    assert outcome.code == 1
    assert outcome.violations == [("GR-01", "Rule-breaking request accepted")], outcome.out


def test_a_request_that_breaks_only_what_is_ours_is_not_sent() -> None:
    """Ids out of bounds break only G15; an id that is no number breaks the documents."""
    with run_recorded_mock() as (address, recorder):
        run_check("--target", address, "--only", "getGroup", *QUICK)
        curated = _requested_group_ids(recorder.requests)
        recorder.requests.clear()
        run_check("--target", address, "--only", "getGroup", *DOCUMENTED_OPTIONS)
        documented = _requested_group_ids(recorder.requests)
    assert {number for number in curated if not _is_valid_id(number)}
    assert all(_is_valid_id(number) for number in documented)
    assert _non_numeric(curated) == _non_numeric(documented) != set()


def _is_valid_id(text: str) -> bool:
    return not re.fullmatch("-?[0-9]+", text) or 1 <= int(text) < 2**63


def _non_numeric(ids: list[str]) -> set[str]:
    return {text for text in ids if not re.fullmatch("-?[0-9]+", text)}


def _requested_group_ids(sent: list[RecordedRequest]) -> list[str]:
    paths = [path.decode().partition("?")[0] for _, path, _, _ in sent]
    found = [re.fullmatch(f"{GROUPS}/([^/]+)", path) for path in paths]
    return [unquote(each[1]) for each in found if each]


@pytest.mark.parametrize(
    ("operation", "seen", "strictness", "missed"),
    [
        ("createGroup", "200", "curated", {"400", "401", "415"}),
        ("createGroup", "200", "documented", set()),  # E2, E3: which codes it has
        ("createGroup", "201", "documented", {"No request succeeded"}),  # the export says 200
        ("getNotificationTask", "201", "documented", set()),  # G9
    ],
)
def test_what_is_in_no_document_need_not_be_reached(
    operation: str, seen: str, strictness: str, missed: set[str]
) -> None:
    """The excuse names the decision."""
    tag = operations()[operation].raw["tags"][0]
    found = OperationRecord(operation, tag, "held", statuses={seen: 1})
    record = judge_completeness(RunRecord("http://x", "full", strictness, 1, 1, operations=[found]))
    assert {each.place or title_of(each) for each in record.violations} == missed
    if strictness == "documented":
        assert record.excused[f"{operation} 400"] == "not in the documents: E2"


def test_silence_is_no_reading_of_the_documents() -> None:
    """A probe without a response is a violation of its own, whatever its rule rests on."""
    [probe] = [each for each in all_probes() if each.name.startswith(f"{SAMPLE_RULE}-refused")]
    with run_faulty_mock("*", "/api/v1/.*", everything_accepted) as lenient:
        for address, outcome in (("http://127.0.0.1:1", "not checkable"), (lenient, "open")):
            with open_session(address) as session:
                caller: Any = SimpleNamespace(
                    secrets=Secrets(), session=session, valid_token=lambda: "any", curl_command=str
                )
                target = Target(address, Credentials("c", "s", "u", "p"))
                book = ProbeRunner(target, caller, [SAMPLE_RULE], safe=True, strictness=DOCUMENTED)
                assert (book.run_probe(probe) is None) is (outcome == "open")
                assert book.verdicts[-1][1].outcome == outcome
