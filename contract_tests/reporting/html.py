"""The report as one self-contained HTML page, without network, scripts or other files."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from contract_tests.contract.operations import operations
from contract_tests.contract.provenance import Provenance, load_decisions, provenance_of_rule
from contract_tests.contract.readings import readings
from contract_tests.reporting.coverage import CoverageLine, count_coverage, list_coverage_lines
from contract_tests.reporting.json_report import FORMAT_VERSION
from contract_tests.reporting.open_questions import unclear_reason
from contract_tests.reporting.sanitizing import sanitize, truncate
from contract_tests.reporting.verdict import VERDICT_SENTENCES, count_outcomes, verdict_of
from contract_tests.reporting.violation_messages import (
    cause_subject,
    leftover_text,
    message_parts,
    reproducing_commands,
    response_summary,
)
from contract_tests.reporting.violation_titles import title_of
from contract_tests.results.observations import ReadingRecord, contradiction_in_reading
from contract_tests.results.record import RunRecord
from contract_tests.results.violation_groups import Cause, cause_of, group_by_cause
from contract_tests.results.violation_kinds import ViolationKind
from contract_tests.results.violations import Violation

TEMPLATE_FOLDER = Path(__file__).parent
GOOD_OUTCOMES, BAD_OUTCOMES = ("held", "reached"), ("violated", "broken", "not reached")


def to_html(record: RunRecord) -> str:
    """Return the page: verdict, failures, operations, rules, coverage, decisions."""
    shown = sanitize(record)
    lines = list_coverage_lines(shown)
    # Filled while the failures and rules are prepared, and read last.
    cited: set[str] = set()
    causes = group_by_cause(shown.violations)
    failures = [_cause_context(number, each, cited) for number, each in enumerate(causes, 1)]
    known = [(each, _cause_context(0, cause_of(each.violation), cited)) for each in shown.known]
    chapters = _rules_by_chapter(shown, cited)
    return _load_template().render(
        format=FORMAT_VERSION,
        style=Markup((TEMPLATE_FOLDER / "page.css").read_text(encoding="utf-8")),  # noqa: S704 - ours
        record=shown,
        left=[leftover_text(each) for each in shown.left],
        verdict=verdict_of(shown),
        sentence=VERDICT_SENTENCES[verdict_of(shown)],
        counts=count_outcomes(shown),
        requests=sum(shown.sent.values()),
        followed=sum(bool(times) for times in shown.links.values()),
        failures=failures,
        known=known,
        checks=sorted({name for each in shown.operations for name in each.checks}),
        groups=_operations_by_tag(shown),
        chapters=chapters,
        questions=[_question_context(each, cited) for each in shown.readings],
        coverage=_coverage_by_operation(lines),
        reached=count_coverage(lines),
        decisions={id_: title for id_, title in load_decisions().items() if id_ in cited},
    )


@lru_cache(maxsize=1)
def _load_template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATE_FOLDER),
        autoescape=True,
        # A misspelt name in the template is an error and not an empty cell.
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["cut"] = truncate
    environment.filters["kind"] = _css_class
    return environment.get_template("page.html")


def _css_class(outcome: str) -> str:
    """Return the CSS class for the color of an outcome."""
    if outcome in GOOD_OUTCOMES:
        return "good"
    # Neutral: 405 or the response to a preflight is legitimate; other cases are failures of their
    # own.
    if outcome == "undocumented":
        return "plain"
    return "bad" if outcome in BAD_OUTCOMES else "other"


def _cause_context(number: int, cause: Cause, cited: set[str]) -> dict[str, Any]:
    example = cause.example
    cited.update(example.decisions)
    names = (*cause.operations, *cause.rules)
    return {
        "number": number,
        "owner": cause_subject(cause),
        "names": names if len(names) > 1 else (),
        "title": title_of(example),
        "times": cause.times,
        "violation": example,
        "parts": [
            (label, truncate(text)) for label, text in _labelled_parts(example) if text.strip()
        ],
        "answer": response_summary(example.response),
        "commands": "\n".join(reproducing_commands(example)),
    }


def _labelled_parts(violation: Violation) -> Iterator[tuple[str, str]]:
    """Yield the parts of a violation's message, each with a label; the actual value comes last."""
    parts = message_parts(violation)
    labels = [label for label, _ in parts]
    if "Expected" not in labels and violation.kind is ViolationKind.SCHEMA and violation.expected:
        yield "Expected", violation.expected
    for label, text in parts:
        yield label or ("Found" if "Got" in labels else "Got"), text.strip()


def _operations_by_tag(record: RunRecord) -> dict[str, list[dict[str, Any]]]:
    """Return the operations by tag, each with its data in the contract."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for each in record.operations:
        operation = operations().get(each.name)
        about = {
            "record": each,
            "method": operation.method if operation else "",
            "path": operation.path if operation else "",
            "documented": list(operation.raw["responses"]) if operation else [],
        }
        groups.setdefault(each.tag, []).append(about)
    return groups


def _rules_by_chapter(record: RunRecord, cited: set[str]) -> dict[str, list[dict[str, Any]]]:
    """Return the rules by chapter, the letters before the hyphen, each with its sources."""
    chapters: dict[str, list[dict[str, Any]]] = {}
    for each in record.rules:
        basis: Provenance = provenance_of_rule(each.rule)
        cited.update(basis.decisions)
        chapter = each.rule.partition("-")[0]
        chapters.setdefault(chapter, []).append({"record": each, "basis": basis})
    return chapters


def _question_context(record: ReadingRecord, cited: set[str]) -> dict[str, Any]:
    """Return a reading with its question, and the evidence of each observed value as text."""
    question = readings().get(record.reading)
    decided = question.decisions if question else ()
    cited.update(decided)
    return {
        "record": record,
        "texts": question.question if question else {"zh": "", "en": ""},
        "lines": question.lines if question else (),
        "decisions": decided,
        "is_wrong": contradiction_in_reading(record) is not None,
        "reason": "" if record.value else unclear_reason(record),
        "evidence": [
            (value, each.operation, response_summary(each.response), each.request)
            for value, each in record.values.items()
        ],
    }


def _coverage_by_operation(lines: list[CoverageLine]) -> dict[str, dict[str, Any]]:
    """Return statuses and links by operation, and for each parameter a row with a cell per status.

    sums: number of cells that were reached; missed: items neither reached nor excused.
    """
    found: dict[str, dict[str, Any]] = {}
    for line in lines:
        empty: dict[str, Any] = {"status": [], "parameter": [], "crossing": [], "link": []}
        found.setdefault(line.operation, empty)[line.kind].append(line)
    for kinds in found.values():
        cells, width = kinds.pop("crossing"), len(kinds["status"])
        # The crossings come parameter by parameter, with one cell for each status.
        rows = [cells[start : start + width] for start in range(0, len(cells), width or 1)]
        kinds["rows"] = list(zip(kinds["parameter"], rows, strict=True))
        kinds["sums"] = count_coverage(cells).get("crossing", {"reached": 0, "all": 0})
        shown = (*kinds["status"], *kinds["parameter"], *kinds["link"])
        kinds["missed"] = [line for line in shown if line.state == "not reached"]
    return found
