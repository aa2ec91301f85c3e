"""`--watch`: serves a changed contract without a restart; the world is kept."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import openapi
from mock_server.http.operation import ContractMismatchError

log = logging.getLogger("mock_server")
POLL_SECONDS = 0.25
"""Seconds between two checks of the files, and during which none may change before a reload."""
FileStates = dict[Path, tuple[int, ...] | None]
"""State of each file when it was last checked; None for a missing file."""


class ReloadableApplication:
    """An ASGI application that can be replaced between two requests."""

    def __init__(self, app: Any, build: Callable[[], Any]) -> None:
        """Start with `app`; `build` returns its successor."""
        self._app = app
        self._build = build

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve a request with the newest application."""
        await self._app(scope, receive, send)

    async def reload(self) -> bool:
        """Replace the application by a new one, and return whether this succeeded.

        An error is logged in one line, and the old application continues.
        """
        try:
            # In a thread, so that requests are served meanwhile.
            self._app = await asyncio.to_thread(self._build)
            log.warning("the contract has changed and was reloaded")
            return True  # noqa: TRY300 - what is above may raise
        except (openapi.ContractError, ContractMismatchError) as error:
            log.error("the changed contract is broken; still serving the old one: %s", error)
        except Exception as error:  # noqa: BLE001 - the next save may repair it
            reason = " ".join(f"{type(error).__name__}: {error}".split())[:500]
            log.error("the changed contract failed to load; still serving the old one: %s", reason)
        return False


class WatchedFiles:
    """The files of a contract and their state when they were last checked.

    They are polled by name. Notifications of the system would end when an editor replaces a file or
    git replaces a folder, and network and container mounts often send none.
    """

    def __init__(self, contract: Path | None) -> None:
        """Check the files of a contract (None: the project's own) for the first time."""
        self._contract = contract
        self.find_files()

    def find_files(self) -> None:
        """Determine the contract's files again, including missing ones, and record their state."""
        try:
            found = (
                openapi.source_files(self._contract) if self._contract else openapi.source_files()
            )
        except Exception:  # noqa: BLE001 - a reload logs the error
            found = frozenset([self._contract] if self._contract else [])
        self._seen: FileStates = dict.fromkeys(found)
        self.have_changed()

    def have_changed(self) -> bool:
        """Return whether a file has changed since the last check."""
        now = file_states(self._seen)
        changed = now != self._seen
        self._seen = now
        return changed

    def wait_until_unchanged(self) -> None:
        """Wait until no file has changed for POLL_SECONDS."""
        # A save may take several steps, and a checkout of git changes one file after another.
        time.sleep(POLL_SECONDS)
        while self.have_changed():
            time.sleep(POLL_SECONDS)

    def report_english_errors(self) -> None:
        """Load the English contract, and log its error if it is broken."""
        # The mock itself reads the English texts only when a page is requested in English.
        try:
            if self._contract:
                openapi.load(self._contract, lang="en", lenient=True)
            else:
                openapi.load(lang="en")
        except openapi.ContractError as error:
            log.error("the English texts of the changed contract are broken: %s", error)


async def reload_on_change(app: ReloadableApplication, files: WatchedFiles) -> None:
    """Reload the application whenever a file of its contract changes."""
    while True:
        await asyncio.sleep(POLL_SECONDS)
        if not await asyncio.to_thread(files.have_changed):
            continue
        await asyncio.to_thread(files.wait_until_unchanged)
        await asyncio.to_thread(files.find_files)  # before the reload, so no later change is missed
        if await app.reload():
            await asyncio.to_thread(files.report_english_errors)


def file_states(files: Iterable[Path]) -> FileStates:
    """Return the state of each file."""
    return {file: _file_state(file) for file in files}


def _file_state(file: Path) -> tuple[int, ...] | None:
    try:
        about = file.stat()
    except (OSError, ValueError):
        return None
    # Inode and ctime also show a file that was replaced by one of the same time and size, and a
    # change of permissions that makes a file readable.
    return about.st_mtime_ns, about.st_size, about.st_ino, about.st_ctime_ns
