"""Options that limit memory: sizes of bodies, of what is stored, of sessions and journals."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from mock_server.option_values import parse_count, parse_limit, parse_storage_limit
from mock_server.settings import (
    DEFAULT_MAX_JOURNAL_BYTES,
    DEFAULT_MAX_JOURNAL_ENTRIES,
    DEFAULT_MAX_SESSIONS,
    MIB,
)
from mock_server.world.world import DEFAULT_MAX_STORAGE_BYTES

LIMITS = (
    "max_body_size",
    "max_json_size",
    "max_json_values",
    "max_storage",
    "max_sessions",
    "max_journal_entries",
    "max_journal_bytes",
)
"""Names of the settings; each option has the name of its setting."""


def add_limit_options(option: Callable[..., None]) -> None:
    """Add the options by calling `option`."""
    option(
        "--max-body-size",
        default=str(64 * MIB),
        kind=parse_limit,
        help="maximum size of a body, in bytes",
    )
    option(
        "--max-json-size",
        default=str(32 * MIB),
        kind=parse_limit,
        help="maximum size of a JSON body, in bytes; --max-body-size applies as well",
    )
    option(
        "--max-json-values",
        default="1000000",
        kind=parse_limit,
        help="maximum number of values in a large JSON body",
    )
    option(
        "--max-storage",
        default=str(DEFAULT_MAX_STORAGE_BYTES),
        kind=parse_storage_limit,
        help="maximum total size of stored files and records of all sessions, in bytes",
    )
    option(
        "--max-sessions",
        default=str(DEFAULT_MAX_SESSIONS),
        kind=parse_limit,
        help="maximum number of sessions besides the default one; beyond it, the least recently "
        "used one is removed",
    )
    option(
        "--max-journal-entries",
        default=str(DEFAULT_MAX_JOURNAL_ENTRIES),
        kind=parse_count,
        metavar="N",
        help="maximum number of requests in the journal of a session; 0 turns it off",
    )
    option(
        "--max-journal-bytes",
        default=str(DEFAULT_MAX_JOURNAL_BYTES),
        kind=parse_limit,
        metavar="N",
        help="maximum memory of the journals of all sessions, in bytes; beyond it, the oldest "
        "requests are dropped",
    )


def limit_settings(options: argparse.Namespace) -> dict[str, Any]:
    """Return the limits as arguments of Settings."""
    return {name: getattr(options, name) for name in LIMITS}
