"""Transfer of a JSON value between processes, in pieces that are quick to parse.

In one piece, a large value would be parsed in one call of native code, which holds the interpreter
lock and stops all requests. The first byte of a line is a command: WHOLE (a value), LIST and OBJECT
(open a container), MORE (items or fields of the open container), KEY (name of its next field),
CLOSE.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import jiter
import orjson

MAX_LINE_BYTES = 2**16
"""Approximate maximum size of a line; a string is never split."""
BATCH_ITEMS = 500
"""Number of items or fields that are tried in one line. Single items would fragment the memory."""
MAX_ITEMS_PER_LINE = 1_000
"""Number of items above which a container is split without trying to encode it in one line."""
WHOLE, MORE, LIST, OBJECT, KEY, CLOSE = b"=", b"+", b"[", b"{", b"k", b"]"


def encode_lines(value: Any) -> Iterator[bytes]:
    """Yield the lines of a value, and remove the encoded parts from it to free their memory."""
    if isinstance(value, (list, dict)):
        keys: Sequence[Any] = range(len(value)) if isinstance(value, list) else [*value]
        yield LIST if isinstance(value, list) else OBJECT
        for start in range(0, len(keys), BATCH_ITEMS):
            yield from _encode_items(value, keys[start : start + BATCH_ITEMS])
        yield CLOSE
    else:
        yield WHOLE + _encode(value)


def _encode_items(value: Any, keys: Sequence[Any]) -> Iterator[bytes]:
    """Yield the lines of some items or fields: one line if it is short, or those of each half."""
    parts = [value[key] for key in keys]
    is_open = isinstance(parts[0], (list, dict))
    if not any(isinstance(part, (list, dict)) and len(part) > MAX_ITEMS_PER_LINE for part in parts):
        written = _encode(parts if isinstance(value, list) else dict(zip(keys, parts, strict=True)))
        if len(written) <= MAX_LINE_BYTES or (len(keys) == 1 and not is_open):
            # Freed part by part: the process has a limit, and the value may take most of it.
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
    """Return the value that the lines describe."""
    open_ones: list[Any] = [[]]  # containers that are open, below a list for the whole value
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
    except TypeError:  # an integer of more than 64 bits
        return json.dumps(value, ensure_ascii=False).encode()
