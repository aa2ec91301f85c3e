"""The report for a terminal."""

from __future__ import annotations

import base64
import io
import json
from dataclasses import replace

import pytest

from contract_tests.contract.operations import operations, rules
from contract_tests.reporting import TerminalReport
from contract_tests.reporting.coverage import documented_parameters
from contract_tests.results.record import RunRecord
from tests.contract_tests.faulty_server import MockExchange, run_faulty_mock
from tests.contract_tests.reporting.samples import faulty_record, sound_record
from tests.contract_tests.run_check import QUICK, run_check
from tests.contract_tests.target.test_curl import unknown_status
from tests.serving import CLIENT_CREDENTIALS, PASSWORD_GRANT


def render_terminal_report(record: RunRecord) -> str:
    """Return the text printed at the end."""
    out = io.StringIO()
    TerminalReport(out).write_results(record)
    return out.getvalue()


def test_the_terminal_says_the_verdict_last_and_each_violation_once() -> None:
    """Outcomes are counted, reasons given, and the paths of the reports named."""
    printed = render_terminal_report(faulty_record())
    lines = printed.splitlines()
    assert printed.count("createNotificationTask: Response violates schema") == 1
    every = len(operations())
    assert f"Operations  {every}: {every - 3} held, 2 violated, 1 no data" in lines
    held = len(rules()) - 3
    assert f"Rules      {len(rules()):3}: {held} held, 1 broken, 2 not checkable" in lines
    assert (
        "  not checkable: AU-04, AU-07 (needs the target's time moved, and it offers no clock)"
        in lines
    )
    statuses = sum(len(each.raw["responses"]) for each in operations().values())
    parameters = sum(len(documented_parameters(each)) for each in operations().values())
    figures = f"of {statuses} statuses, {parameters - 1} of {parameters} parameters, "
    assert [line for line in lines if line.startswith("Reached: ") and figures in line]
    assert lines[-1].startswith("THE CONTRACT DOES NOT HOLD: 2 violations in createNotification")
    share = f"profile full: {every} of {every} operations, {len(rules())} of {len(rules())} rules"
    last = render_terminal_report(sound_record()).splitlines()[-1]
    assert last == f"THE CONTRACT HOLDS ({share}; 300 requests in 42 s)"
    assert "Open questions: " in printed
    settled = replace(sound_record(), readings=[])
    assert len(render_terminal_report(settled).splitlines()) < 8


def test_the_terminal_names_violations_after_the_twentieth_without_their_requests() -> None:
    """The output stays short on a server that breaks everything."""
    record = faulty_record()
    record.violations = [
        replace(record.violations[0], pointer=f"/status{chr(97 + n)}") for n in range(30)
    ]
    printed = render_terminal_report(record)
    assert printed.count("createNotificationTask: Response violates schema") == 30
    assert printed.count("curl ") == 20


def test_a_shard_or_an_ended_run_without_a_violation_does_not_hold() -> None:
    """An incomplete run has no verdict of its own."""
    record = sound_record()
    record.shard = (2, 4)
    assert (
        render_terminal_report(record)
        .splitlines()[-1]
        .startswith("NO VIOLATION IN THIS SHARD [shard 2 of 4]")
    )
    record = sound_record()
    record.ended = "interrupted"
    assert "NOT CHECKED TO THE END" in render_terminal_report(record).splitlines()[-1]


def test_a_violation_is_printed_once() -> None:
    """A violation is printed once, however many responses have it."""
    with run_faulty_mock("*", "/api/v1/file", unknown_status) as address:
        outcome = run_check("--target", address, "--only", "uploadFile", *QUICK)
    blocks = outcome.out.split("\n\n")
    assert len(blocks) == len(set(blocks))
    assert "responses; the shortest request of these:" in outcome.out


@pytest.mark.whole
def test_no_secret_is_printed() -> None:
    """No password, client secret or token is printed, in any encoding."""
    given: set[str] = set()

    def violate(answer: MockExchange) -> None:
        if answer.status == 200:
            given.update(answer.json[name] for name in ("access_token", "refresh_token"))
            if len(given) > 2:  # not the check's own login
                answer.status = 201

    with run_faulty_mock("POST", "/oauth/token", violate) as address:
        outcome = run_check("--target", address, "--only", "auth", "--max-examples", "3")
    assert outcome.code == 1
    printed = outcome.out + outcome.err
    basic = base64.b64encode(":".join(CLIENT_CREDENTIALS).encode()).decode()
    secrets = {CLIENT_CREDENTIALS[1], PASSWORD_GRANT["password"], basic, *given}
    assert len(secrets) > 6
    assert [secret for secret in secrets if secret in printed] == []
    assert json.dumps("[Filtered]") in printed
    assert '-u "$CLIENT"' in printed
