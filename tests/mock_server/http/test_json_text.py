"""A JSON text with too many values is refused before it is parsed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.serving import FROZEN, RunningMock, run_mock

JSON = {"Content-Type": "application/json"}
MAX_VALUES = 310_000


@pytest.fixture(scope="module")
def limited_mock() -> Iterator[RunningMock]:
    """A mock with a limit of values in a body."""
    with run_mock(replace(FROZEN, max_json_values=MAX_VALUES)) as mock:
        yield mock


def count_values(value: Any) -> int:
    """Return the number of values in a parsed text, including itself."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + sum(map(count_values, parts))


@pytest.mark.parametrize(
    "raw",
    [
        rb"[]",
        rb"[1,2]",
        rb'{"a":[],"b":{}}',
        rb'[",,,[[[{{{"]',
        rb'["\"," , "\\", "\\\",[", ""]',
        rb'[ [ ] , { } , [ { "," : "[" } ] ]',
        b"[" + b'",",' * 300_000 + b"1]",
        b'["' + b"," * 2**21 + b'"]',
    ],
    ids=range(8),
)
def test_values_are_counted_in_the_text_as_they_are_after_parsing(
    raw: bytes, limited_mock: RunningMock
) -> None:
    """Commas and brackets in strings do not count, wherever a block of the text ends."""
    # Filled up to the limit: the text, the list around both, and its other items.
    others = MAX_VALUES - count_values(json.loads(raw)) - 1
    rules = []
    for more in (0, 1):
        body = b"[" + raw + b",1" * (others + more) + b"]"
        answer = limited_mock.client.post("/api/v1/notification-tasks", content=body, headers=JSON)
        rules.append((answer.status_code, answer.json()["errors"][0]["rule"]))
    assert rules == [(400, "type"), (413, "maxJsonValues")]
