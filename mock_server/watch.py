"""`--watch`: a changed contract is served without a restart, and the world stays."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from watchfiles import awatch

import openapi
from mock_server.dispatch import ContractMismatch

log = logging.getLogger("mock_server")


class Reloading:
    """An ASGI application that can be replaced by a newly built one between two requests."""

    def __init__(self, app: Any, build: Callable[[], Any]) -> None:
        """Start with `app`; `build` makes its successor."""
        self._app = app
        self._build = build

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve with the newest application."""
        await self._app(scope, receive, send)

    async def reload(self) -> None:
        """Build anew; a contract that is broken is reported and the old one goes on."""
        try:
            self._app = await asyncio.to_thread(self._build)
            log.warning("the contract has changed and is served anew")
        except (openapi.ContractError, ContractMismatch) as error:
            log.error("the changed contract is broken, the old one is still served: %s", error)


async def watch(app: Reloading, contract: Path | None) -> None:
    """Reload the application whenever a file beside the contract changes."""
    folder = (contract or Path(openapi.__file__)).resolve().parent
    async for _changes in awatch(folder, watch_filter=lambda _change, path: path.endswith(".yaml")):
        await app.reload()
