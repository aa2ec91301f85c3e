"""States of a record differ by what was written to it, and not by the time that went by."""

from __future__ import annotations

import pytest

from contract_tests.contract.api_model import BY_TIME
from contract_tests.rules.rejection_effects import RecordState, differing_fields

TASK = {"id": 5, "name": "Batch", "status": "TERMINATING", "lastUpdateTime": "10:00"}


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ((200, TASK), ""),
        ((200, {**TASK, "status": "TERMINATION", "lastUpdateTime": "10:01"}), ""),
        ((200, {**TASK, "statistics": {"successCount": 1}}), ""),
        ((200, {**TASK, "status": "EXECUTION"}), 'status "EXECUTION"'),
        ((200, {**TASK, "name": "批次"}), 'name "批次"'),
        ((404, {}), "404 instead of 200"),
        ((200, None), ""),
    ],
)
def test_fields_differ_by_writing_alone(after: RecordState, expected: str) -> None:
    """A status that time leads to is no change, and the message names each field that is one."""
    assert ("TERMINATING", "TERMINATION") in BY_TIME
    assert differing_fields((200, TASK), after) == expected
