"""A run observes the readings of a server in all responses, and finds servers that mix them."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from contract_tests.contract.readings import readings
from contract_tests.reporting import from_json
from contract_tests.results.observations import NOT_PROBED_REASON, ReadingRecord
from contract_tests.results.violation_kinds import ViolationKind
from contract_tests.rules.outcome import ProbeOutcome, ProbeResult
from contract_tests.rules.probe_registry import all_probes
from contract_tests.runner.run_readings import NOT_SHOWN_REASON, Verdicts, unobserved_reason
from tests.contract_tests.faulty_server import MockExchange, ResponseFault, run_faulty_mock
from tests.contract_tests.run_check import QUICK, run_check
from tests.serving import RunningMock

pytestmark = pytest.mark.whole

GROUPS = "/api/v1/marketing-notice/group"
MIXED, DIFFERS = "Answers follow two readings", "Reading differs from the demanded one"


def observed_by_key(directory: Path) -> dict[str, ReadingRecord]:
    """Return the readings in a report by key."""
    record = from_json((directory / "report.json").read_text(encoding="utf-8"))
    return {each.reading: each for each in record.readings}


def as_spring(exchange: MockExchange) -> None:
    """Send the default error body of Spring."""
    exchange.headers["content-type"] = "application/json"
    exchange.json = {"timestamp": "x", "status": exchange.status, "error": "x", "path": "/"}


def every_other_error() -> ResponseFault:
    """Return a fault that sends Spring's body for every other 404."""
    count = itertools.count()

    def change(exchange: MockExchange) -> None:
        if exchange.status == 404 and next(count) % 2:
            as_spring(exchange)

    return change


def test_a_run_writes_the_answers_of_its_server(shared_mock: RunningMock, tmp_path: Path) -> None:
    """In the terminal, in report.json with evidence, and as a file that a mock can be run with."""
    outcome = run_check(
        *("--target", shared_mock.address, "--only", "getGroup,listGroups,GR-02", *QUICK),
        *("--report", str(tmp_path)),
    )
    assert outcome.code == 0, outcome.out
    assert "  refusal-body problem, " in outcome.out
    written = yaml.safe_load((tmp_path / "readings.yaml").read_text(encoding="utf-8"))
    assert written["page-sort"] == "array"
    assert written["group-with-plans"] == "refused"
    assert "second-login" not in written
    found = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["readings"]
    assert [*found] == [*readings()]
    evidence = found["group-with-plans"]["evidence"]
    assert evidence["operation"] == "deleteGroup"
    assert evidence["request"].startswith("curl -X DELETE ")
    assert '"GR-02"' in evidence["response"]["text"] or evidence["response"]["status"] == 400
    assert found["second-login"]["value"] is None
    assert found["second-login"]["reason"] == f"not observed, {NOT_PROBED_REASON}"


@pytest.mark.parametrize("strictness", ["curated", "documented"])
def test_a_server_that_mixes_two_readings_does_not_hold(strictness: str, tmp_path: Path) -> None:
    """In both strictnesses, with the requests and the responses of both values."""
    with run_faulty_mock("GET", f"{GROUPS}/.*", every_other_error()) as address:
        outcome = run_check(
            *("--target", address, "--only", "getGroup", *QUICK),
            *("--strictness", strictness, "--report", str(tmp_path)),
        )
    assert outcome.code == 1
    assert ("getGroup", MIXED) in outcome.violations, outcome.out
    assert "Question: What is the body of an error response?" in outcome.out
    record = from_json((tmp_path / "report.json").read_text(encoding="utf-8"))
    [mixed] = [each for each in record.violations if each.kind is ViolationKind.READINGS_MIXED]
    assert {mixed.expected, mixed.actual} == {"problem", "spring"}
    assert len(mixed.evidence) == 2
    for shown in (*outcome.commands, *(each.request for each in mixed.evidence)):
        assert "Bearer $TOKEN" in shown or "Authorization" not in shown
    assert observed_by_key(tmp_path)["refusal-body"].value == ""
    assert "refusal-body: mixed, " in (tmp_path / "readings.yaml").read_text(encoding="utf-8")


