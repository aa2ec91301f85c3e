"""The report for continuous integration: a test case for each operation and rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from contract_tests.reporting.open_questions import reading_text
from contract_tests.reporting.sanitizing import remove_non_xml_characters, sanitize, truncate
from contract_tests.reporting.violation_messages import (
    cause_subject,
    message_text,
    reproducing_commands,
    response_summary,
)
from contract_tests.reporting.violation_titles import title_of
from contract_tests.results.observations import ReadingRecord
from contract_tests.results.record import KnownViolation, RunRecord
from contract_tests.results.violation_groups import Cause, group_by_cause
from contract_tests.results.violations import Violation

OUTCOMES_NOT_SKIPPED = ("held", "violated", "broken")
"""Outcomes that a failure, or its absence, expresses; all others are skips with a reason."""


@dataclass(frozen=True)
class _TestCase:
    """A test case: its subject, its outcome, and its duration in seconds."""

    name: str
    group: str
    outcome: str = "held"
    reason: str = ""
    seconds: float = 0.0


def to_junit(record: RunRecord) -> str:
    """Return the record as JUnit XML, in the form that GitLab, Jenkins and GitHub's readers share.

    Each violation is a failure of its operation or rule; others form a suite of their own. A
    violation that shares its cause with others names them. A known violation appears in the output
    of its case and is no failure.
    """
    record = sanitize(record)
    root = ET.Element("testsuites", name="hypers-check")
    operations = [
        _TestCase(each.name, each.tag, each.outcome, each.reason, each.seconds)
        for each in record.operations
    ]
    rules = [
        _TestCase(each.rule, each.rule.partition("-")[0], each.outcome, each.reason)
        for each in record.rules
    ]
    named = {case.name for case in (*operations, *rules)}
    others = dict.fromkeys(each.operation for each in record.violations)
    run = [_TestCase(name, "run", "violated") for name in others if name not in named]
    if record.ended:
        run.append(_TestCase("end", "run", "not checked", record.ended))
    for name, cases in (("operations", operations), ("rules", rules), ("run", run)):
        if cases:
            _add_suite(root, name, cases, record)
    _set_totals(root, list(root))
    ET.indent(root)
    # A declaration would name the encoding of the locale; the file is in UTF-8, as XML is without
    # one.
    return ET.tostring(root, encoding="unicode", xml_declaration=False) + "\n"


def _add_suite(root: ET.Element, name: str, cases: Sequence[_TestCase], record: RunRecord) -> None:
    is_first = not len(root)
    suite = ET.SubElement(root, "testsuite", name=name)
    if is_first and record.readings:
        _add_readings(suite, record.readings)
    causes = {
        violation.key: (number, cause)
        for number, cause in enumerate(group_by_cause(record.violations), 1)
        for violation in cause.violations
    }
    for case in cases:
        attributes = {"classname": f"{name}.{case.group}", "name": case.name}
        attributes["time"] = f"{case.seconds:.3f}"
        element = ET.SubElement(suite, "testcase", _xml_attributes(attributes))
        failures = [each for each in record.violations if each.operation == case.name]
        for violation in failures:
            text = "\n".join([*_cause_lines(causes[violation.key]), *_violation_lines(violation)])
            _add_element(
                element, "failure", title_of(violation), text, type=_failure_type(violation)
            )
        if not failures and case.outcome not in OUTCOMES_NOT_SKIPPED:
            reason = f"{case.outcome}: {case.reason}" if case.reason else case.outcome
            _add_element(element, "skipped", reason)
        known = [each for each in record.known if each.violation.operation == case.name]
        if known:
            ET.SubElement(element, "system-out").text = remove_non_xml_characters(
                "\n\n".join(map(_known_violation_text, known))
            )
    _set_totals(suite, [suite])


def _add_readings(suite: ET.Element, found: Sequence[ReadingRecord]) -> None:
    """Add a property such as `reading.page-sort` for each reading with a value."""
    # Of the first suite, since readers ignore properties of all suites together.
    properties = ET.SubElement(suite, "properties")
    for each in found:
        if each.values:
            attributes = {"name": f"reading.{each.reading}", "value": reading_text(each)}
            ET.SubElement(properties, "property", _xml_attributes(attributes))


def _set_totals(element: ET.Element, suites: Sequence[ET.Element]) -> None:
    cases = [case for suite in suites for case in suite.iter("testcase")]
    element.set("tests", str(len(cases)))
    element.set("failures", str(sum(case.find("failure") is not None for case in cases)))
    # Readers expect the attribute; an internal error of the check is a failure of the suite "run".
    element.set("errors", "0")
    element.set("skipped", str(sum(case.find("skipped") is not None for case in cases)))
    element.set("time", f"{sum(float(case.get('time', 0)) for case in cases):.3f}")


def _add_element(parent: ET.Element, tag: str, message: str, text: str = "", **more: str) -> None:
    added = ET.SubElement(parent, tag, _xml_attributes({"message": truncate(message, 300), **more}))
    added.text = remove_non_xml_characters(text) or None


def _xml_attributes(attributes: dict[str, str]) -> dict[str, str]:
    return {name: remove_non_xml_characters(value) for name, value in attributes.items()}


def _failure_type(violation: Violation) -> str:
    return "rule" if violation.rule else "contract"


def _cause_lines(numbered: tuple[int, Cause]) -> Iterator[str]:
    number, cause = numbered
    if len(cause.violations) > 1:
        names = ", ".join((*cause.operations, *cause.rules))
        yield f"Cause {number}, shared by {cause_subject(cause)}: {truncate(names)}"


def _violation_lines(violation: Violation) -> Iterator[str]:
    text, answer = message_text(violation), response_summary(violation.response)
    if text:
        yield truncate(text)
    if answer:
        yield f"Response: {truncate(answer)}"
    if violation.sources or violation.decisions:
        yield f"Source: {', '.join((*violation.sources, *violation.decisions))}"
    yield from reproducing_commands(violation)


def _known_violation_text(known: KnownViolation) -> str:
    head = f"Known violation (owner {known.owner}, until {known.expires}): {known.reason}"
    return "\n".join([head, title_of(known.violation), *_violation_lines(known.violation)])
