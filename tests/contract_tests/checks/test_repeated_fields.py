"""A response to a write repeats the fields that were sent, without any change."""

from __future__ import annotations

import pytest

from tests.contract_tests.faulty_server import MockExchange, ResponseFault, run_faulty_mock
from tests.contract_tests.run_check import QUICK, run_check

TITLE = "Read-back differs from what was written"


def trim_name(exchange: MockExchange) -> None:
    """A name that has lost its last character."""
    if exchange.status == 200:
        exchange.json = {**exchange.json, "name": exchange.json["name"][:-1]}


def change_nothing(exchange: MockExchange) -> None:
    """Leave the mock's response as it is."""


@pytest.mark.whole
@pytest.mark.parametrize(("fault", "is_found"), [(trim_name, True), (change_nothing, False)])
def test_a_field_that_is_altered_is_found(fault: ResponseFault, *, is_found: bool) -> None:
    """This includes generated requests, to whose names the run adds its prefix."""
    with run_faulty_mock("POST", "/api/v1/marketing-notice/group", fault) as url:
        found = run_check("--target", url, "--only", "createGroup", *QUICK)
    assert (("createGroup", TITLE) in found.violations) is is_found
