"""The check is not green because it did nothing, or failed to notice."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests import plugin
from contract_tests.run import Run
from tests.check.checking import QUICK, check
from tests.check.faulty import Exchange, spoiled
from tests.serving import Mock

pytestmark = pytest.mark.xdist_group("check")


def refused(answer: Exchange) -> None:
    """A good token is not good enough."""
    answer.status = 401
    answer.headers |= {"www-authenticate": "Bearer", "content-type": "application/problem+json"}
    error = {"pointer": "/header/Authorization", "rule": "AU-01", "message": "No."}
    answer.json = {
        "type": "about:blank",
        "title": "Unauthorized",
        "status": 401,
        "detail": "No.",
        "instance": answer.path,
        "errors": [error],
    }


def test_a_server_that_refuses_everybody_does_not_hold() -> None:
    """Each 401 is in the contract; that there is nothing else is not."""
    with spoiled("*", "/api/v1/.*", refused) as address:
        outcome = check("--target", address, "--only", "listGroups,getGroup", *QUICK)
    assert outcome.code == 1
    assert ("listGroups", "Valid data was refused") in outcome.violations
    assert "Never seen to succeed: listGroups, getGroup" in outcome.out


def test_operations_that_were_left_out_are_told(
    shared_mock: Mock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were their tests not run, the verdict would be about nothing."""
    monkeypatch.setattr(plugin, "TESTS", ("test_workflows",))
    outcome = check("--target", shared_mock.address, "--only", "createGroup,getGroup", *QUICK)
    assert outcome.code == 1
    assert outcome.violations == [
        ("createGroup", "It was not checked"),
        ("getGroup", "It was not checked"),
    ]


def test_a_check_that_breaks_is_told(shared_mock: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of ours is no green either; it says where, and which kind."""

    def broken(_run: Run, _case: Any) -> None:
        raise RuntimeError("out of order")

    monkeypatch.setattr(Run, "check", broken)
    outcome = check("--target", shared_mock.address, "--only", "getGroup", *QUICK)
    assert outcome.code == 1
    assert outcome.violations == [("getGroup", "The check broke by RuntimeError")]
    assert "out of order" in outcome.out
    assert outcome.progress["getGroup"][0] == "FAIL"
