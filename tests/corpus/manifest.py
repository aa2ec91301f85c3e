"""The expected outcome of each file of the corpus, read from `manifest.yaml`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
FILES = HERE / "files"
MANIFEST = HERE / "manifest.yaml"
DEFAULT_VARIABLES = ("礼品",)
IDS_ONLY = {"nickname": "张丽", "礼品": "面膜"}
"""The other columns of lists whose entry has only `ids`."""
PLACE = re.compile(r"(?:(?P<sheet>.*)!)?(?P<column>[A-Z]*)(?P<row>[0-9]*)", re.DOTALL)
Values = dict[str, str]
"""The values of a member by the name of the column; blank ones are left out."""


@dataclass(frozen=True)
class Mistake:
    """A mistake that has to be reported: its code and place; `value` is None if any will do."""

    code: str
    sheet: str = ""
    column: str = ""
    row: int = 0
    header: str = ""
    value: str | None = None


@dataclass(frozen=True)
class Expectation:
    """The expected outcome of a file: members, or mistakes and their total.

    variables: those in the texts of the task, for which every member needs a value; upload: the
    rule by which the upload is refused already.
    """

    file: str
    variables: tuple[str, ...]
    members: tuple[Values, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    total: int = 0
    upload: str = ""

    @property
    def name(self) -> str:
        """Return the name with which the file is uploaded."""
        return Path(self.file).name

    @property
    def content(self) -> bytes:
        """Return the bytes of the file."""
        return (FILES / self.file).read_bytes()


def load_manifest() -> list[Expectation]:
    """Return the expectations in the order of the manifest. Raises KeyError, ValueError."""
    document = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    return [
        _read_entry(file, entry, document["lists"])
        for entry in document["entries"]
        for file in entry["files"]
    ]


def stored_files() -> list[str]:
    """Return the names of all files of the corpus."""
    found = (path for path in FILES.rglob("*") if path.is_file())
    return sorted(path.relative_to(FILES).as_posix() for path in found)


def _read_entry(file: str, entry: Mapping[str, Any], lists: Mapping[str, Any]) -> Expectation:
    variables = tuple(entry.get("variables", DEFAULT_VARIABLES))
    if "upload" in entry:
        return Expectation(file, variables, upload=entry["upload"])
    if "errors" in entry:
        mistakes = tuple(_read_mistake(error) for error in entry["errors"])
        total = entry.get("total", len(mistakes))
        return Expectation(file, variables, mistakes=mistakes, total=total)
    if "ids" in entry:
        ((column, values),) = entry["ids"].items()
        return Expectation(
            file, variables, tuple({column: str(value), **IDS_ONLY} for value in values)
        )
    table = entry["members"]
    table = lists[table] if isinstance(table, str) else table
    return Expectation(
        file, variables, tuple(_read_row(table["columns"], row) for row in table["rows"])
    )


def _read_row(columns: Sequence[str], row: Sequence[Any]) -> Values:
    texts = zip(columns, map(str, row), strict=True)
    return {column: text for column, text in texts if text}


def _read_mistake(error: Mapping[str, Any]) -> Mistake:
    place = PLACE.fullmatch(error.get("at", ""))
    if not place or error.keys() - {"code", "at", "header", "value"}:
        raise ValueError(f"not understood: {error}")
    return Mistake(
        error["code"],
        place["sheet"] or "",
        place["column"],
        int(place["row"] or 0),
        error.get("header", ""),
        error.get("value"),
    )
