"""Every link is followed, whatever the target's time and records are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import requests

from contract_tests.contract.links import links_between
from contract_tests.contract.operations import operations
from contract_tests.options import build_parser
from contract_tests.runner.pytest_plugin import active_run
from contract_tests.runner.setup import open_run
from contract_tests.target.admin_clock import AdminClock
from contract_tests.workflows.example_dates import EXAMPLES_START, days_since_examples, shift_dates
from contract_tests.workflows.link_tour import LinkTour
from contract_tests.workflows.reference_substitution import replace_references
from mock_server.app import create_app
from mock_server.clock import CST, DEFAULT_INSTANT
from mock_server.settings import Settings
from tests.contract_tests.run_check import QUICK, run_check
from tests.serving import FROZEN, RunningMock, run_mock, serve_app

LATE_INSTANT = datetime(2031, 12, 31, 23, 30, tzinfo=CST)


@pytest.mark.whole
@pytest.mark.parametrize(
    "settings",
    [FROZEN, Settings(frozen=LATE_INSTANT), Settings(frozen=LATE_INSTANT, scenario="empty")],
    ids=["the examples' day", "another year", "an empty server"],
)
def test_every_link_is_followed(settings: Settings) -> None:
    """The examples are used on the mock, in another year, and without the records they refer to."""
    with run_mock(settings) as mock:
        options = build_parser().parse_args(["--target", mock.address])
        with open_run(options) as run, active_run(run):
            LinkTour(run).follow_all()
            missed = [one for one in links_between(run.generated) if not run.followed[str(one)]]
    assert missed == []
    assert list(run.violations) == []


def test_the_examples_play_when_the_mock_stands() -> None:
    """Otherwise the examples would be moved to another time than they are written for."""
    assert EXAMPLES_START == DEFAULT_INSTANT
    example = operations()["createNotificationTask"].example["body"]
    assert example["scheduledStartTime"] > f"{EXAMPLES_START:%Y-%m-%d %H:%M:%S}"


@pytest.mark.parametrize(
    ("now", "days"),
    [
        (EXAMPLES_START, 0),
        (EXAMPLES_START + timedelta(seconds=1), 1),
        (EXAMPLES_START + timedelta(days=1), 1),
        (EXAMPLES_START - timedelta(days=2), -2),
        (EXAMPLES_START.astimezone(UTC), 0),
    ],
)
def test_a_day_that_has_begun_counts(now: datetime, days: int) -> None:
    """Days are rounded up: what starts later in the examples also starts later on the target."""
    run: Any = SimpleNamespace(probe_runner=SimpleNamespace(clock=SimpleNamespace(now=lambda: now)))
    assert days_since_examples(run) == days


@pytest.mark.parametrize(
    ("date", "days"),
    [("Tue, 22 Apr 2025 01:00:00 GMT", 1), ("yesterday", 0), (None, 0)],
)
def test_without_a_clock_the_date_of_an_answer_tells(date: str | None, days: int) -> None:
    """Without a valid Date, the examples are unchanged."""
    answer = SimpleNamespace(headers={"Date": date} if date else {})
    session = SimpleNamespace(get=lambda *_, **__: answer)
    run: Any = SimpleNamespace(
        probe_runner=SimpleNamespace(clock=None),
        caller=SimpleNamespace(session=session),
        target=SimpleNamespace(url="http://127.0.0.1:1"),
    )
    assert days_since_examples(run) == days


def test_what_is_no_time_stays() -> None:
    """Dates and times at any depth are moved, a leap day among them; nothing else changes."""
    told = {
        "a": ["2024-02-29", "2025-04-21 15:00:00"],
        "b": {"c": "2025-04-30 10:00", "d": "2025-02-30", "e": "4 月 21 日", "f": 20250421},
    }
    assert shift_dates(told, 1) == {
        "a": ["2024-03-01", "2025-04-22 15:00:00"],
        "b": {"c": "2025-05-01 10:00", "d": "2025-02-30", "e": "4 月 21 日", "f": 20250421},
    }
    assert told["a"] == ["2024-02-29", "2025-04-21 15:00:00"]


def test_what_a_body_refers_to_is_our_own() -> None:
    """References to one id or several, at any depth, are replaced; the record's own id is not."""
    own = {"group": 7, "scene": 8}
    body = {"id": 1, "data": {"groupId": 101, "sceneIds": [205, 206], "more": [{"sceneId": 205}]}}
    changed = {"id": 1, "data": {"groupId": 7, "sceneIds": [8], "more": [{"sceneId": 8}]}}
    assert replace_references(body, own.__getitem__) == changed


@pytest.mark.parametrize("runs", [True, False])
def test_time_stands_while_probes_move_it(runs: bool) -> None:
    """A clock that ran before runs afterwards; a frozen one stays frozen."""
    with (
        run_mock(Settings(frozen=None if runs else LATE_INSTANT)) as mock,
        requests.Session() as session,
    ):
        clock = AdminClock.discover(mock.address, session)
        assert clock
        with clock.paused():
            assert mock.world.clock.frozen
            assert clock.now() == mock.world.clock.now()
        assert mock.world.clock.frozen is not runs


def test_probes_that_move_time_find_it_standing() -> None:
    """The clock is frozen in a whole run, too."""
    app = create_app(Settings())
    stood_still: list[bool] = []

    async def observed(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["path"].endswith("/clock/advance"):
            stood_still.append(app.world.clock.frozen)
        await app(scope, receive, send)

    with serve_app(observed) as address:
        outcome = run_check("--target", address, "--only", "MN-21", *QUICK)
    assert outcome.code == 0, outcome.out
    assert stood_still
    assert all(stood_still)
    assert not app.world.clock.frozen


def test_a_clock_that_says_nothing_holds_up_nobody(shared_mock: RunningMock) -> None:
    """A server without a clock, or one that is gone, causes no delay."""
    with requests.Session() as session:
        assert AdminClock.discover(f"{shared_mock.address}/api", session) is None
        gone = AdminClock("http://127.0.0.1:1", session)
        assert gone.read_state() == {}
        with gone.paused():
            pass
        with pytest.raises(LookupError):
            gone.now()
