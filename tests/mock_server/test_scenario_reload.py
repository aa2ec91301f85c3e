"""`--watch` with a scenario file."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from mock_server.app import create_app
from mock_server.http.application import Application
from mock_server.scenario_options import Start, read_start
from mock_server.scenario_reload import restart_on_change
from mock_server.seed import ScenarioFile
from tests.serving import FROZEN


def write(path: Path, text: str) -> None:
    """Write a text, which changes the size of the file."""
    path.write_text(text, encoding="utf-8")


@asynccontextmanager
async def watched_mock(path: Path, contract: Path | None = None) -> AsyncIterator[Application]:
    """A mock whose scenario file is watched, with the operations of a contract."""

    def load() -> Start:
        return read_start(path, 1, FROZEN.frozen, contract)

    scenario = load().scenario
    assert isinstance(scenario, ScenarioFile)
    app = create_app(replace(FROZEN, scenario=scenario, seed=1))
    watcher = asyncio.create_task(restart_on_change(app.sessions, scenario, load))
    try:
        await asyncio.sleep(0.1)
        yield app
        assert not watcher.done(), watcher
    finally:
        watcher.cancel()
        app.close()


async def becomes_true(condition: Callable[[], bool]) -> bool:
    """Return whether a condition becomes true within ten seconds."""
    for _ in range(200):
        if condition():
            return True
        await asyncio.sleep(0.05)
    return False


def group_names(app: Application) -> list[str]:
    """Return the names of all groups of the default session."""
    return [group.name for group in app.world.groups.values()]


def test_the_sessions_of_the_start_begin_again_when_the_file_changes(tmp_path: Path) -> None:
    """Also a named one and later ones; a session of another beginning keeps its data."""
    path = tmp_path / "my.yaml"
    write(path, "base: empty\ngroups: [{name: a}]\n")

    async def scene() -> None:
        async with watched_mock(path) as app:
            named = app.sessions.use("named")
            other = await app.sessions.create("other", app.sessions.start.changed("demo"))
            assert other
            write(path, "base: empty\ngroups: [{name: new}]\n")
            assert await becomes_true(lambda: group_names(app) == ["new"])
            assert await becomes_true(lambda: named.world.groups[101].name == "new")
            assert app.sessions.use("later").world.groups[101].name == "new"
            assert len(other.world.groups) == 3

    asyncio.run(scene())


@pytest.mark.whole
def test_a_broken_file_is_reported_and_the_old_data_stays(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Until it is repaired; each error is a line."""
    path = tmp_path / "my.yaml"
    write(path, "base: empty\ngroups: [{name: a}]\n")

    async def scene() -> None:
        async with watched_mock(path) as app:
            for broken in ("groups: [", "plans: [{groupId: 9, name: x}]\n"):
                caplog.clear()
                write(path, broken)
                assert await becomes_true(lambda: bool(caplog.records))
                assert "the changed scenario is not used: my.yaml:" in caplog.text
                assert group_names(app) == ["a"]
            write(path, "base: empty\ngroups: [{name: repaired}]\n")
            assert await becomes_true(lambda: group_names(app) == ["repaired"])

    with caplog.at_level(logging.ERROR, "mock_server"):
        asyncio.run(scene())


def test_a_broken_contract_does_not_end_the_watching(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A scenario names operations, so the contract is read again with it."""
    path, contract = tmp_path / "my.yaml", tmp_path / "api.yaml"
    write(path, "base: empty\ngroups: [{name: a}]\n")
    write(contract, "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: {}\n")

    async def scene() -> None:
        async with watched_mock(path, contract) as app:
            sound = contract.read_text(encoding="utf-8")
            write(contract, "paths: [")
            write(path, "base: empty\ngroups: [{name: new}]\n")
            assert await becomes_true(lambda: "not used: " in caplog.text)
            assert group_names(app) == ["a"]
            write(contract, sound)
            write(path, "base: empty\ngroups: [{name: newer}]\n")
            assert await becomes_true(lambda: group_names(app) == ["newer"])

    with caplog.at_level(logging.ERROR, "mock_server"):
        asyncio.run(scene())


def test_a_file_that_the_scenario_names_is_watched(tmp_path: Path) -> None:
    """Its content is part of the data."""
    path, part = tmp_path / "my.yaml", tmp_path / "a.txt"
    write(part, "old")
    write(path, "base: empty\nfiles: [{moduleName: m, path: a.txt}]\n")

    async def scene() -> None:
        async with watched_mock(path) as app:
            write(part, "newer")
            assert await becomes_true(lambda: app.world.files[601].content == b"newer")

    asyncio.run(scene())
