"""What is invalid as data may be valid once it is sent: a form carries texts."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis

import openapi
from contract_tests.checks.custom_checks import is_valid_as_sent


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"file": b"a", "moduleName": "m"}, True),
        ({"file": b"a", "moduleName": False}, True),
        ({"file": b"a", "moduleName": False, "": -1}, True),
        ({"file": b"a", "moduleName": "m-n"}, False),
        ({"file": b"a", "": "m"}, False),
        ({"moduleName": "m"}, False),
        ({"file": b"a", "moduleName": ["m"]}, False),
        ([b"a"], False),
    ],
)
def test_a_form_is_judged_as_the_server_gets_it(body: Any, expected: bool) -> None:
    """Values are texts there, and a part without a name is nobody's."""
    upload = schemathesis.openapi.from_dict(openapi.load())["/api/v1/file"]["POST"].Case
    assert is_valid_as_sent(upload(body=body, media_type="multipart/form-data")) == expected
