"""Options of a mock that a test starts, as keywords: those of `hypers-mock --help`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from os import PathLike, fspath
from typing import Any, TypedDict

from mock_server.testing.documents import instant_text


class StartOptions(TypedDict, total=False):
    """The options of `hypers-mock`, with underscores for hyphens.

    frozen: True (the default here) for 2025-04-21 09:00, an instant, or False for a running clock;
    scenario, readings: the name of one, or the path of a file;
    other options: a list repeats one, and None leaves it out.
    """

    frozen: bool | datetime | str
    scenario: str | PathLike[str] | None
    size: int | None
    seed: int | None
    time_scale: float | None
    token_lifetime: int | None
    admin_token: str | None
    admin_host: Sequence[str] | None
    admin_cors: Sequence[str] | None
    root_path: str | None
    log_level: str | None
    max_body_size: int | None
    max_json_size: int | None
    max_json_values: int | None
    max_storage: int | None
    max_sessions: int | None
    max_journal_entries: int | None
    max_journal_bytes: int | None
    readings: str | PathLike[str] | None
    reading: Sequence[str] | None
    proxy: str | None
    proxy_operations: Sequence[str] | None
    proxy_auth_url: str | None
    proxy_host: Sequence[str] | None
    proxy_ca: str | PathLike[str] | None
    proxy_timeout: float | None
    contract: str | PathLike[str] | None
    cors: bool | None
    strict: bool | None
    watch: bool | None


def command_line(options: StartOptions) -> list[str]:
    """Return options as command-line arguments.

    Raises TypeError for a name that `StartOptions` does not have.
    """
    chosen: dict[str, Any] = {"frozen": True, **options}
    if unknown := chosen.keys() - StartOptions.__annotations__.keys():
        known = ", ".join(sorted(StartOptions.__annotations__))
        raise TypeError(
            f"not an option of the mock: {', '.join(sorted(unknown))}; there are {known}"
        )
    if chosen["frozen"] is False:
        del chosen["frozen"]
    found: list[str] = []
    for name, value in chosen.items():
        found += _words(f"--{name.replace('_', '-')}", value)
    return found


def _words(flag: str, value: Any) -> list[str]:
    if value is None:
        return []
    if isinstance(value, bool):
        return [flag if value else flag.replace("--", "--no-", 1)]
    if flag == "--frozen":
        return [f"{flag}={instant_text(value)}"]
    if isinstance(value, (list, tuple)):
        return [f"{flag}={each}" for each in value]
    return [f"{flag}={fspath(value) if isinstance(value, PathLike) else value}"]
