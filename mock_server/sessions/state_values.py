"""Reading of the single values of a state's document: clock, generator, numbers, ranges of ids."""

from __future__ import annotations

import random
import struct
from base64 import b64decode
from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from mock_server.clock import (
    CST,
    EARLIEST_INSTANT,
    LATEST_INSTANT,
    MAX_SCALE,
    MIN_SCALE,
    ClockState,
)
from mock_server.sessions.record_codec import check_object, shape_error
from mock_server.sessions.state_document import GENERATOR_VERSION, GENERATOR_WORDS

MAX_NAME_LENGTH = 255


def read_integer(value: Any, pointer: str, limit: int, least: int = 0) -> int:
    """Return an integer from `least` to `limit`; raises StateError."""
    if type(value) is not int or not least <= value <= limit:
        raise shape_error(pointer, f"integer, {least} to {limit}", value)
    return value


def read_name(value: Any, pointer: str) -> Any:
    """Return the name of a scenario, which may be that of a file; raises StateError."""
    if not isinstance(value, str) or not 1 <= len(value) <= MAX_NAME_LENGTH:
        raise shape_error(pointer, f"string of 1 to {MAX_NAME_LENGTH} characters", value)
    return value


def read_clock(value: Any, pointer: str) -> ClockState:
    """Return the state of a clock; raises StateError."""
    check_object(value, ClockState._fields, pointer)
    if not isinstance(value["frozen"], bool):
        raise shape_error(f"{pointer}/frozen", "boolean", value["frozen"])
    scale = value["scale"]
    if isinstance(scale, bool) or not isinstance(scale, (int, float)):
        raise shape_error(f"{pointer}/scale", "number", scale)
    if not MIN_SCALE <= scale <= MAX_SCALE:
        raise shape_error(f"{pointer}/scale", f"{MIN_SCALE} to {MAX_SCALE}", str(scale))
    now, started = (read_instant(value[name], f"{pointer}/{name}") for name in ("now", "started"))
    if started > now:
        raise shape_error(f"{pointer}/started", f"<= {value['now']}", value["started"])
    return ClockState(now, value["frozen"], scale, started)


def read_instant(value: Any, pointer: str) -> datetime:
    """Return an instant as a clock has it; raises StateError."""
    try:
        found = datetime.fromisoformat(value).astimezone(CST)
    except (TypeError, ValueError, OverflowError):
        found = None
    # The comparison refuses other forms, so that the same state is always written the same way.
    if found is None or found.isoformat() != value:
        raise shape_error(pointer, "yyyy-MM-ddTHH:mm:ss+08:00", value)
    if not EARLIEST_INSTANT <= found <= LATEST_INSTANT:
        accepted = f"{EARLIEST_INSTANT.isoformat()} to {LATEST_INSTANT.isoformat()}"
        raise shape_error(pointer, accepted, value)
    return found


def read_generator(value: Any, pointer: str, generator: random.Random) -> None:
    """Set the state of a generator; raises StateError."""
    try:
        words = GENERATOR_WORDS.unpack(b64decode(value, validate=True))
        generator.setstate((GENERATOR_VERSION, words, None))
    except (TypeError, ValueError, struct.error):
        accepted = f"base64 of {GENERATOR_WORDS.size} bytes, the last number at most 624"
        raise shape_error(pointer, accepted, value) from None


def read_range(value: Any, pointer: str) -> tuple[int, int]:
    """Return the first and the last id of a range; raises StateError."""
    if isinstance(value, list) and len(value) == 2:
        first, last = value
        if type(first) is int and type(last) is int and first <= last:
            return first, last
    raise shape_error(pointer, "[first id, last id]", value)


def outside_of(ranges: Iterable[tuple[int, int]]) -> Callable[[int], bool]:
    """Return a function that returns whether an id is in none of the ranges."""
    ordered = sorted(ranges)
    firsts = [first for first, _ in ordered]

    def is_outside(id_: int) -> bool:
        at = bisect_right(firsts, id_) - 1
        return at < 0 or ordered[at][1] < id_

    return is_outside
