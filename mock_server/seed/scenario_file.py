"""A scenario from a file, and the error of one that cannot be used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from mock_server.domain import datetime_text
from mock_server.domain.tokens import Credentials
from mock_server.errors import ErrorDetail, StartupError
from openapi import find_pointer_lines

REASONS = {
    "additionalProperties": "is not a field",
    "required": "is missing",
    "oneOf": "must have exactly one of these",
    "repeated": "is given twice",
    "CP-31": "is neither an operationId nor a tag of the contract",
    "CP-32": "is not the id of a record",
    "CP-33": "is not a possible time here",
    "CP-34": "cannot be read",
}
"""Reasons in an error on the command line, by rule."""
INLINE_NAME = "inline"


class ScenarioError(StartupError):
    """A scenario that cannot be used.

    violations: all of them, with pointers from the root of the document; `path`: its file.
    """

    def __init__(
        self, violations: list[ErrorDetail], path: Path | None = None, reason: str = ""
    ) -> None:
        super().__init__(reason or _error_text(violations, path))
        self.violations = violations


@dataclass(frozen=True, slots=True)
class ScenarioFile:
    """A scenario whose form is valid; whether its ids and times are, depends on a world.

    name: shown by the control plane; document: its content; contents: bytes of `files`, by index;
    credentials: who may use the world; path: its file (None: it was given inline); digest: of all
    this, by which two scenarios are equal, so that sessions can share a first world.
    """

    name: str
    digest: bytes
    document: Mapping[str, Any] = field(compare=False, repr=False)
    contents: tuple[bytes, ...] = field(compare=False, repr=False)
    credentials: Credentials = field(compare=False)
    path: Path | None = None

    @property
    def base(self) -> Literal["demo", "empty"]:
        """Return the initial data to which the scenario is added."""
        base: Literal["demo", "empty"] = self.document.get("base", "demo")
        return base

    @property
    def seed(self) -> int | None:
        """Return the seed that the scenario names."""
        return self.document.get("seed")

    @property
    def start(self) -> datetime | None:
        """Return the instant at which the scenario begins."""
        now = self.document.get("now")
        return None if now is None else datetime_text.parse_datetime(now)

    @property
    def frozen(self) -> bool:
        """Return whether the clock is frozen at `start`."""
        return bool(self.document.get("frozen", False))


def _error_text(violations: list[ErrorDetail], path: Path | None) -> str:
    """Return a line for each violation, in order: file, line, pointer, reason, accepted values."""
    lines: list[int | None] = [None] * len(violations)
    if path:
        lines = find_pointer_lines(path, [violation.pointer for violation in violations])
    name = path.name if path else INLINE_NAME
    placed = sorted(zip(lines, violations, strict=True), key=lambda pair: pair[0] or 0)
    return "\n".join(
        f"{name}:{line}: {_reason(violation)}" if line else f"{name}: {_reason(violation)}"
        for line, violation in placed
    )


def _reason(violation: ErrorDetail) -> str:
    at = f"{violation.pointer}: " if violation.pointer else ""
    found = f"{violation.found} " if violation.found else ""
    reason = REASONS.get(violation.rule, f"breaks {violation.rule}")
    accepted = f"; accepted: {violation.accepted}" if violation.accepted else ""
    return f"{at}{found}{reason}{accepted}"
