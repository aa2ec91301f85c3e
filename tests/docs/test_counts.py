"""Texts that say how many operations there are say how many there are."""

from __future__ import annotations

import re

import pytest

import openapi
from tests.docs.markdown import ROOT
from tests.openapi.walking import operations

COUNT = re.compile(r"([0-9]+) (?:operations\b|个操作)")
TEXTS = {name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh.md")}
DESCRIPTIONS = {
    "openapi.yaml": openapi.load()["info"]["description"],
    "en.yaml": openapi.load(lang="en")["info"]["description"],
}


@pytest.mark.parametrize("name", [*TEXTS, *DESCRIPTIONS])
def test_the_first_count_of_operations_is_right(name: str) -> None:
    """In the introductions of both languages; further down, reports of earlier runs are shown."""
    found = COUNT.search((TEXTS | DESCRIPTIONS)[name])
    assert found
    assert int(found[1]) == len(operations(openapi.load()))
