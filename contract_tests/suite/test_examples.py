"""Every operation responds to the contract's example as the contract requires."""

from __future__ import annotations

import pytest

from contract_tests.runner.check_run import CURRENT_RUN

run = CURRENT_RUN.get()


@pytest.mark.parametrize("operation", [operation.name for operation in run.shard_operations])
def test_example(operation: str) -> None:
    """Send one request; an id in it may not exist on the target."""
    run.send_example(operation)
