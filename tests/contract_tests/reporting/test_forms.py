"""Each form of the report says what the record says, whatever texts are in it."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from contract_tests.contract.operations import operations, rules
from contract_tests.reporting import Report, from_json, write_all
from contract_tests.reporting.coverage import coverage, documented_parameters, to_csv
from contract_tests.reporting.html import to_html
from contract_tests.reporting.junit import to_junit
from contract_tests.reporting.report_files import FORMS
from contract_tests.results.record import Record
from contract_tests.results.violations import Excerpt
from contract_tests.target.target import Unfit
from tests.contract_tests.reporting.samples import faulty, sound, with_text
from tests.contract_tests.reporting.test_sanitizing import LEAKS, SECRET

HOSTILE = {
    "HTML": '"><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7 * 7 }}',
    "XML": "]]></failure><!-- &amp; &lt; <x y='\"'>",
    "control characters": "\x1b[2J\x00\x07\r\x9b1m",
    "half a character": "\ud800 \udfff",
    "no character": "\ufffe\uffff",
    "a formula": '=HYPERLINK("http://a","b")',
}


class Tags(HTMLParser):
    """The tags of a page, their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self.text += data


def terminal(record: Record) -> str:
    """What is printed at the end."""
    out = io.StringIO()
    Report(out).conclude(record)
    return out.getvalue()


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts_stay_texts_in_every_form(text: str, tmp_path: Path) -> None:
    """No tag, no control character, no broken document."""
    record = with_text(text)
    for path in write_all(record, tmp_path):
        content = path.read_text(encoding="utf-8")
        assert not [sign for sign in content if sign < " " and sign not in "\n\t\r"]
    page = Tags((tmp_path / "report.html").read_text(encoding="utf-8"))
    assert "script" not in page.tags
    assert "img" not in page.tags
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    ET.parse(tmp_path / "junit.xml")
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["run"]["ended"]
    printed = terminal(record)
    assert not [sign for sign in printed if sign < " " and sign != "\n"]


def test_a_megabyte_is_cut_and_whole_in_the_document(tmp_path: Path) -> None:
    """Nobody reads that; a program may."""
    record, much = faulty(), "é" * 1_000_000
    large = replace(
        record.violations[0],
        actual=much,
        response=Excerpt(200, "text/plain", much),
        request=much,
        before=(much,),
    )
    record.violations[0] = large
    write_all(record, tmp_path)
    for name in ("report.html", "junit.xml"):
        content = (tmp_path / name).read_text(encoding="utf-8")
        assert "1,000,000 characters" in content
        assert len(content) < 400_000
    assert len(terminal(record)) < 40_000
    assert from_json((tmp_path / "report.json").read_text(encoding="utf-8")) == record


@pytest.mark.parametrize("text", LEAKS.values(), ids=LEAKS)
def test_no_form_holds_a_secret(text: str, tmp_path: Path) -> None:
    """Also one that the run did not know, wherever it got into the record."""
    record = with_text(text)
    paths = write_all(record, tmp_path)
    assert {path.name for path in paths} == set(FORMS)
    for path in paths:
        assert SECRET not in path.read_text(encoding="utf-8"), path.name
    assert SECRET not in terminal(record)


def test_the_page_needs_nothing_else() -> None:
    """No script, and no address that a browser would load from."""
    page = Tags(to_html(faulty()))
    assert "script" not in page.tags
    assert "link" in page.tags
    loaded = [value or "" for name, value in page.attributes if name in ("src", "href", "data")]
    assert not [value for value in loaded if not value.startswith(("#", "data:"))]


def test_the_links_of_the_page_lead_somewhere() -> None:
    """To a failure, a part of the page, a decision."""
    page = Tags(to_html(faulty()))
    ids = {value for name, value in page.attributes if name == "id"}
    targets = {str(v)[1:] for n, v in page.attributes if n == "href" and str(v).startswith("#")}
    assert targets <= ids
    assert {"N14", "failures", "f1", "f2"} <= ids


def test_the_page_shows_each_failure_with_what_it_rests_on() -> None:
    """Request, expected, got, lines of the documents and decisions; the same for known ones."""
    text = " ".join(Tags(to_html(faulty())).text.split())
    assert "The contract does not hold" in text
    assert '{"enum": ["PENDING", "EXECUTING", "COMPLETED", "TERMINATED"]}' in text
    assert "五一到店礼领取提醒" in text
    assert "N14 · A task is PENDING, EXECUTING, COMPLETED or TERMINATED" in text
    assert "L146-L147" in text
    assert "Li Lei, until 2026-03-31: repaired in release 7" in text
    assert "17/40" in text


def test_the_page_shows_every_operation_and_every_rule_in_both_languages() -> None:
    """Operations x checks, rules x verdicts."""
    text = Tags(to_html(sound())).text
    assert "The contract holds" in text
    assert "Failures" not in text
    for name in operations():
        assert text.count(name) >= 2, name
    for rule, found in rules().items():
        assert rule in text
        assert found["zh"] in text
        assert found["en"] in text


def test_the_page_crosses_parameters_with_statuses() -> None:
    """A row a parameter, a cell a status; open where something was not reached, and it says so."""
    page = to_html(faulty())
    part = page[page.index("<b>createNotificationTask</b>") :]
    table = Tags(part[: part.index("</details>")]).text
    rows = [" ".join(line.split()) for line in table.splitlines() if line.strip()]
    shown = " ".join(rows)
    assert "200400401403413415500all" in shown.replace(" ", "")
    assert "body/members22··22·8" in shown.replace(" ", "")
    assert "body/fileIds never sent" in shown
    assert page.count("<details open>\n      <summary><b>createNotificationTask</b>") == 1
    assert page.count("never sent") == 1
    assert "never sent" not in to_html(sound())


