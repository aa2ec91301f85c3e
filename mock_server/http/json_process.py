"""A process that reads one large JSON body and exits.

Parsing and checking a hostile text can take seconds, during which native code holds the interpreter
lock, and many times its size in memory. Here both are bounded, and no other request waits.

It takes from stdin a line `{"size": ..., "values": ..., "checker": ...}` and the text. It answers a
line `{"refused": ..., "violations": [...]}`, and the value (json_transfer.py) when nothing is
wrong.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from mock_server.errors import ApiError, ContentTooLarge, ErrorDetail
from mock_server.http.json_text import check_value_count, read_json
from mock_server.http.schemas import SchemaChecker
from mock_server.runtime.json_transfer import encode_lines
from openapi import escape_token

MAX_MEMORY = 176 * 2**20
"""Bytes, beside those of the process before it has read anything."""
MAX_SECONDS = 30
NICENESS = 5
"""Where there is too little processor for all, other requests come first."""
MAX_TEXT_LENGTH = 4 * 2**20
"""Bytes of a text: what is done with one is done in one go."""
EXIT_OUT_OF_MEMORY = 3


def main() -> None:
    """Read one body; exits with EXIT_OUT_OF_MEMORY when it takes too much."""
    gc.disable()  # what a process makes that ends at once need not be collected
    try:
        _read_body(sys.stdin.buffer, sys.stdout.buffer)
    except MemoryError:
        sys.exit(EXIT_OUT_OF_MEMORY)
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # what native code makes of a lack of memory
            sys.exit(EXIT_OUT_OF_MEMORY)
        raise


def _read_body(source: BinaryIO, target: BinaryIO) -> None:
    asked = json.loads(source.readline())
    checker = SchemaChecker.of(asked["checker"])
    _set_limits()
    refused, value = 0, None
    violations: Sequence[ErrorDetail] = ()
    try:
        raw = source.read(asked["size"])
        check_value_count(raw, asked["values"])
        value, size = read_json(raw), len(raw)
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


def _set_limits() -> None:
    """Set limits that the system enforces. Windows has none of these."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - only there

        limit = _address_space_bytes() + MAX_MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        signal.alarm(MAX_SECONDS)
        os.nice(NICENESS)


def _address_space_bytes() -> int:
    """Bytes that this process has now; a guess where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * 4096
    except OSError:
        return 2**30


def _violation_fields(violation: ErrorDetail) -> tuple[str, str, str, str]:
    return violation.pointer, violation.rule, violation.accepted, violation.found


def check_text_lengths(value: Any, pointer: str) -> None:
    """Raise ContentTooLarge when a text is longer than MAX_TEXT_LENGTH."""
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
