"""A recording that several tests read."""

from __future__ import annotations

import pytest

from tests.contract_tests.workflows.recorded.recordings import (
    Recording,
    record_visit,
)
from tests.serving import run_mock


@pytest.fixture(scope="module")
def visit() -> Recording:
    """A recording of a mock, to be copied before it is edited."""
    with run_mock() as mock:
        return record_visit(mock.client)
