"""Written records are compared in the form in which a server may return them."""

from __future__ import annotations

from typing import Any

import pytest

from contract_tests.rules.factories import new_notification, notification_body
from contract_tests.rules.outcome import RuleViolationError
from contract_tests.rules.written_records import expect_written
from tests.contract_tests.rules.probe_contexts import ProbeMock, with_fault
from tests.contract_tests.rules.test_watched_client import open_watched_client
from tests.wire_faults import edit_response


def use_other_names(task: Any) -> None:
    """Return contents as `type` and `value`, which the documents show as well (N1)."""
    task["contents"] = [
        {"type": each["contentType"], "value": each["contentValue"]} for each in task["contents"]
    ]


def lose_contents(task: Any) -> None:
    """Return no contents."""
    task["contents"] = []


def read_back(site: ProbeMock) -> None:
    """Create a notification task and compare it with what was sent."""
    with open_watched_client(site) as api:
        body = notification_body(api)
        number = new_notification(api, **body)["id"]
        expect_written(api, "createNotificationTask", number, body)


def test_contents_may_be_returned_in_either_spelling(faulty_probe_mock: ProbeMock) -> None:
    """N1 leaves it to the server."""
    with with_fault(faulty_probe_mock, edit_response("getNotificationTask", use_other_names)):
        read_back(faulty_probe_mock)


def test_lost_contents_are_found(faulty_probe_mock: ProbeMock) -> None:
    """The contents have to be returned, in either spelling."""
    fault = edit_response("getNotificationTask", lose_contents)
    with with_fault(faulty_probe_mock, fault), pytest.raises(RuleViolationError, match="contents"):
        read_back(faulty_probe_mock)
