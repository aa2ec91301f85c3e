"""The report as one HTML page that needs nothing else: no network, no script, no file beside it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from contract_tests.contract.operations import operations
from contract_tests.contract.provenance import Basis, basis_of_rule, decisions
from contract_tests.reporting.coverage import Line, coverage, sums
from contract_tests.reporting.json_report import FORMAT
from contract_tests.reporting.sanitizing import cut, presentable
from contract_tests.reporting.verdict import SENTENCES, counts, verdict_of
from contract_tests.reporting.violation_messages import (
    answer_of,
    commands_of,
    owner_of,
    parts_of,
    remainder,
)
from contract_tests.reporting.violation_titles import title_of
from contract_tests.results.record import Record
from contract_tests.results.violation_groups import Cause, cause_of, causes_of
from contract_tests.results.violation_kinds import Kind
from contract_tests.results.violations import Violation

HERE = Path(__file__).parent
GOOD, BAD = ("held", "reached"), ("violated", "broken", "not reached")


def to_html(record: Record) -> str:
    """The page: verdict, failures, operations x checks, rules x verdicts, coverage, decisions."""
    shown = presentable(record)
    lines = coverage(shown)
    cited: set[str] = set()
    causes = causes_of(shown.violations)
    failures = [_failure(number, each, cited) for number, each in enumerate(causes, 1)]
    known = [(each, _failure(0, cause_of(each.violation), cited)) for each in shown.known]
    chapters = _chapters(shown, cited)
    return _template().render(
        format=FORMAT,
        style=Markup((HERE / "page.css").read_text(encoding="utf-8")),  # noqa: S704 - ours
        record=shown,
        left=[remainder(each) for each in shown.left],
        verdict=verdict_of(shown),
        sentence=SENTENCES[verdict_of(shown)],
        counts=counts(shown),
        requests=sum(shown.sent.values()),
        followed=sum(bool(times) for times in shown.links.values()),
        failures=failures,
        known=known,
        checks=sorted({name for each in shown.operations for name in each.checks}),
        groups=_groups(shown),
        chapters=chapters,
        coverage=_by_operation(lines),
        reached=sums(lines),
        decisions={id_: title for id_, title in decisions().items() if id_ in cited},
    )


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["cut"] = cut
    environment.filters["kind"] = _kind
    return environment.get_template("page.html")


def _kind(outcome: str) -> str:
    """The colour of an outcome, as a class."""
    if outcome in GOOD:
        return "good"
    if outcome == "undocumented":  # 405 and a preflight's answer rightly are; else it is a failure
        return "plain"
    return "bad" if outcome in BAD else "other"


def _failure(number: int, cause: Cause, cited: set[str]) -> dict[str, Any]:
    example = cause.example
    cited.update(example.decisions)
    names = (*cause.operations, *cause.rules)
    return {
        "number": number,
        "owner": owner_of(cause),
        "names": names if len(names) > 1 else (),
        "title": title_of(example),
        "times": cause.times,
        "violation": example,
        "parts": [(label, cut(text)) for label, text in _parts(example) if text.strip()],
        "answer": answer_of(example.response),
        "commands": "\n".join(commands_of(example)),
    }


def _parts(violation: Violation) -> Iterator[tuple[str, str]]:
    """What is said of a violation, each part with a label; what was got comes last."""
    parts = parts_of(violation)
    labels = [label for label, _ in parts]
    if "Expected" not in labels and violation.kind is Kind.SCHEMA and violation.expected:
        yield "Expected", violation.expected
    for label, text in parts:
        yield label or ("Found" if "Got" in labels else "Got"), text.strip()


def _groups(record: Record) -> dict[str, list[dict[str, Any]]]:
    """The operations by tag, each with what the contract says of it."""
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


def _chapters(record: Record, cited: set[str]) -> dict[str, list[dict[str, Any]]]:
    """The rules by the two letters of their chapter, each with what it rests on."""
    chapters: dict[str, list[dict[str, Any]]] = {}
    for each in record.rules:
        basis: Basis = basis_of_rule(each.rule)
        cited.update(basis.decisions)
        chapter = each.rule.partition("-")[0]
        chapters.setdefault(chapter, []).append({"record": each, "basis": basis})
    return chapters


def _by_operation(lines: list[Line]) -> dict[str, dict[str, Any]]:
    """By operation its statuses and links, and for each parameter a row with a cell a status.

    sums: how many of these cells were reached; missed: what was neither reached nor excused.
    """
    found: dict[str, dict[str, Any]] = {}
    for line in lines:
        empty: dict[str, Any] = {"status": [], "parameter": [], "crossing": [], "link": []}
        found.setdefault(line.operation, empty)[line.kind].append(line)
    for kinds in found.values():
        cells, width = kinds.pop("crossing"), len(kinds["status"])
        rows = [cells[start : start + width] for start in range(0, len(cells), width or 1)]
        kinds["rows"] = list(zip(kinds["parameter"], rows, strict=True))
        kinds["sums"] = sums(cells).get("crossing", {"reached": 0, "all": 0})
        shown = (*kinds["status"], *kinds["parameter"], *kinds["link"])
        kinds["missed"] = [line for line in shown if line.state == "not reached"]
    return found
