"""Replayed requests are bounded in time and number."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from mock_server.errors import Conflict, ServiceUnavailable
from mock_server.http.request_recorder import RequestRecorder
from mock_server.http.request_replay import MAX_REPLAYS, RequestReplayer
from mock_server.sessions.registry import SessionRegistry
from mock_server.sessions.session import Session
from mock_server.settings import Settings
from openapi import default_readings
from tests.mock_server.control.test_journal_search import make_entry


def new_session() -> Session:
    """A session without requests."""
    return SessionRegistry(Settings(), default_readings()).default


async def serve_until_gone(_scope: Any, receive: Any, _send: Any) -> None:
    """Wait until the client has gone, without a response."""
    while (await receive())["type"] != "http.disconnect":
        pass


def replayer_of(api: Any, max_seconds: float) -> RequestReplayer:
    """A replayer that sends requests to an application."""
    made = RequestReplayer(max_seconds)
    made.serve_with(api, api, RequestRecorder())
    return made


def test_a_replayed_request_ends_without_response_after_its_time() -> None:
    """It sees a client that has gone; the entry has no status."""

    async def replay_slowly() -> None:
        replayer, session = replayer_of(serve_until_gone, 0.01), new_session()
        entry = await replayer.replay(make_entry(), session)
        assert (entry.status, entry.replays, len(session.journal)) == (0, 1, 1)

    asyncio.run(replay_slowly())


def test_only_so_many_replayed_requests_are_served_at_once() -> None:
    """A further one is refused (503); those that end make room."""

    async def replay_many() -> None:
        replayer, session = replayer_of(serve_until_gone, 0.2), new_session()
        running = [
            asyncio.ensure_future(replayer.replay(make_entry(), session))
            for _ in range(MAX_REPLAYS)
        ]
        await asyncio.sleep(0)
        with pytest.raises(ServiceUnavailable):
            await replayer.replay(make_entry(), session)
        await asyncio.gather(*running)
        await replayer.replay(make_entry(), session)

    asyncio.run(replay_many())


@pytest.mark.parametrize(
    "fields",
    [
        {"method": ""},
        {"target": b""},
        {"request_size": 10},
        {"headers": [(b"content-length", b"10")]},
    ],
)
def test_an_incomplete_request_is_not_replayed(fields: dict[str, Any]) -> None:
    """No head, a long body, or a body that did not arrive (CP-45)."""
    replayer = replayer_of(serve_until_gone, 0.01)
    with pytest.raises(Conflict) as refused:
        asyncio.run(replayer.replay(make_entry(**fields), new_session()))
    assert [each.rule for each in refused.value.violations] == ["CP-45"]
