"""`--watch` with a scenario file: sessions begin again when the file changes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

from mock_server.reload import POLL_SECONDS, FileStates, file_states
from mock_server.scenario_options import Start
from mock_server.seed import ScenarioError, ScenarioFile
from mock_server.sessions.registry import SessionRegistry
from openapi import ContractError

log = logging.getLogger("mock_server")


async def restart_on_change(
    sessions: SessionRegistry, scenario: ScenarioFile, load: Callable[[], Start]
) -> None:
    """Begin again whenever the scenario's file, or a file that it names, has changed.

    load: reads the file again. Errors are logged, and the old data stays.
    """
    files = _files_of(scenario)
    seen = file_states(files)
    while True:
        await asyncio.sleep(POLL_SECONDS)
        found = await asyncio.to_thread(file_states, files)
        if found == seen:
            continue
        # A save may take several steps, so nothing is read until the files stay as they are.
        while (now := await _later_states(files)) != found:
            found = now
        seen = found
        try:
            start = await asyncio.to_thread(load)
            if not isinstance(start.scenario, ScenarioFile):
                return
            files = _files_of(start.scenario)
            seen = file_states(files)
            instant = start.frozen or start.begins
            await sessions.begin_again(
                sessions.start.changed(start.scenario, start.seed, instant=instant)
            )
            log.warning("the scenario has changed, and its sessions began again")
        except (ContractError, ScenarioError) as error:  # the operations are those of a contract
            for line in str(error).splitlines():
                log.error("the changed scenario is not used: %s", line)


def _files_of(scenario: ScenarioFile) -> list[Path]:
    """Return the file of a scenario, and those that it names."""
    if scenario.path is None:
        return []
    named = (entry["path"] for entry in scenario.document.get("files", ()) if "path" in entry)
    return [scenario.path, *(scenario.path.parent / path for path in named)]


async def _later_states(files: list[Path]) -> FileStates:
    await asyncio.sleep(POLL_SECONDS)
    return await asyncio.to_thread(file_states, files)
