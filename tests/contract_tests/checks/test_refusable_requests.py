"""Valid requests that a server may refuse by its answer to an open question."""

from __future__ import annotations

import pytest
import requests

from contract_tests.checks.refusable_requests import may_be_refused
from contract_tests.contract.operations import operations

ADDRESS = "http://127.0.0.1:1/api/v1"


@pytest.mark.parametrize(("extra", "expected"), [({}, False), ({"remark": "x"}, True)])
def test_a_form_with_a_part_that_is_not_declared_may_be_refused(
    extra: dict[str, str], expected: bool
) -> None:
    """As a field of a JSON body (X2); the declared parts alone are valid under every answer."""
    request = requests.Request(
        "POST",
        f"{ADDRESS}/file",
        files={"file": ("a.txt", b"a")},
        data={"moduleName": "demo", **extra},
    ).prepare()
    assert may_be_refused(operations()["uploadFile"], request) is expected


@pytest.mark.parametrize(("extra", "expected"), [({}, False), ({"remark": "x"}, True)])
def test_a_body_with_a_field_that_is_not_declared_may_be_refused(
    extra: dict[str, str], expected: bool
) -> None:
    """A group has a name only."""
    url = f"{ADDRESS}/marketing-notice/group"
    request = requests.Request("POST", url, json={"name": "x", **extra}).prepare()
    assert may_be_refused(operations()["createGroup"], request) is expected
