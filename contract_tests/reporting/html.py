"""The report as one HTML page that needs nothing else: no network, no script, no file beside it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from contract_tests.contract.operations import operations
from contract_tests.reporting.coverage import Line, coverage, sums
from contract_tests.reporting.sources import (
    Basis,
    basis_of,
    basis_of_rule,
    decisions,
    expected_by_schema,
)
from contract_tests.reporting.summary import SENTENCES, counts, verdict_of
from contract_tests.reporting.texts import cut, presentable
from contract_tests.results.record import Record
from contract_tests.results.violations import Violation

HERE = Path(__file__).parent
PART = re.compile(r"^(Expected|Got|Rule|Tried): ?", re.MULTILINE)
GOOD, BAD = ("held", "reached"), ("violated", "broken", "not reached")


def to_html(record: Record) -> str:
    """The page: verdict, failures, operations x checks, rules x verdicts, coverage, decisions."""
    shown = presentable(record)
    lines = coverage(shown)
    cited: set[str] = set()
    failures = [_failure(number, each, cited) for number, each in enumerate(shown.violations, 1)]
    known = [(each, _failure(0, each.violation, cited)) for each in shown.known]
    chapters = _chapters(shown, cited)
    return _template().render(
        style=Markup((HERE / "page.css").read_text(encoding="utf-8")),  # noqa: S704 - ours
        record=shown,
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


def _failure(number: int, violation: Violation, cited: set[str]) -> dict[str, Any]:
    basis = basis_of(violation)
    cited.update(basis.decisions)
    commands = [*violation.before, violation.curl]
    return {
        "number": number,
        "violation": violation,
        "parts": [(label, cut(text)) for label, text in _parts(violation) if text],
        "commands": "\n".join(each for each in commands if each),
        "basis": basis,
    }


def _parts(violation: Violation) -> Iterator[tuple[str, str]]:
    """The text of a violation by what each part of it says; what was got comes last."""
    head, *rest = PART.split(violation.text)
    labels = rest[::2]
    if "Expected" not in labels and (schema := expected_by_schema(violation)):
        yield "Expected", json.dumps(schema, ensure_ascii=False)
    if head.strip():
        yield ("Found" if "Got" in labels else "Got"), head.strip()
    for label, text in zip(labels, rest[1::2], strict=True):
        yield label, text.strip()


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
