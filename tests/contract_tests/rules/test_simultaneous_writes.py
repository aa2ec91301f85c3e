"""Calls at the same time overlap, and are noted as if they had come one after another."""

from __future__ import annotations

from threading import Lock
from typing import Any

import pytest

from contract_tests.rules.client import ApiClient
from contract_tests.rules.outcome import RuleViolationError
from contract_tests.rules.simultaneous_writes import ApiCall, call_simultaneously
from tests.contract_tests.rules.probe_contexts import ProbeMock


class OverlapCounter:
    """Counts the calls of a client that are under way at the same time."""

    def __init__(self, call: Any) -> None:
        self.most = 0
        self._call = call
        self._now = 0
        self._lock = Lock()

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        """Make a call, and count it while it is under way."""
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        try:
            return self._call(*arguments, **options)
        finally:
            with self._lock:
                self._now -= 1


def open_client(site: ProbeMock) -> ApiClient:
    """Return a client of this mock."""
    return ApiClient(site.context.target, site.context.session, "together")


def test_calls_overlap_and_keep_their_order(
    probe_mock: ProbeMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three creations run at once; the responses are in the order of the calls."""
    with open_client(probe_mock) as api:
        api.now()  # logs in
        overlaps = OverlapCounter(api.call_ok)
        monkeypatch.setattr(api, "call_ok", overlaps)
        names = [api.unique_name() for _ in range(3)]
        seen = len(api.answers)
        answers = call_simultaneously(
            api, [ApiCall("createGroup", {"body": {"name": name}}) for name in names]
        )
        monkeypatch.undo()
        assert overlaps.most >= 2
        assert [answer.json["name"] for answer in answers] == names
        assert api.answers[seen:] == answers
    assert api.kept == []


def test_a_refused_call_among_them_is_a_violation(probe_mock: ProbeMock) -> None:
    """Each has to succeed."""
    with open_client(probe_mock) as api:
        group = api.call_json("createGroup", body={"name": api.unique_name()})["id"]
        calls = [ApiCall("getGroup", {"id": group}), ApiCall("getGroup", {"id": 10**15})]
        with pytest.raises(RuleViolationError, match=r"no success: GET .* -> 404"):
            call_simultaneously(api, calls)
