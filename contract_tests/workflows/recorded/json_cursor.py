"""A value in a JSON document with its place, for errors that name file, entry and pointer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from contract_tests.target.target import CannotCheckError
from openapi import child_pointer

TYPE_NAMES: dict[type, str] = {
    type(None): "null",
    bool: "a boolean",
    int: "a number",
    float: "a number",
    str: "a string",
    list: "an array",
    dict: "an object",
}


@dataclass(frozen=True)
class JsonCursor:
    """A value with the file that it stands in, its pointer, and a name for the part of the file.

    Values are never repeated in errors, since a recording contains secrets.
    """

    value: Any
    file: str
    pointer: str = ""
    part: str = ""

    def error(self, why: str) -> CannotCheckError:
        """Return the error for this value."""
        part = f"{self.part}: " if self.part else ""
        return CannotCheckError(f"{self.file}: {part}{self.pointer or 'the root'} {why}")

    def get(self, name: str) -> JsonCursor:
        """Return a member of this object; None stands for one that is missing."""
        found = self.object().get(name)
        return JsonCursor(found, self.file, child_pointer(self.pointer, name), self.part)

    def items(self, part: str = "") -> Iterator[JsonCursor]:
        """Yield the items of this array; `part` names them in errors, with their number."""
        self._require(list)
        for number, each in enumerate(self.value):
            name = f"{part} {number}" if part else self.part
            yield JsonCursor(each, self.file, child_pointer(self.pointer, str(number)), name)

    def object(self) -> dict[str, Any]:
        """Return this object."""
        self._require(dict)
        found: dict[str, Any] = self.value
        return found

    def text(self, default: str | None = None) -> str:
        """Return this text; `default` if it is missing or null."""
        if self.value is None and default is not None:
            return default
        self._require(str)
        return str(self.value)

    def number(self, default: float | None = None) -> float:
        """Return this number; `default` if it is missing or null."""
        if self.value is None and default is not None:
            return default
        # bool is a subclass of int.
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            raise self._type_error("a number")
        return float(self.value)

    def _require(self, kind: type) -> None:
        if type(self.value) is not kind:
            raise self._type_error(TYPE_NAMES[kind])

    def _type_error(self, wanted: str) -> CannotCheckError:
        found = TYPE_NAMES[type(self.value)]
        return self.error("is missing" if found == "null" else f"must be {wanted}, not {found}")
