"""Workbooks and their exports as CSV by LibreOffice, which have the same members and values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from tests.corpus.client import Outcome

FOLDER = "exports"


def exported_pairs(files: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the names of each workbook and its export."""
    named = set(files)
    for file in sorted(named):
        path = PurePosixPath(file)
        if path.parts[0] == FOLDER and path.suffix != ".csv":
            yield file, str(path.with_suffix(".csv"))


def find_pair_differences(book: Outcome, text: Outcome) -> list[str]:
    """Return a line for each difference between the outcomes of a workbook and its export."""
    if book.status != text.status:
        return [f"status {book.status} and {text.status}"]
    if book.status != 200:
        mistakes, others = map(_mistakes, (book, text))
        return [] if mistakes == others else [f"{mistakes} and {others}"]
    found = []
    if [name for _, name in book.members] != [name for _, name in text.members]:
        found.append(f"{book.members} and {text.members}")
    one, other = (_sample(outcome.check) for outcome in (book, text))
    return [*found, *(f"{a} and {b}" for a, b in zip(one, other, strict=True) if a != b)]


def _mistakes(outcome: Outcome) -> list[tuple[Any, ...]]:
    """Return code, place and value of all errors, without the sheet, which a text does not have."""
    fields = ("code", "row", "column", "header", "value")
    return [tuple(map(error.get, fields)) for error in outcome.refused[0]["errors"]]


def _sample(check: Mapping[str, Any] | None) -> list[dict[str, str]]:
    return list(check["sample"]) if check else []
