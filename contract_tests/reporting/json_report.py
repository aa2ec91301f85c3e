"""A record as JSON and back, exactly: what other programs read, and what shards are merged from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, fields, is_dataclass
from enum import StrEnum
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from contract_tests.reporting.verdict import counts, verdict_of
from contract_tests.reporting.violation_titles import title_of
from contract_tests.results.record import Record
from contract_tests.results.violation_groups import Cause, causes_of
from contract_tests.results.violations import Violation

FORMAT = 3
"""Raised with every change that an older reader would misunderstand."""


class Unreadable(ValueError):
    """Not a report of ours; the message says at which JSON pointer, and why."""


def to_json(record: Record) -> str:
    """`{"format": 3, "verdict": ..., "counts": {...}, "causes": [...], "run": {...}}`, in ASCII.

    `run` is the record, field by field; what is before it follows from it. A cause has its kind,
    its title as reports show it, its operations and rules, the number of wrong answers, and the
    indices in `/run/violations` of its violations and of the one that is its example.
    """
    found = {
        "format": FORMAT,
        "verdict": verdict_of(record),
        "counts": counts(record),
        "causes": [_cause(each, record.violations) for each in causes_of(record.violations)],
        "run": asdict(record),
    }
    # ASCII, so that half of a surrogate pair, which no UTF-8 has, comes back as it was.
    return json.dumps(found, indent=1) + "\n"


def _cause(cause: Cause, violations: Sequence[Violation]) -> dict[str, Any]:
    return {
        "kind": cause.example.kind,
        "title": title_of(cause.example),
        "status": cause.example.status,
        "operations": cause.operations,
        "rules": cause.rules,
        "times": cause.times,
        "example": violations.index(cause.example),
        "violations": [number for number, one in enumerate(violations) if one in cause.violations],
    }


def from_json(text: str) -> Record:
    """The record that `to_json` wrote; raises Unreadable for anything else."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"no JSON: {error}") from None
    if not isinstance(found, dict) or "format" not in found:
        raise Unreadable("no report of hypers-check")
    if found["format"] != FORMAT:
        raise Unreadable(f"format {found['format']!r}; this hypers-check reads {FORMAT}")
    record = _read(Record, found.get("run"), "/run")
    if not isinstance(record, Record):  # what the reader makes of the type Record is one
        raise TypeError(record)
    return record


def _read(kind: Any, value: Any, at: str) -> Any:
    """The value as this type; what is too much, missing or of another type is Unreadable."""
    if is_dataclass(kind):
        return _read_fields(kind, value, at)
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Literal:
        return _expect(value in inner, value, f"one of {', '.join(map(repr, inner))}", at)
    if origin is dict:
        _expect(isinstance(value, dict), value, "an object", at)
        return {key: _read(inner[1], each, f"{at}/{key}") for key, each in value.items()}
    if origin in (list, tuple):
        return origin(_read_list(origin, inner, value, at))
    return _read_plain(kind, value, at)


def _read_plain(kind: Any, value: Any, at: str) -> Any:
    if issubclass(kind, StrEnum):
        return kind(_expect(value in [*kind], value, f"a known {kind.__name__.lower()}", at))
    if kind is float:
        return float(_expect(type(value) in (int, float), value, "a number", at))
    return _expect(type(value) is kind, value, kind.__name__, at)


def _read_list(kind: Any, inner: tuple[Any, ...], value: Any, at: str) -> list[Any]:
    _expect(isinstance(value, list), value, "a list", at)
    kinds = inner if kind is tuple and inner[-1] is not ... else [inner[0]] * len(value)
    _expect(len(value) == len(kinds), value, f"{len(kinds)} values", at)
    pairs = zip(kinds, value, strict=True)
    return [_read(one, each, f"{at}/{n}") for n, (one, each) in enumerate(pairs)]


def _read_fields(kind: Any, value: Any, at: str) -> Any:
    _expect(isinstance(value, dict), value, "an object", at)
    hints = get_type_hints(kind)
    names = {field.name for field in fields(kind)}
    if value.keys() != names:
        wrong = sorted(names ^ value.keys())
        raise Unreadable(f"{at}: not the members of format {FORMAT}: {', '.join(wrong)}")
    return kind(**{name: _read(hints[name], value[name], f"{at}/{name}") for name in names})


def _expect(holds: bool, value: Any, what: str, at: str) -> Any:
    if not holds:
        shown = "null" if isinstance(value, NoneType) else f"{value!r:.60}"
        raise Unreadable(f"{at}: {shown} is not {what}")
    return value
