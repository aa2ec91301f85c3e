"""A record as JSON and back without loss, for other programs and for merging shards."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, fields, is_dataclass
from enum import StrEnum
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from contract_tests.contract.errors import CheckError
from contract_tests.reporting.open_questions import readings_as_json
from contract_tests.reporting.verdict import count_outcomes, verdict_of
from contract_tests.reporting.violation_titles import title_of
from contract_tests.results.record import RunRecord
from contract_tests.results.violation_groups import Cause, group_by_cause
from contract_tests.results.violations import Violation

FORMAT_VERSION = 4
"""Version of the format, increased with every change that breaks an older reader."""


class ReportFormatError(CheckError):
    """A file that is not a valid report; the message gives the JSON pointer and the reason."""


def to_json(record: RunRecord) -> str:
    """Return the report as JSON in ASCII.

    It has `format`, `verdict`, `counts`, `causes`, `readings` and `run`.

    `run` is the record, field by field; the members before it are derived from it. A cause has its
    kind, its title in reports, its operations and rules, the number of wrong responses, and the
    indices in `/run/violations` of its violations and of its example. A reading has its value, its
    decisions, and its evidence or the reason why it has no value.
    """
    found = {
        "format": FORMAT_VERSION,
        "verdict": verdict_of(record),
        "counts": count_outcomes(record),
        "causes": [
            _cause_as_json(each, record.violations) for each in group_by_cause(record.violations)
        ],
        "readings": readings_as_json(record.readings),
        "run": asdict(record),
    }
    # ASCII, so that lone surrogates, which UTF-8 cannot encode, survive the round trip.
    return json.dumps(found, indent=1) + "\n"


def _cause_as_json(cause: Cause, violations: Sequence[Violation]) -> dict[str, Any]:
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


def from_json(text: str) -> RunRecord:
    """Return the record that `to_json` wrote; raises ReportFormatError for other text."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ReportFormatError(f"not JSON: {error}") from None
    if not isinstance(found, dict) or "format" not in found:
        raise ReportFormatError("not a report of hypers-check")
    if found["format"] != FORMAT_VERSION:
        raise ReportFormatError(
            f"format {found['format']!r} is unsupported; this hypers-check reads {FORMAT_VERSION}"
        )
    record = _read_value(RunRecord, found.get("run"), "/run")
    # For the type checker; `_read_value` has already checked it.
    if not isinstance(record, RunRecord):
        raise TypeError(record)
    return record


def _read_value(kind: Any, value: Any, at: str) -> Any:
    """Return the value as this type; raises ReportFormatError if it does not have it."""
    if is_dataclass(kind):
        return _read_fields(kind, value, at)
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Literal:
        return _check_value(value in inner, value, f"one of {', '.join(map(repr, inner))}", at)
    if origin is dict:
        _check_value(isinstance(value, dict), value, "an object", at)
        return {key: _read_value(inner[1], each, f"{at}/{key}") for key, each in value.items()}
    if origin in (list, tuple):
        return origin(_read_list(origin, inner, value, at))
    return _read_scalar(kind, value, at)


def _read_scalar(kind: Any, value: Any, at: str) -> Any:
    if issubclass(kind, StrEnum):
        return kind(_check_value(value in [*kind], value, "a known kind", at))
    if kind is float:
        # JSON does not distinguish 1 and 1.0. `type`, since bool is a subclass of int.
        return float(_check_value(type(value) in (int, float), value, "a number", at))
    return _check_value(type(value) is kind, value, kind.__name__, at)


def _read_list(kind: Any, inner: tuple[Any, ...], value: Any, at: str) -> list[Any]:
    _check_value(isinstance(value, list), value, "a list", at)
    # `tuple[X, ...]` may have any length; another tuple has a type for each place.
    kinds = inner if kind is tuple and inner[-1] is not ... else [inner[0]] * len(value)
    _check_value(len(value) == len(kinds), value, f"{len(kinds)} values", at)
    pairs = zip(kinds, value, strict=True)
    return [_read_value(one, each, f"{at}/{n}") for n, (one, each) in enumerate(pairs)]


def _read_fields(kind: Any, value: Any, at: str) -> Any:
    _check_value(isinstance(value, dict), value, "an object", at)
    hints = get_type_hints(kind)
    names = {field.name for field in fields(kind)}
    if value.keys() != names:
        wrong = sorted(names ^ value.keys())
        raise ReportFormatError(
            f"{at}: members missing from or unknown in format {FORMAT_VERSION}: {', '.join(wrong)}"
        )
    return kind(**{name: _read_value(hints[name], value[name], f"{at}/{name}") for name in names})


def _check_value(holds: bool, value: Any, what: str, at: str) -> Any:
    if not holds:
        shown = "null" if isinstance(value, NoneType) else f"{value!r:.60}"
        raise ReportFormatError(f"{at}: {shown} is not {what}")
    return value
