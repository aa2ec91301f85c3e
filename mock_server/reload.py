"""`--watch`: a changed contract is served without a restart, and the world stays."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openapi
from mock_server.http.operation import ContractMismatchError

log = logging.getLogger("mock_server")
POLL_SECONDS = 0.25
"""Seconds between two looks at the files; a change counts once it has lasted as long."""
FileStates = dict[Path, tuple[int, ...] | None]
"""What each file was when it was looked at; None for one that was not there."""


class ReloadableApplication:
    """An ASGI application that can be replaced by a newly built one between two requests."""

    def __init__(self, app: Any, build: Callable[[], Any]) -> None:
        """Start with `app`; `build` makes its successor."""
        self._app = app
        self._build = build

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve with the newest application."""
        await self._app(scope, receive, send)

    async def reload(self) -> bool:
        """Build anew; whatever goes wrong is logged in a line, the old one goes on, and False."""
        try:
            self._app = await asyncio.to_thread(self._build)
            log.warning("the contract has changed and is served anew")
            return True  # noqa: TRY300 - what is above may raise
        except (openapi.ContractError, ContractMismatchError) as error:
            log.error("the changed contract is broken, the old one is still served: %s", error)
        except Exception as error:  # noqa: BLE001 - the next save counts, whatever this one did
            reason = " ".join(f"{type(error).__name__}: {error}".split())[:500]
            log.error("the changed contract cannot be served, the old one still is: %s", reason)
        return False


class WatchedFiles:
    """The files that a contract is made of, as they were when they were last looked at.

    They are looked at by name, again and again: that goes on when an editor puts a new file in an
    old one's place, when a folder goes and comes back, and where the system reports no changes.
    """

    def __init__(self, contract: Path | None) -> None:
        """Look at the files of this contract (None: the project's own) for the first time."""
        self._contract = contract
        self.find_files()

    def find_files(self) -> None:
        """Find out anew which files there are: a missing one counts, too, until it is there."""
        try:
            found = (
                openapi.source_files(self._contract) if self._contract else openapi.source_files()
            )
        except Exception:  # noqa: BLE001 - a reload says what is wrong
            found = frozenset([self._contract] if self._contract else [])
        self._seen: FileStates = dict.fromkeys(found)
        self.have_changed()

    def have_changed(self) -> bool:
        """Return whether a file is not what it was at the last look."""
        now = {file: _file_state(file) for file in self._seen}
        changed = now != self._seen
        self._seen = now
        return changed

    def wait_until_unchanged(self) -> None:
        """Wait until no file changes any more: a save may take more than one step."""
        time.sleep(POLL_SECONDS)
        while self.have_changed():
            time.sleep(POLL_SECONDS)

    def report_english_errors(self) -> None:
        """Log what is wrong with the English texts, which are else read when they are asked for."""
        try:
            if self._contract:
                openapi.load(self._contract, lang="en", lenient=True)
            else:
                openapi.load(lang="en")
        except openapi.ContractError as error:
            log.error("the English texts of the changed contract are broken: %s", error)


async def watch(app: ReloadableApplication, files: WatchedFiles) -> None:
    """Reload the application whenever a file that its contract is made of changes."""
    while True:
        await asyncio.sleep(POLL_SECONDS)
        if not await asyncio.to_thread(files.have_changed):
            continue
        await asyncio.to_thread(files.wait_until_unchanged)
        await asyncio.to_thread(files.find_files)  # before they are read: a later change counts
        if await app.reload():
            await asyncio.to_thread(files.report_english_errors)


def _file_state(file: Path) -> tuple[int, ...] | None:
    try:
        about = file.stat()
    except (OSError, ValueError):
        return None
    # The last two tell a file in another's place, and one that may be read again.
    return about.st_mtime_ns, about.st_size, about.st_ino, about.st_ctime_ns
