"""Facts about operations that follow from the contract."""

from __future__ import annotations

from contract_tests.contract.operations import operations


def test_a_range_that_fits_the_schema_may_be_rejected_for_the_length_of_the_file() -> None:
    """A valid Range gets a 416 by FI-13, at the only operation that documents one."""
    found = {name for name, each in operations().items() if 416 in each.rule_refusal_statuses}
    assert found == {"getFile"}
