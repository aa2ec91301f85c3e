"""A JSON value passed from one process to another in pieces that are quick to read.

Each line begins with what to do: WHOLE, a value; LIST and OBJECT, open one; MORE, items or fields
of the open one; KEY, the name of its next field; CLOSE.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import jiter
import orjson

MAX_LINE_BYTES = 2**16
"""Bytes of a line, more or less; a text is one piece."""
BATCH_ITEMS = 500
"""Items or fields that are tried in one piece. One at a time, each would leave a hole in memory."""
MAX_ITEMS_PER_LINE = 1_000
"""From so many items on it is not even tried to write something in one piece."""
WHOLE, MORE, LIST, OBJECT, KEY, CLOSE = b"=", b"+", b"[", b"{", b"k", b"]"


def encode_lines(value: Any) -> Iterator[bytes]:
    """Yield the lines of a value. Parts passed on are removed from it, to free their memory."""
    if isinstance(value, (list, dict)):
        keys: Sequence[Any] = range(len(value)) if isinstance(value, list) else [*value]
        yield LIST if isinstance(value, list) else OBJECT
        for start in range(0, len(keys), BATCH_ITEMS):
            yield from _encode_items(value, keys[start : start + BATCH_ITEMS])
        yield CLOSE
    else:
        yield WHOLE + _encode(value)


def _encode_items(value: Any, keys: Sequence[Any]) -> Iterator[bytes]:
    """Yield the lines of some items or fields: one line, or those of each half, or of one."""
    parts = [value[key] for key in keys]
    is_open = isinstance(parts[0], (list, dict))
    if not any(isinstance(part, (list, dict)) and len(part) > MAX_ITEMS_PER_LINE for part in parts):
        written = _encode(parts if isinstance(value, list) else dict(zip(keys, parts, strict=True)))
        if len(written) <= MAX_LINE_BYTES or (len(keys) == 1 and not is_open):
            for key in keys:
                value[key] = None
            yield MORE + written
            return
        del written
    if len(keys) > 1:
        del parts
        half = len(keys) // 2
        yield from _encode_items(value, keys[:half])
        yield from _encode_items(value, keys[half:])
    else:
        value[keys[0]] = None
        if isinstance(value, dict):
            yield KEY + _encode(keys[0])
        yield from encode_lines(parts.pop())


def decode_lines(found: Iterable[bytes]) -> Any:
    """Return the value that lines describe."""
    open_ones: list[Any] = [[]]
    names: list[str] = []
    for line in found:
        what, rest = line[:1], line[1:]
        if what == MORE:
            more = _decode(rest)
            (open_ones[-1].extend if isinstance(more, list) else open_ones[-1].update)(more)
        elif what == KEY:
            names.append(_decode(rest))
        elif what == CLOSE:
            open_ones.pop()
        else:
            made: Any = _decode(rest) if what == WHOLE else [] if what == LIST else {}
            if isinstance(open_ones[-1], list):
                open_ones[-1].append(made)
            else:
                open_ones[-1][names.pop()] = made
            if what != WHOLE:
                open_ones.append(made)
    return open_ones[0][0]


def _decode(written: bytes) -> Any:
    return jiter.from_json(written)


def _encode(value: Any) -> bytes:
    try:
        return orjson.dumps(value)
    except TypeError:  # whole numbers of more than 64 bits
        return json.dumps(value, ensure_ascii=False).encode()
