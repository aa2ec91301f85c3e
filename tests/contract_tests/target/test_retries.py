"""Pace of the check's requests: no faster than allowed, and repeated when the target is busy."""

from __future__ import annotations

import time
from typing import Any

import pytest
import requests

from contract_tests.target import retries, transport
from contract_tests.target.transport import SendLimits, open_session
from tests.serving import serve_app

pytestmark = pytest.mark.whole


def app_answering(answers: list[tuple[int, dict[str, str]]]) -> tuple[Any, list[float]]:
    """Return an ASGI application with these responses, and the times of the requests."""
    asked: list[float] = []

    async def app(scope: Any, _receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        status, headers = answers[min(len(asked), len(answers) - 1)]
        asked.append(time.monotonic())
        pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": pairs})
        await send({"type": "http.response.body", "body": b""})

    return app, asked


def test_no_more_requests_a_second_than_allowed() -> None:
    """Six requests at twenty a second take a quarter of a second."""
    app, asked = app_answering([(200, {})])
    with (
        serve_app(app) as address,
        open_session(address, limits=SendLimits(rate=20)) as session,
    ):
        for _ in range(6):
            session.get(address)
    assert asked[-1] - asked[0] >= 0.24


@pytest.mark.parametrize("status", [429, 503])
def test_a_target_that_asks_for_patience_gets_it(status: int) -> None:
    """The same request is repeated after the requested number of seconds."""
    app, asked = app_answering([(status, {"retry-after": "1"}), (200, {})])
    with serve_app(app) as address, open_session(address) as session:
        assert session.get(address).status_code == 200
    assert len(asked) == 2
    assert asked[1] - asked[0] >= 1


@pytest.mark.parametrize(
    ("date", "asked", "pause"),
    [
        ("Fri, 31 Dec 1999 23:59:59 GMT", "Sat, 01 Jan 2000 00:00:07 GMT", 8.0),
        (
            "Fri, 31 Dec 1999 23:59:59 GMT",
            "Fri, 31 Dec 1999 23:59:00 GMT",
            retries.MIN_PAUSE_SECONDS,
        ),
        ("", "Fri, 31 Dec 1999 23:59:00 GMT", retries.MIN_PAUSE_SECONDS),
        ("nonsense", "Friday, 31-Dec-99 23:59:00 GMT", retries.MIN_PAUSE_SECONDS),
    ],
)
def test_a_date_to_come_again_is_kept(date: str, asked: str, pause: float) -> None:
    """`Retry-After` as a date counts from the `Date` of the response, else from our own clock."""
    answer = requests.Response()
    answer.status_code = 429
    answer.headers.update({"Date": date, "Retry-After": asked})
    assert retries.retry_delay(answer, 0) == pause


@pytest.mark.parametrize("said", [None, "soon", "-1", "1.5", "Fri, 99 Foo 1999 23:59:59 GMT", ""])
def test_a_busy_target_that_does_not_say_when_is_asked_some_times_more(
    monkeypatch: pytest.MonkeyPatch, said: str | None
) -> None:
    """Delays increase; an unreadable header counts as none."""
    monkeypatch.setattr(retries, "BACKOFF_SECONDS", (0.01, 0.02, 0.04))
    headers = {} if said is None else {"retry-after": said}
    app, asked = app_answering([(429, headers), (503, headers), (200, {}), (429, headers)])
    with serve_app(app) as address, open_session(address) as session:
        assert session.get(address).status_code == 200
        assert session.get(address).status_code == 429
    assert len(asked) == 7


def test_short_pauses_do_not_go_on_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """Repeats are limited even if the server asks for no delay."""
    monkeypatch.setattr(retries, "MIN_PAUSE_SECONDS", 0.001)
    app, asked = app_answering([(503, {"retry-after": "0"})])
    with serve_app(app) as address, open_session(address) as session:
        assert session.get(address).status_code == 503
    assert len(asked) == 11  # the request and ten repeats


def test_patience_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """The total delay of a run is limited."""
    monkeypatch.setattr(transport, "MAX_TOTAL_WAIT_SECONDS", 1.0)
    app, asked = app_answering([(429, {"retry-after": "1"})])
    with serve_app(app) as address, open_session(address) as session:
        assert session.get(address).status_code == 429
        assert session.get(address).status_code == 429
    assert len(asked) == 3
