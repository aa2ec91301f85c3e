"""A process that reads one large JSON body and exits.

Parsing and validating a hostile text can take seconds, during which native code holds the
interpreter lock, and many times its size in memory. This process limits both, and no other request
waits.

Its input is a line with the fields `size`, `values`, `cost`, `checker` and `preparation`, and the
text.
Its output is a line `{"refused": ..., "violations": [...]}` and, without violations, the value
(json_transfer.py).
"""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Sequence
from typing import Any, BinaryIO, NamedTuple

import orjson

from mock_server.errors import ApiError, ContentTooLarge, ErrorDetail
from mock_server.http.body_preparation import BodyPreparation
from mock_server.http.json_text import check_value_count, read_json
from mock_server.http.schemas import SchemaChecker
from mock_server.runtime.json_transfer import encode_lines
from mock_server.runtime.process_limits import (
    TimeLimit,
    address_space_bytes,
    limit_memory,
    lower_priority,
)
from openapi import escape_token


class JsonCost(NamedTuple):
    """Limits of reading a body.

    memory: bytes, in addition to those of the process at its start; seconds: until its result.
    """

    memory: int = 176 * 2**20
    seconds: int = 30


USUAL_COST = JsonCost()
NICENESS = 5
"""Lowers the priority of the process, so that other requests are served first."""
UNKNOWN_ADDRESS_SPACE = 2**30
"""Bytes that the process reserves at its start, assumed where the system does not report it."""
MAX_TEXT_LENGTH = 4 * 2**20
"""Maximum length of a single string; the mock processes a string in one uninterruptible step."""
EXIT_OUT_OF_MEMORY = 3
"""Exit code; 1 is that of an unexpected exception, and a signal gives a negative one."""


def main() -> None:
    """Read one body; exit with EXIT_OUT_OF_MEMORY if it takes too much memory."""
    gc.disable()  # the process ends soon, and collections of a large value take long
    try:
        _read_body(sys.stdin.buffer, sys.stdout.buffer)
    except MemoryError:
        sys.exit(EXIT_OUT_OF_MEMORY)
    except BaseException as error:
        # Raised by Rust code that runs out of memory; PyO3 does not export the class.
        if type(error).__name__ == "PanicException":
            sys.exit(EXIT_OUT_OF_MEMORY)
        raise


def _read_body(source: BinaryIO, target: BinaryIO) -> None:
    asked = json.loads(source.readline())
    checker = SchemaChecker.from_definition(asked["checker"])
    preparation = BodyPreparation(checker.schema, **asked["preparation"])
    _limit_resources(JsonCost(*asked["cost"]))
    refused, value = 0, None
    violations: Sequence[ErrorDetail] = ()
    try:
        raw = source.read(asked["size"])
        check_value_count(raw, asked["values"])
        value, size = preparation.apply(read_json(raw), raw), len(raw)
        del raw
        if not checker.accepts(value):
            violations = checker.violations(value, "/body")
        elif size > MAX_TEXT_LENGTH:
            check_text_lengths(value, "/body")
    except ApiError as refusal:
        refused, violations = refusal.status, refusal.violations
    said = {
        "refused": refused,
        "violations": [_violation_fields(violation) for violation in violations],
    }
    target.write(orjson.dumps(said) + b"\n")
    if not violations:
        target.writelines(line + b"\n" for line in encode_lines(value))
    target.flush()


def _limit_resources(cost: JsonCost) -> None:
    """Set the limits of memory and time, and a lower priority."""
    # The limit counts reserved addresses, not only used memory.
    limit_memory((address_space_bytes() or UNKNOWN_ADDRESS_SPACE) + cost.memory)
    TimeLimit(cost.seconds).start()
    lower_priority(NICENESS)


def _violation_fields(violation: ErrorDetail) -> tuple[str, str, str, str]:
    return violation.pointer, violation.rule, violation.accepted, violation.found


def check_text_lengths(value: Any, pointer: str) -> None:
    """Raise ContentTooLarge if a string in `value` is longer than MAX_TEXT_LENGTH."""
    if isinstance(value, str):
        if len(value) > MAX_TEXT_LENGTH:
            accepted = f"maxTextSize {MAX_TEXT_LENGTH}"
            raise ContentTooLarge(ErrorDetail(pointer, "maxTextSize", accepted, str(len(value))))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, (str, list, dict)):
                check_text_lengths(item, f"{pointer}/{index}")
    elif isinstance(value, dict):
        for name, item in value.items():
            if len(name) > MAX_TEXT_LENGTH:
                check_text_lengths(name, pointer)
            if isinstance(item, (str, list, dict)):
                check_text_lengths(item, f"{pointer}/{escape_token(name)}")
