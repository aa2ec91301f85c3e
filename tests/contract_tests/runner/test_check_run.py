"""Behaviour of the check towards a target: rate, duration, parts."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import uvicorn

from benchmarks.processes import free_port
from contract_tests.contract.operations import operations, rules
from contract_tests.runner.schemathesis_config import RunPlan
from contract_tests.target import transport
from mock_server.app import create_app
from tests.contract_tests.checks.test_custom_checks import GROUPS, wrong_status
from tests.contract_tests.faulty_server import MockExchange, run_faulty_mock
from tests.contract_tests.recorder import run_recorded_mock
from tests.contract_tests.run_check import QUICK, run_check
from tests.serving import FROZEN, RunningMock, fetch_token, serve_app

pytestmark = pytest.mark.whole


def test_an_answer_without_end_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A body without end is cut off and counts as no response."""
    monkeypatch.setattr(transport, "MAX_BODY_BYTES", 2**20)

    async def app(scope: Any, _receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            for _ in range(64):
                await send({"type": "http.response.body", "body": b" " * 2**16, "more_body": True})
            await send({"type": "http.response.body", "body": b""})

    with serve_app(app) as address:
        outcome = run_check("--target", address)
    assert outcome.code == 2
    assert "the response exceeds 1 MiB" in outcome.err


def test_the_check_waits_for_a_target_that_starts() -> None:
    """With `--wait`, the check waits until the server responds; without it, it ends."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    assert run_check("--target", address, "--only", "GR-01").code == 2
    with start_mock_later(port, 1.0):
        outcome = run_check("--target", address, "--only", "GR-01", "--wait", "20")
    assert outcome.code == 0, outcome


@contextmanager
def start_mock_later(port: int, seconds: float) -> Iterator[None]:
    """A mock at this port, some seconds from now."""
    config = uvicorn.Config(create_app(FROZEN), port=port, log_level="error", ws="none")
    server = uvicorn.Server(config)

    def serve() -> None:
        time.sleep(seconds)
        server.run()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


def test_the_check_ends_when_its_time_is_over(shared_mock: RunningMock) -> None:
    """The results until then are reported, without a verdict."""
    begun = time.monotonic()
    outcome = run_check(
        "--target", shared_mock.address, "--only", "notices", "--max-examples", "500",
        "--max-time", "2",
    )  # fmt: skip
    assert time.monotonic() - begun < 30
    assert outcome.code == 2
    assert "NOT CHECKED TO THE END" in outcome.out
    assert outcome.err == (
        "hypers-check: not checked to the end: stopped after the 2 s of --max-time\n"
    )


def test_fail_fast_ends_at_the_first_violation() -> None:
    """Fewer requests are sent, the exit code is 1, and records are removed all the same."""
    with run_faulty_mock("POST", GROUPS, wrong_status) as address:
        outcome = run_check("--target", address, "--only", "createGroup,getGroup", "--fail-fast")
    assert outcome.code == 1
    assert outcome.violations == [("createGroup", "Undocumented status code")]
    answers = {name: number for name, (_, number) in outcome.progress.items()}
    assert answers.pop("clean-up")
    assert len(answers) == 1  # of all tests
    assert sum(answers.values()) < 25
    assert "stopped at the first violation" in outcome.out


def test_shards_are_the_whole() -> None:
    """Every test belongs to exactly one shard, by the contract's order."""
    every, rule_ids = [*operations().values()], [*rules()]
    plans = [RunPlan(1, 1, shard=(number, 4)) for number in range(1, 5)]
    parts = [[each.name for each in plan.select_operations(every)] for plan in plans]
    assert sorted(name for part in parts for name in part) == sorted(operations())
    positions = [each.name for each in every]
    assert all(part == sorted(part, key=positions.index) for part in parts)
    shares = [plan.select_rules(rule_ids) for plan in plans]
    assert sorted(rule for share in shares for rule in share) == sorted(rule_ids)


def test_the_largest_operations_are_in_different_shards() -> None:
    """The two whose bodies have most fields take longest, so two workers get one each."""
    every = [*operations().values()]
    first, second = (RunPlan(1, 1, shard=(number, 2)).select_operations(every) for number in (1, 2))
    names = [{each.name for each in part} for part in (first, second)]
    assert all(
        len({"createMarketingNotice", "updateMarketingNotice"} & part) == 1 for part in names
    )


def test_a_shard_runs_its_part(shared_mock: RunningMock) -> None:
    """Two shards run operations, links, chains and rules once; neither gives a verdict."""
    seen: list[str] = []
    for number in (1, 2):
        outcome = run_check(
            "--target", shared_mock.address, "--only", "notice-groups",
            "--shard", f"{number}/2", *QUICK,
        )  # fmt: skip
        assert outcome.code == 0, outcome.out
        assert f"[SHARD {number} OF 2]" in outcome.out.upper()
        seen += outcome.progress
    tag = {name for name, each in operations().items() if "notice-groups" in each.raw["tags"]}
    once = [name for name in seen if name != "clean-up" and not name.startswith("rules-")]
    assert sorted(once) == sorted([*tag, "links", "chains"])


def test_a_token_is_enough(shared_mock: RunningMock) -> None:
    """Without a login, operations that need it are reported; the token is not printed."""
    token = fetch_token(shared_mock.anonymous)
    given = ("--target", shared_mock.address, "--token", token)
    outcome = run_check(*given, "--only", "getGroup,createToken,AU-02,GR-01", *QUICK)
    assert outcome.code == 0, outcome.out
    assert "createToken" not in outcome.progress
    assert re.search(r"AU-02.* \(needs the credentials, not a token\)", outcome.out)
    assert token not in outcome.out + outcome.err


def test_a_wrong_token_does_not_hold(shared_mock: RunningMock) -> None:
    """If every response is 401, nothing was checked."""
    outcome = run_check("--target", shared_mock.address, "--token", "wrong", "--only", "getGroup")
    assert outcome.code == 1
    assert ("getGroup", "Every response was 401") in outcome.violations


def test_tokens_come_from_the_auth_url() -> None:
    """Token requests go to the auth URL only, all others to the target."""
    with run_recorded_mock() as (auth, recorder):
        state = recorder.app

        class Api:
            asked: set[bytes] = set()  # noqa: RUF012 - of this test alone

            async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
                if scope["type"] == "http":
                    self.asked.add(scope["raw_path"])
                await state(scope, receive, send)

        with serve_app(Api()) as address:
            outcome = run_check(
                "--target", address, "--auth-url", auth, "--only", "auth,getGroup,AU-05", *QUICK
            )
    assert outcome.code == 0, outcome.out
    assert {path for _, path, _, _ in recorder.requests} == {b"/oauth/token?"}
    assert b"/oauth/token" not in Api.asked
    assert any(path.startswith(b"/api/v1/marketing-notice/group") for path in Api.asked)


def test_a_target_that_hangs() -> None:
    """A server that never responds is waited for as long as the option allows."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        outcome = run_check("--target", address, "--timeout", "0.3")
    assert outcome.code == 2
    assert outcome.err == f"hypers-check: {address} cannot be reached: no response within 0.3 s\n"


def test_tls_that_fails(shared_mock: RunningMock) -> None:
    """The URL has https, but the server has no TLS."""
    outcome = run_check("--target", shared_mock.address.replace("http:", "https:"))
    assert outcome.code == 2
    assert "cannot be reached: TLS failed: " in outcome.err
    assert len(outcome.err.splitlines()) == 1


def test_a_long_page_instead_of_an_api() -> None:
    """Ten megabytes of HTML give one line, without delay."""

    def page(answer: MockExchange) -> None:
        answer.headers["content-type"] = "text/html"
        answer.body = b"<p>" + b"x" * 10 * 2**20

    begun = time.monotonic()
    with run_faulty_mock("POST", "/oauth/token", page) as address:
        outcome = run_check("--target", address)
    assert outcome.code == 2
    assert "returned no token (text/html): <p>xxx" in outcome.err
    assert len(outcome.err) < 500
    assert time.monotonic() - begun < 15


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--profile", "half"), "'half' is not one of full, safe, smoke"),
        (("--shard", "5/4"), "'5/4' is not a shard"),
        (("--shard", "0/4"), "'0/4' is not a shard"),
        (("--timeout", "0"), "'0' is not a number of seconds"),
        (("--timeout", "soon"), "'soon' is not a number of seconds"),
        (("--rate", "-1"), "'-1' is not a whole number"),
        (("--auth-url", "nowhere"), "is not a URL"),
        (("--target", "http://192.0.2.1", "--profile", "full"), "192.0.2.1 is not this machine"),
    ],
)
def test_a_wrong_option(arguments: tuple[str, ...], reason: str) -> None:
    """A wrong option is reported before anything is sent."""
    outcome = run_check("--target", "http://127.0.0.1:1", *arguments)
    assert outcome.code == 2
    assert reason in outcome.err.splitlines()[-1]
