"""A write that the model of the API does not know is not sent to a server that is not ours."""

from __future__ import annotations

import pytest
import requests

from contract_tests.contract import api_lookup
from contract_tests.contract.api_entry import Entry
from contract_tests.contract.api_model import MODEL
from contract_tests.safety.policy import Reach
from contract_tests.safety.request_guard import UNKNOWN, Bounds
from contract_tests.target.target import Target
from contract_tests.target.transport import Unsafe

URL = "https://staging.example.com"
GENEROUS = Reach(({"userId": "U1"},), release=True, token_probes=True)
DELETION = requests.Request("DELETE", f"{URL}/api/v1/marketing-notice/group/{2**62}").prepare()
"""Of a group that nobody has, which may be sent to any server."""


@pytest.mark.parametrize("entry", [None, Entry(), Entry(concerns="group")])
def test_a_write_that_the_model_does_not_know_is_refused(
    monkeypatch: pytest.MonkeyPatch, entry: Entry | None
) -> None:
    """An operation of the contract without an entry, or with one that says it writes nothing."""
    bounds = Bounds(Target(URL, None, token="t"), GENEROUS)
    bounds.admit(DELETION)
    known = {name: each for name, each in MODEL.items() if name != "deleteGroup"}
    changed = known | ({"deleteGroup": entry} if entry else {})
    monkeypatch.setattr(api_lookup, "MODEL", changed)
    with pytest.raises(Unsafe) as refused:
        bounds.admit(DELETION)
    assert refused.value.why == UNKNOWN
