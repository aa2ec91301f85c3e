"""Health and reset over HTTP: counting the records of a world, and replacing it."""

from __future__ import annotations

import asyncio
import threading
from datetime import datetime, timedelta

import httpx

from mock_server.settings import Settings
from tests.mock_server.control.admin_client import (
    ADMIN,
    AFTERNOON,
    MORNING,
    advance_clock,
    expect_ok,
    expect_refusal,
    request_clock,
)
from tests.mock_server.test_determinism import READ_PATHS
from tests.serving import CLIENT_CREDENTIALS, PASSWORD_GRANT, RunningMock, fetch_token, run_mock

TASKS = "/api/v1/notification-tasks"


def record_conversation(mock: RunningMock) -> list[tuple[int, dict[str, str], bytes]]:
    """Return the responses to a fixed sequence of requests that begins with a login."""
    with httpx.Client(base_url=mock.address) as client:
        answers = [client.post("/oauth/token", json=PASSWORD_GRANT, auth=CLIENT_CREDENTIALS)]
        client.headers["Authorization"] = f"Bearer {answers[0].json()['access_token']}"
        answers.append(client.post("/api/v1/marketing-notice/group", json={"name": "组"}))
        answers += [client.get(path) for path in READ_PATHS]
        answers.append(client.post(f"{ADMIN}/clock/advance", json={"seconds": 5000}))
        answers += [client.get(path) for path in READ_PATHS]
        answers.append(client.get(f"{ADMIN}/health"))
    return [
        (a.status_code, {n: v for n, v in a.headers.items() if n != "date"}, a.content)
        for a in answers
    ]


def test_a_reset_brings_back_the_first_world_byte_for_byte(mock: RunningMock) -> None:
    """Data, ids, tokens and time are those of a new mock, and so are all responses."""
    expect_ok(mock.anonymous.post(f"{ADMIN}/reset"))
    first = record_conversation(mock)
    expect_ok(mock.anonymous.post(f"{ADMIN}/reset"))
    assert record_conversation(mock) == first
    expect_ok(mock.anonymous.post(f"{ADMIN}/reset", json={"seed": 7}))
    assert record_conversation(mock) != first


def test_a_reset_makes_every_token_void(mock: RunningMock) -> None:
    """Access and refresh tokens belong to the world that issued them."""
    pair = expect_ok(
        mock.anonymous.post("/oauth/token", json=PASSWORD_GRANT, auth=CLIENT_CREDENTIALS)
    )
    expect_ok(mock.anonymous.post(f"{ADMIN}/reset"))
    assert expect_refusal(mock.client.get(f"{TASKS}/501"), 401)["rule"] == "AU-01"
    grant = {"grant_type": "refresh_token", "refresh_token": pair["refresh_token"]}
    answer = mock.anonymous.post("/oauth/token", json=grant, auth=CLIENT_CREDENTIALS)
    assert answer.json()["errors"][0]["rule"] == "AU-05"


def test_a_reset_may_choose_another_world_and_the_next_one_is_the_first_again(
    mock: RunningMock,
) -> None:
    """A reset takes scenario and seed; without them, those of the start apply."""
    first = expect_ok(mock.anonymous.get(f"{ADMIN}/health"))
    request_clock(mock, now=AFTERNOON, scale=60, frozen=False)
    empty = expect_ok(mock.anonymous.post(f"{ADMIN}/reset", json={"scenario": "empty", "seed": 7}))
    assert (empty["scenario"], empty["seed"]) == ("empty", 7)
    assert empty["records"]["members"] == empty["records"]["notices"] == 0
    assert empty["clock"] == {"now": MORNING, "frozen": True, "scale": 1}
    assert expect_ok(mock.anonymous.post(f"{ADMIN}/reset", json={"seed": 8}))["scenario"] == "demo"
    assert expect_ok(mock.anonymous.post(f"{ADMIN}/reset")) == first


def test_a_reset_lets_a_clock_that_began_running_run_again() -> None:
    """It starts at the instant of the mock's start and at the scale of the command line."""
    with run_mock(Settings(time_scale=5)) as mock:
        started = request_clock(mock)["now"]
        advance_clock(mock, seconds=10**9)
        assert request_clock(mock, frozen=True, scale=1)["now"] > "2050"
        reset = expect_ok(mock.anonymous.post(f"{ADMIN}/reset"))["clock"]
        assert (reset["frozen"], reset["scale"]) == (False, 5)
        begun = datetime.fromisoformat(reset["now"]) - datetime.fromisoformat(started)
        assert begun < timedelta(minutes=5)


def test_a_request_under_way_ends_in_the_world_in_which_it_began(mock: RunningMock) -> None:
    """Its token is valid there, and the new world gets neither its record nor its id."""
    host, port = mock.address.removeprefix("http://").split(":")
    body = '{"name": "组"}'.encode()

    async def talk() -> bytes:
        reader, writer = await asyncio.open_connection(host, int(port))
        head = (
            f"POST /api/v1/marketing-notice/group HTTP/1.1\r\nHost: {host}:{port}\r\n"
            f"Authorization: {mock.client.headers['Authorization']}\r\nConnection: close\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body[:1])
        await writer.drain()
        await asyncio.sleep(0.2)
        async with httpx.AsyncClient(base_url=mock.address) as client:
            assert (await client.post(f"{ADMIN}/reset")).status_code == 200
        writer.write(body[1:])
        answer = await reader.read()
        writer.close()
        return answer

    assert asyncio.run(talk()).startswith(b"HTTP/1.1 200")
    assert expect_ok(mock.anonymous.get(f"{ADMIN}/health"))["records"]["groups"] == 3
    mock.client.headers["Authorization"] = f"Bearer {fetch_token(mock.anonymous)}"
    assert (
        expect_ok(mock.client.post("/api/v1/marketing-notice/group", json={"name": "组"}))["id"]
        == 104
    )


def test_a_reset_holds_up_nobody(mock: RunningMock) -> None:
    """A large world takes a second to create; until then, requests use the old one."""
    answers: list[httpx.Response] = []

    def reset() -> None:
        body = {"scenario": "large"}
        answers.append(httpx.post(f"{mock.address}{ADMIN}/reset", json=body, timeout=60))

    thread, reads = threading.Thread(target=reset), list[httpx.Response]()
    thread.start()
    while not answers:
        reads.append(mock.client.get(f"{TASKS}/501"))
    thread.join()
    assert answers[0].status_code == 200
    assert {read.status_code for read in reads} <= {200, 401}
    assert max(read.elapsed for read in reads) < answers[0].elapsed / 2
    assert mock.client.get(f"{TASKS}/501").status_code == 401


def test_health_counts_what_the_world_holds(mock: RunningMock) -> None:
    """It returns the records by kind, the simulated seconds since the start, both versions."""
    before = expect_ok(mock.anonymous.get(f"{ADMIN}/health"))
    assert (
        before["contractVersion"] == mock.anonymous.get("/openapi.json").json()["info"]["version"]
    )
    assert (before["status"], before["uptime"]) == ("ok", 0)
    advance_clock(mock, seconds=90)
    expect_ok(mock.client.post("/api/v1/marketing-notice/group", json={"name": "组"}))
    after = expect_ok(mock.anonymous.get(f"{ADMIN}/health"))
    assert after["uptime"] == 90
    assert after["records"] == {
        **before["records"],
        "groups": before["records"]["groups"] + 1,
    }
