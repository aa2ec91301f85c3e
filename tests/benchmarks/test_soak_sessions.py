"""The models of the soak test notice a session that is not what they expect."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from benchmarks.soak_sessions import (
    GROUPS,
    WEIGHTED_STEPS,
    ModelMismatchError,
    ModelSession,
    SessionClient,
    SessionStep,
    change_and_check,
    check_session,
    observe_first,
)
from mock_server.clock import DEFAULT_INSTANT
from mock_server.settings import CONTROL_PLANE
from tests.serving import RunningMock


@pytest.fixture
def client(mock: RunningMock) -> Iterator[SessionClient]:
    """A client of a new session."""
    made = SessionClient(mock.address, random.Random(1))
    made.use(ModelSession("one", observe_first(made, DEFAULT_INSTANT)))
    yield made
    made.close()


@pytest.mark.parametrize("step", [step for _, step in WEIGHTED_STEPS.values()], ids=WEIGHTED_STEPS)
def test_a_step_keeps_session_and_model_alike(client: SessionClient, step: SessionStep) -> None:
    """Several times, because steps are random."""
    for _ in range(5):
        step(client)
        check_session(client)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", GROUPS, {"name": "x"}),
        ("DELETE", f"{GROUPS}/103", None),
        ("PUT", f"{GROUPS}/101", {"name": "x"}),
        ("PUT", "/api/v1/notification-tasks/501/termination", {}),
        ("POST", f"{CONTROL_PLANE}/clock/advance", {"seconds": 1}),
        ("POST", f"{CONTROL_PLANE}/reset", {"scenario": "empty"}),
    ],
)
def test_a_change_that_the_model_does_not_have_is_noticed(
    client: SessionClient, method: str, path: str, body: object
) -> None:
    """For example, a change that was meant for another session."""
    check_session(client)
    assert client.send(method, path, body) == 200
    with pytest.raises(ModelMismatchError, match="one: "):
        check_session(client)


def test_a_session_that_differed_begins_again(client: SessionClient) -> None:
    """One failure is therefore reported once."""
    session = client.session
    assert client.send("POST", GROUPS, {"name": "x"}) == 200
    with pytest.raises(ModelMismatchError):
        change_and_check(client, [session])
    assert change_and_check(client, [session]) in WEIGHTED_STEPS
