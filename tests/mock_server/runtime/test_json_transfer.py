"""Transfer of the value of a JSON text between processes."""

from __future__ import annotations

import json
import random
from typing import Any

from mock_server.runtime.json_transfer import decode_lines, encode_lines

MAX_PIECE_BYTES = 2**17
"""Size that is parsed in less than a millisecond; the longest string of the value is shorter."""


def test_a_value_arrives_as_it_was_sent_in_pieces_of_bounded_size() -> None:
    """Lists, objects and integers may have any size and depth, and floats stay floats."""
    chance = random.Random(7)
    deep: Any = ["x" * 70_000, {}]
    for _ in range(60):
        deep = {"name": deep, "other": [1.0, -0.0, 2**70, None, True, "\n好"]}
    value = {
        "members": [{"userId": f"U{i}", "n": chance.random()} for i in range(20_000)],
        "fields": {f"f{i}": [i] for i in range(20_000)},
        "texts": ["x" * 30_000] * 40,
        "deep": deep,
        "": [[], {}, [[]]],
    }
    sent = json.dumps(value)
    lines = list(encode_lines(json.loads(sent)))
    assert json.dumps(decode_lines(lines)) == sent
    assert max(map(len, lines)) < MAX_PIECE_BYTES
    wholes: list[Any] = [1, "好", None, [], {}, [[1]]]
    for whole in wholes:
        assert decode_lines(encode_lines(json.loads(json.dumps(whole)))) == whole
