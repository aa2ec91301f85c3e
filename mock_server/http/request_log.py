"""One line of the log for each request, with the reason of a refusal (`--log-level info`)."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from mock_server.http.problem import ProblemWriter
from mock_server.http.secret_redaction import redact_target
from mock_server.http.undeclared_input import UndeclaredName
from mock_server.sessions.journal import JournalEntry

log = logging.getLogger("mock_server.requests")
MAX_SHOWN_PATH = 300
CONTROL_CHARACTERS = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))}
"""A request could otherwise begin a line of its own, or change the colors of the terminal."""


def log_request(entry: JournalEntry, session: str, problems: ProblemWriter) -> None:
    """Write the line of a request that has ended."""
    log.info("%s", format_request(entry, session, problems))


def format_request(entry: JournalEntry, session: str, problems: ProblemWriter) -> str:
    """Return the line of a request, without secrets.

    session: the session's name; problems: has the sentences of the rules.
    """
    words = [
        f"{entry.method} {_format_address(entry)}".strip() or "(no request)",
        str(entry.status or "no response"),
        f"{entry.duration * 1000:.1f} ms",
        *([entry.operation] if entry.operation else []),
        *([f"caller={entry.caller}"] if entry.caller else []),
        f"session={session}",
    ]
    notes = [
        *([f"refused: {problems.reason_text(entry.violations)}"] if entry.violations else []),
        *([f"ignored: {_format_names(entry.undeclared)}"] if entry.undeclared else []),
        *(["faults: " + ", ".join(map(str, entry.faults))] if entry.faults else []),
    ]
    return "; ".join([" ".join(words), *notes]).translate(CONTROL_CHARACTERS)


def _format_address(entry: JournalEntry) -> str:
    address = redact_target(entry)
    return address if len(address) <= MAX_SHOWN_PATH else f"{address[:MAX_SHOWN_PATH]}…"


def _format_names(names: Iterable[UndeclaredName]) -> str:
    return ", ".join(
        f"{each.pointer} ({each.nearest}?)" if each.nearest else each.pointer for each in names
    )
