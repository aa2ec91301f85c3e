"""Words are for people: with other titles a check comes to the same verdict by the same way."""

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
from contract_tests.reporting import text_of, title_of
from contract_tests.reporting.violation_titles import TITLES
from contract_tests.results.violation_kinds import Kind
from contract_tests.results.violations import Violation
from contract_tests.target import retries
from tests.contract_tests.checks.test_custom_checks import (
    GROUP,
    GROUPS,
    missing_field,
    no_challenge,
)
from tests.contract_tests.contract.test_statuses import refused_by
from tests.contract_tests.faulty_server import Exchange, spoiled
from tests.contract_tests.run_check import QUICK, Outcome, check

ROOT = Path(contract_tests.__file__).parent
BASELINE = """
- {operation: getGroup, kind: schema, owner: Li Lei, reason: known, expires: 9999-12-31}
- {operation: deleteGroup, kind: server-error, owner: Li Lei, reason: known, expires: 2026-01-01}
- {operation: createGroup, kind: schema, owner: Li Lei, reason: known, expires: 9999-12-31}
- {rule: GR-02, owner: Li Lei, reason: known, expires: 9999-12-31}
"""
OTHERS = 'Got: 3 scenes. "Expected": No answer, custom check {} at /name: rules'
"""What other titles are made of: words that a careless reader of texts would take for others."""


def unavailable(answer: Exchange) -> None:
    """A gateway that finds nobody who deletes, and shortens what is read."""
    if answer.method == "DELETE":
        answer.status, answer.body = 502, b"no"
    elif answer.method == "GET":
        missing_field(answer)


def open_to_all(answer: Exchange) -> None:
    """A 401 becomes a success, and any other refusal says less than it should."""
    if answer.status == 401:
        no_challenge(answer)
        answer.status = 200
    elif answer.status == 400:
        answer.json = {**answer.json, "status": 499}


SERVERS: dict[str, tuple[str, str, Callable[[Exchange], None], str]] = {
    "a gateway without a server": (
        "*", f"{GROUPS}.*", unavailable, "createGroup,getGroup,deleteGroup,GR-01,GR-02",
    ),
    "no guard": ("*", f"{GROUPS}.*", open_to_all, "createGroup,getGroup,GR-01,GR-04"),
    "redirects": (
        "GET", GROUP, refused_by(307, {"location": "/x"}, 200, 401), "createGroup,getGroup,GR-04",
    ),
    "too busy": (
        "POST", GROUPS, refused_by(429, {"retry-after": "3600"}, 200), "createGroup,getGroup,GR-01",
    ),
}  # fmt: skip


def checked(server: str, directory: Path) -> tuple[Outcome, dict[str, Any], list[str]]:
    """What is printed, the report without titles, times and ports, and the failures for JUnit."""
    baseline = directory.with_suffix(".yaml")
    baseline.write_text(BASELINE, encoding="utf-8")
    method, path, fault, only = SERVERS[server]
    with spoiled(method, path, fault) as address:
        given = ("--target", address, "--only", only, "--report", str(directory), *QUICK)
        outcome = check(*given, "--baseline", str(baseline))
        text = (directory / "report.json").read_text(encoding="utf-8").replace(address, "URL")
    report = json.loads(re.sub(r'"seconds": [\d.e-]+', '"seconds": 0', text))
    for cause in report["causes"]:
        del cause["title"]
    junit = ET.parse(directory / "junit.xml").getroot()
    failed = [str(case.get("name")) for case in junit.iter("testcase") if case.find("failure")]
    return outcome, report, failed


@pytest.mark.parametrize(
    "server",
    [pytest.param(each, marks=() if each == "no guard" else pytest.mark.whole) for each in SERVERS],
)
def test_other_titles_change_nothing_but_titles(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same requests, violations, causes, known deviations, verdict and exit code."""
    monkeypatch.setattr(retries, "BACK_OFF", ())
    first, report, failed = checked(server, tmp_path / "first")
    for number, kind in enumerate(Kind):
        monkeypatch.setitem(TITLES, kind, OTHERS.format(number))
    second, reworded, others = checked(server, tmp_path / "second")
    assert first.code == second.code == 1
    assert report == reworded
    assert failed == others
    assert report["causes"]
    assert first.progress == second.progress
    assert [name for name, _ in first.violations] == [name for name, _ in second.violations]
    titles = {title for _, title in first.violations}
    assert not [title for title in titles if title in second.out]


def test_no_title_stands_outside_of_reports() -> None:
    """Neither to be shown nor to be compared with; in docstrings alone."""
    titles = {title for title in TITLES.values() if "{" not in title}
    for path in ROOT.rglob("*.py"):
        if path.parent.name != "reporting":
            text = path.read_text(encoding="utf-8")
            assert not [title for title in titles if f'"{title}' in text], path


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_title_and_sentences(kind: Kind) -> None:
    """Made of whatever fields are there."""
    bare = Violation("getGroup", kind, place="somewhere")
    assert title_of(bare)
    full = Violation("getGroup", kind, "c", 200, "/p", "somewhere", "wanted", "found", "x", "", "d")
    assert "{" not in text_of(bare) + text_of(full)


def test_a_schema_says_at_which_place_of_an_answer_it_is_violated() -> None:
    """Of a body and of a header; by its pointer, or as a whole."""
    for kind in (Kind.SCHEMA, Kind.HEADER_SCHEMA):
        violation = Violation("getGroup", kind, pointer="/id", actual='"7" is not an integer')
        assert text_of(violation) == 'At /id: "7" is not an integer'
        assert text_of(replace(violation, pointer="")).startswith("At the root: ")
