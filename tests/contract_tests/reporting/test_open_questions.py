"""Every report has the answers to the open questions, or why one is missing."""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
import yaml

from contract_tests.contract.readings import readings
from contract_tests.reporting.html import to_html
from contract_tests.reporting.json_report import to_json
from contract_tests.reporting.junit import to_junit
from contract_tests.reporting.open_questions import open_question_lines, readings_yaml
from contract_tests.reporting.violation_messages import message_text
from contract_tests.results.observations import ReadingRecord, contradiction_in_reading
from contract_tests.results.record import RunRecord
from tests.contract_tests.reporting.samples import observed_reading, sound_record

MISSING = ReadingRecord("second-login", reason="would write")
ARRAY_RESPONSE = '200 application/json {"shows": "array"}'
MIXED = observed_reading("page-sort", "array", "object")


def record_with(*found: ReadingRecord) -> RunRecord:
    """Return a record of a run with these readings."""
    return replace(sound_record(), readings=list(found))


def test_the_terminal_lists_values_and_groups_the_others_by_reason() -> None:
    """The number first; two values of one reading are both named."""
    found = [
        observed_reading("absent-values", "null"),
        MIXED,
        MISSING,
        ReadingRecord("rates", reason="no response showed it"),
        ReadingRecord("plan-update", reason="would write"),
    ]
    assert [*open_question_lines(found)] == [
        "Open questions: 2 of 5 observed",
        "  absent-values null, page-sort array and object",
        "  not observed: second-login, plan-update (would write)",
        "  not observed: rates (no response showed it)",
    ]


def test_the_terminal_breaks_lines_between_readings() -> None:
    """A long list takes several lines of at most a hundred characters."""
    found = [observed_reading(key, each.default) for key, each in readings().items()]
    lines = [*open_question_lines(found)]
    assert len(lines) > 3
    assert all(len(line) <= 100 for line in lines)
    values = " ".join(line.strip() for line in lines[1:]).split(", ")
    assert values == [f"{key} {each.default}" for key, each in readings().items()]


def test_a_run_without_questions_has_no_section() -> None:
    """An older shard has none."""
    assert [*open_question_lines([])] == []


def test_the_file_has_the_observed_values_as_texts_and_a_comment_for_the_others() -> None:
    """The name of a value may be null or a number; a mix is no value."""
    written = readings_yaml(
        record_with(
            observed_reading("absent-values", "null"),
            observed_reading("unknown-id-in-body", "404"),
            observed_reading("short-file-path", "absent"),
            MIXED,
            MISSING,
        )
    )
    assert yaml.safe_load(written) == {
        "absent-values": "null",
        "unknown-id-in-body": "404",
        "short-file-path": "absent",
    }
    assert "\n# page-sort: mixed, array and object\n" in written
    assert "\n# second-login: not observed, would write\n" in written


def test_the_document_has_value_decisions_and_evidence_or_the_reason() -> None:
    """By reading, for programs."""
    demanded = replace(observed_reading("rates", "percent"), demanded="fraction")
    document = json.loads(to_json(record_with(demanded, MIXED, MISSING)))["readings"]
    assert document["rates"]["value"] == "percent"
    assert document["rates"]["demanded"] == "fraction"
    assert document["rates"]["decisions"] == ["M35"]
    assert document["rates"]["evidence"]["operation"] == "listGroups"
    assert document["rates"]["evidence"]["response"]["text"] == '{"shows": "percent"}'
    assert document["page-sort"]["value"] is None
    assert document["page-sort"]["reason"] == "mixed, array and object"
    assert document["second-login"] == {
        "value": None,
        "decisions": ["A15"],
        "reason": "not observed, would write",
    }


def test_junit_has_a_property_for_each_observed_reading() -> None:
    """In the first suite, before its cases."""
    root = ET.fromstring(to_junit(record_with(observed_reading("rates", "percent"), MISSING)))
    assert [each.attrib for each in root.iter("property")] == [
        {"name": "reading.rates", "value": "percent"}
    ]
    assert root[0][0].tag == "properties"


def test_the_page_has_question_answer_and_evidence() -> None:
    """In both languages, with the decision."""
    page = to_html(record_with(observed_reading("rates", "percent"), MIXED, MISSING))
    assert '<h2 id="questions">Open questions</h2>' in page
    assert "2 of 3 observed" in page
    assert "Are the rates of the reports fractions or percentages?" in page
    assert "报表中的比率是 0 到 1 的小数还是百分数？" in page
    assert '<span class="pill good">percent</span>' in page
    assert '<span class="pill bad">object</span>' in page
    assert "not observed, would write" in page
    assert '<a class="decision" href="#M35"' in page
    assert 'id="questions"' not in to_html(record_with())


@pytest.mark.parametrize(
    ("demanded", "expected"),
    [
        ("", f"page-sort array in every response, as in listGroups: {ARRAY_RESPONSE}"),
        ("array", "page-sort array, as demanded"),
    ],
)
def test_a_violation_names_the_question_and_both_values(demanded: str, expected: str) -> None:
    """The response of the first value is part of a mix."""
    violation = contradiction_in_reading(replace(MIXED, demanded=demanded))
    assert violation is not None
    assert message_text(violation).splitlines() == [
        "Question: Is the field `sort` of a page an array or an object?",
        f"Expected: {expected}",
        "Got: page-sort object",
    ]
