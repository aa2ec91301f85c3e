"""The catalogue of mistakes in member files: what the field `code` of an error can have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from openapi.contract_loading import Language
from openapi.languages import LANGUAGES
from openapi.member_file_texts import FILE_SENTENCES, SHEET_SENTENCES
from openapi.member_value_texts import ID_SENTENCES, VARIABLE_SENTENCES

Sentences = Mapping[str, tuple[str, str]]
GROUPS: Mapping[str, Sentences] = {
    "file": FILE_SENTENCES,
    "sheet": SHEET_SENTENCES,
    "id": ID_SENTENCES,
    "variable": VARIABLE_SENTENCES,
}
"""Sentences by the group of their codes; the text `errors_codes_GROUP` is its title."""
LAYOUT_RULES = ("NT-10", "MT-03")
ID_RULES = ("NT-05", "MT-08")
VARIABLE_RULES = ("NT-07",)
GROUP_RULES = {
    "file": LAYOUT_RULES,
    "sheet": LAYOUT_RULES,
    "id": ID_RULES,
    "variable": VARIABLE_RULES,
}
REPETITION_RULES = ("NT-30", "MT-16")
REPETITIONS = ("file-repeated", "id-repeated", "member-repeated")
"""Codes of one member, or one file, that is listed twice; they have rules of their own."""
CELL = ("row", "column", "header", "value")
TITLE_CELL = ("row", "column", "header")
PLACES: Mapping[str, tuple[str, ...]] = {
    "file-unknown": ("value",),
    "file-repeated": ("value",),
    "separator-mixed": ("row", "value"),
    "separator-wrong": ("row", "value"),
    "encoding-unreadable": ("row", "value"),
    "quote-unclosed": ("row",),
    "quote-misplaced": ("row",),
    "rows-too-many": ("row", "column"),
    "columns-too-many": ("row", "value"),
    "cells-too-many": ("value",),
    "unpacked-too-large": ("value",),
    "header-only": ("row", "column"),
    "row-too-long": ("row", "column", "value"),
    "header-not-first": ("row", "value"),
    "header-missing": ("row", "column", "value"),
    "header-duplicate": TITLE_CELL,
    "header-empty": ("row", "column", "value"),
    "note-beside": ("row", "column", "value"),
    "note-below": CELL,
    "footer-row": CELL,
    "cell-too-long": CELL,
    "cell-nul": TITLE_CELL,
    "id-column-missing": ("row", "value"),
    "id-column-misnamed": TITLE_CELL,
    "id-column-empty": ("column", "header"),
    "id-missing": TITLE_CELL,
    "variable-column-missing": ("row", "header"),
    "variable-column-misnamed": TITLE_CELL,
    "variable-column-empty": ("column", "header"),
    "variable-missing": TITLE_CELL,
}
"""Fields of an error that name the place in the file and what stands there, by its code.

Other codes of ids and variables have all of `CELL`, other codes of files and sheets none. `file`,
`fileId` and `sheet` are not listed, since every error has them as far as they exist.
"""
OTHER_SENTENCE = "+other"
"""End of the key of a second sentence for the same code (`openapi.member_file_texts`)."""


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """A code with its sentences, the rules of both kinds of task, and its fields."""

    code: str
    sentences: tuple[str, ...]
    rules: tuple[str, ...]
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CodeGroup:
    """The codes of one group, by whose name its title and its anchor are made."""

    name: str
    codes: tuple[CodeEntry, ...]


def code_groups(lang: Language) -> Iterator[CodeGroup]:
    """Yield all codes with their sentences in a language."""
    index = LANGUAGES.index(lang)
    for name, sentences in GROUPS.items():
        codes = (code for code in sentences if not code.endswith(OTHER_SENTENCE))
        yield CodeGroup(name, tuple(_entry(code, name, sentences, index) for code in codes))


def _entry(code: str, group: str, sentences: Sentences, index: int) -> CodeEntry:
    keys = (key for key in (code, code + OTHER_SENTENCE) if key in sentences)
    rules = REPETITION_RULES if code in REPETITIONS else GROUP_RULES[group]
    default = CELL if group in ("id", "variable") else ()
    return CodeEntry(
        code, tuple(sentences[key][index] for key in keys), rules, PLACES.get(code, default)
    )