def test_a_demanded_reading_fails_where_another_value_shows() -> None:
    """Once for the reading; demands for other readings hold."""
    demanded = ("--readings", "refusal-body=spring,page-sort=array")
    with run_faulty_mock("GET", GROUPS, lambda _: None) as address:
        outcome = run_check("--target", address, "--only", "getGroup,listGroups", *QUICK, *demanded)
    assert outcome.code == 1
    assert [title for _, title in outcome.shown].count(DIFFERS) == 1
    # The contract that demands it also has no other body of an error.
    assert {operation for operation, _ in outcome.shown} <= {"getGroup", "listGroups"}
    assert "Expected: refusal-body spring, as demanded\n   Got: refusal-body problem" in outcome.out


def test_the_environment_demands_readings_too(
    shared_mock: RunningMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """HYPERS_CHECK_READINGS stands for --readings."""
    monkeypatch.setenv("HYPERS_CHECK_READINGS", "page-sort=object")
    outcome = run_check("--target", shared_mock.address, "--only", "listGroups", *QUICK)
    assert ("listGroups", DIFFERS) in outcome.violations


@pytest.mark.parametrize("text", ["page-sort=x", "no-such-question=a", "page-sort"])
def test_unknown_readings_are_a_usage_error(text: str) -> None:
    """The run does not begin."""
    outcome = run_check("--readings", text)
    assert outcome.code == 2
    assert "--readings" in outcome.err


def test_a_mix_ends_a_run_that_ends_at_the_first_violation() -> None:
    """Whichever request shows it."""
    with run_faulty_mock("GET", f"{GROUPS}/.*", every_other_error()) as address:
        outcome = run_check(
            "--target", address, "--only", "getGroup", "--strictness", "documented", *QUICK,
            "--fail-fast",
        )  # fmt: skip
    assert outcome.violations == [("getGroup", MIXED)], outcome.out


def test_a_safe_run_observes_reads_only(shared_mock: RunningMock, tmp_path: Path) -> None:
    """A reading that only a write shows is named as such."""
    outcome = run_check(
        *("--target", shared_mock.address, "--profile", "safe", *QUICK),
        *("--only", "listGroups,getScene,GR-02,AU-06,updateMarketingNotice"),
        *("--report", str(tmp_path)),
    )
    assert outcome.code == 0, outcome.out
    found = observed_by_key(tmp_path)
    assert found["page-sort"].value == "array"
    for key in ("group-with-plans", "second-login", "plan-id-after-update"):
        assert found[key].reason == "would write"
    assert found["rates"].reason == NOT_SHOWN_REASON


def verdicts_of(key: str, outcome: ProbeOutcome, reason: str = "") -> Verdicts:
    """Return this result for each probe that observes a reading."""
    return [
        (probe, ProbeResult(probe.rule, probe.kind, outcome, reason))
        for probe in all_probes()
        if key in probe.observes
    ]


@pytest.mark.parametrize(
    ("key", "verdicts", "profile", "reason"),
    [
        ("second-login", list, "full", NOT_PROBED_REASON),
        (
            "second-login",
            lambda: verdicts_of("second-login", "not checkable", "needs a user who logs in"),
            "full",
            "needs a user who logs in",
        ),
        ("second-login", lambda: verdicts_of("second-login", "broken"), "full", NOT_SHOWN_REASON),
        ("rates", list, "safe", NOT_SHOWN_REASON),
        ("plan-id-after-update", list, "full", NOT_SHOWN_REASON),
        ("plan-id-after-update", list, "smoke", "would write"),
    ],
)
def test_a_reading_that_was_not_observed_has_a_reason(
    key: str, verdicts: Callable[[], Verdicts], profile: str, reason: str
) -> None:
    """A probe gives its own reason; without one, the reason is whether a response could show it."""
    assert unobserved_reason(key, verdicts(), profile) == reason
