"""The number of operations in texts is right."""

from __future__ import annotations

import re

import pytest

import openapi
from tests.docs.markdown import ROOT
from tests.openapi.walking import operations_by_id

OPERATION_COUNT = re.compile(r"([0-9]+) (?:operations\b|个操作)")
README_TEXTS = {
    name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh.md")
}
CONTRACT_DESCRIPTIONS = {
    "openapi.yaml": openapi.load()["info"]["description"],
    "en.yaml": openapi.load(lang="en")["info"]["description"],
}


@pytest.mark.parametrize("name", [*README_TEXTS, *CONTRACT_DESCRIPTIONS])
def test_the_first_count_of_operations_is_right(name: str) -> None:
    """Only the introductions of both languages are checked; reports of earlier runs may differ."""
    found = OPERATION_COUNT.search((README_TEXTS | CONTRACT_DESCRIPTIONS)[name])
    assert found
    assert int(found[1]) == len(operations_by_id(openapi.load()))
