"""Titles are only for people: with other titles, the check has the same results."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

import contract_tests
from contract_tests.reporting import message_text, title_of
from contract_tests.reporting.violation_titles import TITLES
from contract_tests.results.violation_kinds import ViolationKind
from contract_tests.results.violations import Violation
from contract_tests.target import retries
from tests.contract_tests.checks.test_custom_checks import (
    GROUP,
    GROUPS,
    missing_challenge,
    missing_field,
)
from tests.contract_tests.contract.test_statuses import refuse_with
from tests.contract_tests.faulty_server import MockExchange, run_faulty_mock
from tests.contract_tests.run_check import QUICK, CheckResult, run_check

PACKAGE_FOLDER = Path(contract_tests.__file__).parent
BASELINE_TEXT = """
- {operation: getGroup, kind: schema, owner: Li Lei, reason: known, expires: 9999-12-31}
- {operation: deleteGroup, kind: server-error, owner: Li Lei, reason: known, expires: 2026-01-01}
- {operation: createGroup, kind: schema, owner: Li Lei, reason: known, expires: 9999-12-31}
- {rule: GR-02, owner: Li Lei, reason: known, expires: 9999-12-31}
"""
MISLEADING_TITLE = 'Got: 3 scenes. "Expected": No answer, custom check {} at /name: rules'
"""Text for other titles, with words that a parser of reports could misread."""


def fail_at_gateway(answer: MockExchange) -> None:
    """Respond to deletions with 502, and replace the responses to reads."""
    if answer.method == "DELETE":
        answer.status, answer.body = 502, b"no"
    elif answer.method == "GET":
        missing_field(answer)


def skip_authentication(answer: MockExchange) -> None:
    """A 401 becomes a success, and other error responses lose details."""
    if answer.status == 401:
        missing_challenge(answer)
        answer.status = 200
    elif answer.status == 400:
        answer.json = {**answer.json, "status": 499}


FAULTY_SERVERS: dict[str, tuple[str, str, Callable[[MockExchange], None], str]] = {
    "a gateway without a server": (
        "*", f"{GROUPS}.*", fail_at_gateway, "createGroup,getGroup,deleteGroup,GR-01,GR-02",
    ),
    "no guard": ("*", f"{GROUPS}.*", skip_authentication, "createGroup,getGroup,GR-01,GR-04"),
    "redirects": (
        "GET", GROUP, refuse_with(307, {"location": "/x"}, 200, 401), "createGroup,getGroup,GR-04",
    ),
    "too busy": (
        "POST", GROUPS, refuse_with(429, {"retry-after": "3600"}, 200),
             "createGroup,getGroup,GR-01",
    ),
}  # fmt: skip


def check_server(server: str, directory: Path) -> tuple[CheckResult, dict[str, Any], list[str]]:
    """Return the output, the report without variable parts, and the failures for JUnit."""
    baseline = directory.with_suffix(".yaml")
    baseline.write_text(BASELINE_TEXT, encoding="utf-8")
    method, path, fault, only = FAULTY_SERVERS[server]
    with run_faulty_mock(method, path, fault) as address:
        given = ("--target", address, "--only", only, "--report", str(directory), *QUICK)
        outcome = run_check(*given, "--baseline", str(baseline))
        text = (directory / "report.json").read_text(encoding="utf-8").replace(address, "URL")
    report = json.loads(re.sub(r'"seconds": [\d.e-]+', '"seconds": 0', text))
    for cause in report["causes"]:
        del cause["title"]
    junit = ET.parse(directory / "junit.xml").getroot()
    failed = [
        str(case.get("name")) for case in junit.iter("testcase") if case.find("failure") is not None
    ]
    return outcome, report, failed


@pytest.mark.whole
@pytest.mark.parametrize(
    "server",
    [
        pytest.param(each, marks=() if each == "no guard" else pytest.mark.whole)
        for each in FAULTY_SERVERS
    ],
)
def test_other_titles_change_nothing_but_titles(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Requests, violations, causes, verdict and exit code are the same."""
    monkeypatch.setattr(retries, "BACKOFF_SECONDS", ())
    first, report, failed = check_server(server, tmp_path / "first")
    for number, kind in enumerate(ViolationKind):
        monkeypatch.setitem(TITLES, kind, MISLEADING_TITLE.format(number))
    second, reworded, others = check_server(server, tmp_path / "second")
    assert first.code == second.code == 1
    assert report == reworded
    assert failed == others
    assert report["causes"]
    assert first.progress == second.progress
    assert [name for name, _ in first.violations] == [name for name, _ in second.violations]
    titles = {title for _, title in first.violations}
    assert not [title for title in titles if title in second.out]


def test_no_title_stands_outside_of_reports() -> None:
    """Titles occur in no code outside of reporting."""
    titles = {title for title in TITLES.values() if "{" not in title}
    for path in PACKAGE_FOLDER.rglob("*.py"):
        if path.parent.name != "reporting":
            text = path.read_text(encoding="utf-8")
            assert not [title for title in titles if f'"{title}' in text], path


@pytest.mark.parametrize("kind", ViolationKind)
def test_every_kind_has_a_title_and_sentences(kind: ViolationKind) -> None:
    """Title and message are made from whatever fields there are."""
    bare = Violation("getGroup", kind, place="somewhere")
    assert title_of(bare)
    full = Violation("getGroup", kind, "c", 200, "/p", "somewhere", "wanted", "found", "x", "", "d")
    assert "{" not in message_text(bare) + message_text(full)


def test_a_schema_says_at_which_place_of_an_answer_it_is_violated() -> None:
    """The message names the pointer, or the whole response, of a body and of a header."""
    for kind in (ViolationKind.SCHEMA, ViolationKind.HEADER_SCHEMA):
        violation = Violation("getGroup", kind, pointer="/id", actual='"7" is not an integer')
        assert message_text(violation) == 'At /id: "7" is not an integer'
        assert message_text(replace(violation, pointer="")).startswith("At the root: ")
