"""Every operation answers the contract's own example as the contract says."""

from __future__ import annotations

import pytest

from contract_tests.runner.run import CURRENT_RUN

run = CURRENT_RUN.get()


@pytest.mark.parametrize("operation", [operation.name for operation in run.shard_operations])
def test_example(operation: str) -> None:
    """One request; an id in it may be one that the target does not have."""
    run.send_example(operation)
