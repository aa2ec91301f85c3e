"""Checks of a JSON text before it is parsed, and the transfer of its value between processes."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from mock_server.errors import ContentTooLarge
from mock_server.http.json_text import check_value_count
from mock_server.runtime import json_transfer


def smallest_accepted_limit(raw: bytes) -> int:
    """Return the lowest limit with which a text is accepted."""
    low, high = 0, len(raw) + 2
    while low < high:
        limit = (low + high) // 2
        try:
            check_value_count(raw, limit)
        except ContentTooLarge:
            low = limit + 1
        else:
            high = limit
    return low


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
)
def test_values_are_counted_in_the_text_as_they_are_after_parsing(raw: bytes) -> None:
    """Commas and brackets in strings do not count, wherever a block of the text ends."""
    assert smallest_accepted_limit(raw) == count_values(json.loads(raw))


def test_a_value_arrives_as_it_was_sent_in_pieces_of_bounded_size() -> None:
    """Lists, objects and integers may have any size and depth, and floats stay floats."""
    chance = random.Random(7)
    deep: Any = ["x" * 70_000, {}]
    for _ in range(60):
        deep = {"name": deep, "other": [1.0, -0.0, 2**70, None, True, "\n好"]}
    value = {
        "members": [{"userId": f"U{i}", "n": chance.random()} for i in range(20_000)],
        "fields": {f"f{i}": [i] for i in range(20_000)},
        "deep": deep,
        "": [[], {}, [[]]],
    }
    sent = json.dumps(value)
    lines = list(json_transfer.encode_lines(json.loads(sent)))
    assert json.dumps(json_transfer.decode_lines(lines)) == sent
    assert max(map(len, lines)) < 2 * json_transfer.MAX_LINE_BYTES
    wholes: list[Any] = [1, "好", None, [], {}, [[1]]]
    for whole in wholes:
        assert (
            json_transfer.decode_lines(json_transfer.encode_lines(json.loads(json.dumps(whole))))
            == whole
        )
