"""Sentences of mistakes in member files: both languages, fields, and codes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import mock_server
from openapi import MEMBER_FILE_SENTENCES, mistake_sentence

FIELDS = {"sheet", "row", "column", "header", "value", "name", "other", "limit"}
MADE_FINDING = re.compile(r'(?:Finding|_add|_finding)\(\s*"([a-z-]+)"')
TEXT = re.compile(r'"([a-z]+(?:-[a-z]+)+)"')
COMPOSED_CODES = {
    f"{about}-{kind}" for about in ("id", "variable") for kind in ("formula", "error")
}
"""Codes that `cell_explanations` makes of two words."""


@pytest.mark.parametrize("code", MEMBER_FILE_SENTENCES)
def test_a_sentence_has_the_same_fields_in_both_languages(code: str) -> None:
    """N5: each says what is wrong, then what to do, in Chinese and in English."""
    zh, en = MEMBER_FILE_SENTENCES[code]
    names = [set(re.findall(r"\{(\w+)\}", sentence)) for sentence in (zh, en)]
    assert names[0] == names[1] <= FIELDS
    assert zh.endswith("。")
    assert en.endswith(".")
    assert re.search("请|必须", zh)
    assert "{" not in mistake_sentence(code, dict.fromkeys(FIELDS, "x"), 0)


def test_every_code_of_the_reader_has_a_sentence_and_is_used() -> None:
    """A code without a sentence would be a 500."""
    folder = Path(mock_server.__file__).parent / "member_files"
    sources = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    known = {code for code in MEMBER_FILE_SENTENCES if "+" not in code}
    assert {*MADE_FINDING.findall(sources)} <= known
    assert known <= {*TEXT.findall(sources)} | COMPOSED_CODES


def test_a_field_that_is_missing_leaves_no_brace() -> None:
    """A mistake without a value still has its sentence."""
    assert mistake_sentence("header-not-first", {"row": 3}, 1) == (
        "The first row does not have the column names; row 3 looks like the header. "
        "Delete the rows above it."
    )


def test_an_empty_sheet_names_the_others_if_there_are_any() -> None:
    """The sentence is another one then."""
    assert "名单" in mistake_sentence("sheet-empty", {"sheet": "Sheet1", "other": "名单"}, 0)
    assert "其他工作表" not in mistake_sentence("sheet-empty", {"sheet": "Sheet1"}, 0)
