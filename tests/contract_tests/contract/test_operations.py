"""Facts about operations that follow from the contract."""

from __future__ import annotations

import pytest

import openapi
from contract_tests.contract.operations import operations
from contract_tests.contract.strictness import CURATED, Strictness


def test_a_range_that_fits_the_schema_may_be_rejected_for_the_length_of_the_file() -> None:
    """A valid Range gets a 416 by FI-13, at the only operation that documents one."""
    found = {name for name, each in operations().items() if 416 in each.rule_refusal_statuses}
    assert found == {"getFile"}


@pytest.mark.parametrize(
    "strictness", [CURATED, CURATED.demanding(openapi.default_readings())], ids=["any", "default"]
)
def test_valid_times_may_be_refused_for_their_order_but_not_for_their_format(
    strictness: Strictness,
) -> None:
    """The schemas of requests have the format, MN-23 has the order of two times as well."""
    found = operations(strictness)
    for name in ("createMarketingNotice", "updateMarketingNotice"):
        assert "MN-23" in found[name].refusing_rules
    assert "MT-02" not in found["createMarketingNoticeTask"].refusing_rules
