"""The report for continuous integration: a test case an operation, and a rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from contract_tests.reporting.sanitizing import cut, for_xml, presentable
from contract_tests.reporting.violation_messages import answer_of, commands_of, owner_of, text_of
from contract_tests.reporting.violation_titles import title_of
from contract_tests.results.record import Known, Record
from contract_tests.results.violation_groups import Cause, causes_of
from contract_tests.results.violations import Violation

SETTLED = ("held", "violated", "broken")
"""Outcomes that are told by whether there is a failure; all others are a skip with a reason."""


@dataclass(frozen=True)
class _Case:
    """One test case: what is looked at, what came of it, and how long it took, in seconds."""

    name: str
    group: str
    outcome: str = "held"
    reason: str = ""
    seconds: float = 0.0


def to_junit(record: Record) -> str:
    """The record as JUnit XML, in the form that GitLab, Jenkins and GitHub's readers agree on.

    Each violation is a failure of its operation or rule; what fits neither has a suite of its own.
    One that others share the cause of says so, and whose they are.
    A known deviation is told in its case's output and fails nothing.
    """
    record = presentable(record)
    root = ET.Element("testsuites", name="hypers-check")
    operations = [
        _Case(each.name, each.tag, each.outcome, each.reason, each.seconds)
        for each in record.operations
    ]
    rules = [
        _Case(each.rule, each.rule.partition("-")[0], each.outcome, each.reason)
        for each in record.rules
    ]
    named = {case.name for case in (*operations, *rules)}
    others = dict.fromkeys(each.operation for each in record.violations)
    run = [_Case(name, "run", "violated") for name in others if name not in named]
    if record.ended:
        run.append(_Case("end", "run", "not checked", record.ended))
    for name, cases in (("operations", operations), ("rules", rules), ("run", run)):
        if cases:
            _suite(root, name, cases, record)
    _sums(root, list(root))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=False) + "\n"


def _suite(root: ET.Element, name: str, cases: Sequence[_Case], record: Record) -> None:
    suite = ET.SubElement(root, "testsuite", name=name)
    causes = {
        violation.key: (number, cause)
        for number, cause in enumerate(causes_of(record.violations), 1)
        for violation in cause.violations
    }
    for case in cases:
        attributes = {"classname": f"{name}.{case.group}", "name": case.name}
        attributes["time"] = f"{case.seconds:.3f}"
        element = ET.SubElement(suite, "testcase", _clean(attributes))
        failures = [each for each in record.violations if each.operation == case.name]
        for violation in failures:
            text = "\n".join([*_cause(causes[violation.key]), *_lines(violation)])
            _add(element, "failure", title_of(violation), text, type=_kind(violation))
        if not failures and case.outcome not in SETTLED:
            reason = f"{case.outcome}: {case.reason}" if case.reason else case.outcome
            _add(element, "skipped", reason)
        known = [each for each in record.known if each.violation.operation == case.name]
        if known:
            ET.SubElement(element, "system-out").text = for_xml("\n\n".join(map(_known, known)))
    _sums(suite, [suite])


def _sums(element: ET.Element, suites: Sequence[ET.Element]) -> None:
    cases = [case for suite in suites for case in suite.iter("testcase")]
    element.set("tests", str(len(cases)))
    element.set("failures", str(sum(case.find("failure") is not None for case in cases)))
    element.set("errors", "0")
    element.set("skipped", str(sum(case.find("skipped") is not None for case in cases)))
    element.set("time", f"{sum(float(case.get('time', 0)) for case in cases):.3f}")


def _add(parent: ET.Element, tag: str, message: str, text: str = "", **more: str) -> None:
    added = ET.SubElement(parent, tag, _clean({"message": cut(message, 300), **more}))
    added.text = for_xml(text) or None


def _clean(attributes: dict[str, str]) -> dict[str, str]:
    return {name: for_xml(value) for name, value in attributes.items()}


def _kind(violation: Violation) -> str:
    return "rule" if violation.rule else "contract"


def _cause(numbered: tuple[int, Cause]) -> Iterator[str]:
    number, cause = numbered
    if len(cause.violations) > 1:
        names = ", ".join((*cause.operations, *cause.rules))
        yield f"Cause {number}, of {owner_of(cause)}: {cut(names)}"


def _lines(violation: Violation) -> Iterator[str]:
    text, answer = text_of(violation), answer_of(violation.response)
    if text:
        yield cut(text)
    if answer:
        yield f"Answer: {cut(answer)}"
    if violation.sources or violation.decisions:
        yield f"Source: {', '.join((*violation.sources, *violation.decisions))}"
    yield from commands_of(violation)


def _known(known: Known) -> str:
    head = f"Known deviation of {known.owner}, until {known.expires}: {known.reason}"
    return "\n".join([head, title_of(known.violation), *_lines(known.violation)])