def test_the_terminal_says_the_verdict_last_and_each_violation_once() -> None:
    """Outcomes by count, what is not checkable by its reason, and where the reports are."""
    printed = terminal(faulty())
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
    last = terminal(sound()).splitlines()[-1]
    assert last == f"THE CONTRACT HOLDS ({share}; 300 requests in 42 s)"
    assert len(terminal(sound()).splitlines()) < 8


def test_the_terminal_names_violations_after_the_twentieth_without_their_requests() -> None:
    """A server that breaks everything is read in ten seconds, too."""
    record = faulty()
    record.violations = [
        replace(record.violations[0], pointer=f"/status{chr(97 + n)}") for n in range(30)
    ]
    printed = terminal(record)
    assert printed.count("createNotificationTask: Response violates schema") == 30
    assert printed.count("curl ") == 20


def test_a_shard_or_an_ended_run_without_a_violation_does_not_hold() -> None:
    """Who has not seen everything does not judge."""
    record = sound()
    record.shard = (2, 4)
    assert terminal(record).splitlines()[-1].startswith("NO VIOLATION IN THIS SHARD [shard 2 of 4]")
    record = sound()
    record.ended = "interrupted"
    assert "NOT CHECKED TO THE END" in terminal(record).splitlines()[-1]


def test_junit_has_a_case_for_each_operation_and_each_rule() -> None:
    """Its failures are the violations; what is not checkable is skipped, with the reason."""
    root = ET.fromstring(to_junit(faulty()))
    cases = {case.get("name"): case for case in root.iter("testcase")}
    assert cases.keys() == {*operations(), *rules()}
    failures = {name for name, case in cases.items() if case.find("failure") is not None}
    assert failures == {"createNotificationTask", "NT-11"}
    failure = cases["createNotificationTask"].find("failure")
    assert failure is not None
    assert "N14" in (failure.text or "")
    assert "curl -X POST" in (failure.text or "")
    skipped = {name for name, case in cases.items() if case.find("skipped") is not None}
    assert skipped == {"listMemberDailyReports", "AU-04", "AU-07"}
    assert "Li Lei" in (cases["listGroups"].findtext("system-out") or "")
    assert (root.get("tests"), root.get("failures"), root.get("skipped")) == (
        str(len(cases)),
        "2",
        "3",
    )


def test_junit_tells_what_is_neither_an_operation_nor_a_rule() -> None:
    """A check that broke, a run that ended."""
    record = with_text("chains")
    names = {case.get("name") for case in ET.fromstring(to_junit(record)).iter("testcase")}
    assert {"chains", "end"} <= names


def test_the_coverage_table_says_reached_excused_or_not() -> None:
    """For every documented status and parameter, for links, and for what is not documented."""
    lines = {(line.operation, line.name): line for line in coverage(faulty())}
    assert lines["createNotificationTask", "200"].state == "reached"
    assert lines["createNotificationTask", "200"].times == 3
    assert lines["createNotificationTask", "401"].state == "not reached"
    assert lines["createNotificationTask", "403"].state == "excused"
    assert lines["createNotificationTask", "403"].reason == "no permission is ever missing"
    assert lines["createNotificationTask", "body/fileIds"].state == "not reached"
    assert lines["listNotificationTasks", "query/size"].state == "reached"
    assert lines["listGroups", "299"].state == "undocumented"
    assert lines["createNotificationTask", "body/members 200"].times == 2
    assert lines["createNotificationTask", "body/members 401"].state == "not reached"
    assert lines["createNotificationTask", "body/members 500"].state == "excused"
    links = [line for line in lines.values() if line.name.startswith("POST /api/v1/file -> ")]
    assert links
    assert {(link.operation, link.kind, link.state) for link in links} == {
        ("uploadFile", "link", "reached")
    }
    for name, operation in operations().items():
        for status in operation.raw["responses"]:
            assert (name, status) in lines


def test_the_csv_is_the_coverage_table() -> None:
    """A line each; a text that a spreadsheet would compute is a text."""
    rows = list(csv.DictReader(io.StringIO(to_csv(coverage(faulty())))))
    assert len(rows) == len(coverage(faulty()))
    assert {row["kind"] for row in rows} == {"status", "parameter", "crossing", "link"}
    assert "\n'=1" not in to_csv(coverage(faulty()))
    hostile = to_csv(coverage(with_text("=1+1")))
    assert ",'=1+1," in hostile
    assert ",=1+1," not in hostile


def test_a_report_replaces_the_one_before_and_leaves_nothing_else(tmp_path: Path) -> None:
    """Written whole, into a directory that is made, readable as files of the user are."""
    directory = tmp_path / "a" / "b"
    write_all(faulty(), directory)
    paths = write_all(sound(), directory)
    assert {path.name for path in directory.iterdir()} == {path.name for path in paths}
    assert "holds" in json.loads((directory / "report.json").read_text(encoding="utf-8"))["verdict"]
    plain = tmp_path / "plain"
    plain.touch()
    assert {path.stat().st_mode for path in paths} == {plain.stat().st_mode}


def test_a_directory_that_cannot_be_written_to_is_one_clear_line(tmp_path: Path) -> None:
    """It is a file, say."""
    (tmp_path / "taken").touch()
    with pytest.raises(Unfit, match=r"the report cannot be written to .*taken"):
        write_all(sound(), tmp_path / "taken")
