"""A write without an entry in the API model is not sent to a server that is not ours."""

from __future__ import annotations

import pytest
import requests

from contract_tests.contract import api_lookup
from contract_tests.contract.api_entry import OperationEffects
from contract_tests.contract.api_model import API_MODEL
from contract_tests.safety.policy import SafetyPolicy
from contract_tests.safety.request_guard import UNKNOWN_OPERATION_REASON, RequestGuard
from contract_tests.target.target import Target
from contract_tests.target.transport import UnsafeRequestError

URL = "https://staging.example.com"
PERMISSIVE_POLICY = SafetyPolicy(({"userId": "U1"},), release=True, token_probes=True)
DELETE_REQUEST = requests.Request(
    "DELETE", f"{URL}/api/v1/marketing-notice/group/{2**62}"
).prepare()
"""Of a group that nobody has, which may be sent to any server."""


@pytest.mark.parametrize("entry", [None, OperationEffects(), OperationEffects(concerns="group")])
def test_a_write_that_the_model_does_not_know_is_refused(
    monkeypatch: pytest.MonkeyPatch, entry: OperationEffects | None
) -> None:
    """The operation has no entry, or one without a write."""
    bounds = RequestGuard(Target(URL, None, token="t"), PERMISSIVE_POLICY)
    bounds.check_request(DELETE_REQUEST)
    known = {name: each for name, each in API_MODEL.items() if name != "deleteGroup"}
    changed = known | ({"deleteGroup": entry} if entry else {})
    monkeypatch.setattr(api_lookup, "API_MODEL", changed)
    with pytest.raises(UnsafeRequestError) as refused:
        bounds.check_request(DELETE_REQUEST)
    assert refused.value.why == UNKNOWN_OPERATION_REASON
