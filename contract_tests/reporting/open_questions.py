"""Open questions in reports: the answer that a server gives, or why none was observed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import yaml

from contract_tests.contract.readings import readings
from contract_tests.reporting.sanitizing import sanitize
from contract_tests.reporting.verdict import group_by_reason
from contract_tests.results.observations import ReadingRecord
from contract_tests.results.record import RunRecord

LINE_WIDTH = 96
"""Width of a line of readings, without its indentation."""
YAML_HEADER = (
    "# Answers to the open questions of the contract, as {target} gives them.\n"
    "# `hypers-mock --readings` of this file starts a mock that gives the same ones.\n"
)


def reading_text(record: ReadingRecord) -> str:
    """Return the observed value, or all of them if the server mixes several; empty for none."""
    return " and ".join(record.values)


def open_question_lines(found: Sequence[ReadingRecord]) -> Iterator[str]:
    """Yield the number of observed readings, their values, and the others by reason."""
    if not found:
        return
    seen = [each for each in found if each.values]
    yield f"Open questions: {len(seen)} of {len(found)} observed"
    yield from _wrapped(f"{each.reading} {reading_text(each)}" for each in seen)
    missing = [(each.reading, "not observed", each.reason) for each in found if not each.values]
    for (outcome, reason), names in group_by_reason(missing):
        first, *others = [*names[:-1], f"{names[-1]} ({reason})"]
        yield from _wrapped([f"{outcome}: {first}", *others])


def readings_as_json(found: Sequence[ReadingRecord]) -> dict[str, Any]:
    """Return the value of each reading with its decisions, and its evidence or the reason.

    `value` is null if none was observed or the server mixes several; the reason says which.
    """
    return {each.reading: dict(_members(each)) for each in found}


def readings_yaml(record: RunRecord) -> str:
    """Return the observed values as YAML, with a comment for each other reading."""
    shown = sanitize(record)
    lines = [YAML_HEADER.format(target=shown.target)]
    for each in shown.readings:
        if each.value:
            # The name of a value may look like null or a number.
            lines.append(yaml.safe_dump({each.reading: each.value}, allow_unicode=True))
        else:
            lines.append(f"# {each.reading}: {unclear_reason(each)}\n")
    return "".join(lines)


def unclear_reason(record: ReadingRecord) -> str:
    """Return why a reading has no value: it was not observed, or the server mixes several."""
    if len(record.values) > 1:
        return f"mixed, {reading_text(record)}"
    return f"not observed, {' '.join(record.reason.split())}"


def _wrapped(entries: Iterable[str]) -> Iterator[str]:
    """Yield the entries as a list on several lines, of which none separates a key and its value."""
    line = ""
    for entry in entries:
        if line and len(line) + len(entry) + 3 > LINE_WIDTH:
            yield f"  {line},"
            line = ""
        line = f"{line}, {entry}" if line else entry
    if line:
        yield f"  {line}"


def _members(record: ReadingRecord) -> Iterator[tuple[str, Any]]:
    question = readings().get(record.reading)
    yield "value", record.value or None
    yield "decisions", list(question.decisions) if question else []
    if record.demanded:
        yield "demanded", record.demanded
    if not record.value:
        yield "reason", unclear_reason(record)
        return
    evidence = record.values[record.value]
    yield (
        "evidence",
        {
            "operation": evidence.operation,
            "request": evidence.request,
            "response": {
                "status": evidence.response.status,
                "media_type": evidence.response.media_type,
                "text": evidence.response.text,
            },
        },
    )
