"""Options that the user must give before another server is written to."""

from __future__ import annotations

import argparse
import subprocess
import sys
from typing import Any

import pytest

from contract_tests.contract.operations import operations
from contract_tests.safety.policy import (
    ACCOUNT_LOCK_REASON,
    REACHES_PEOPLE_REASON,
    SafetyOptions,
    SafetyPolicy,
    choose_safety_policy,
    parse_member,
)
from contract_tests.target.target import TOKEN_OPERATION, CannotCheckError
from tests.contract_tests.run_check import run_check

HOST = "staging.example.com"
URL = f"https://{HOST}"
ZHANG = {"userId": "U1", "ciq": "C1"}
SUFFICIENT_PERMITS = SafetyOptions(HOST, (ZHANG,))


def test_operations_that_reach_people_get_no_generated_requests() -> None:
    """Logins get none either; if only logins are elsewhere, only they are limited."""
    limits = SafetyPolicy((ZHANG,)).limited_operations(operations().values())
    assert limits.pop(TOKEN_OPERATION) == ACCOUNT_LOCK_REASON
    assert limits == dict.fromkeys(
        (
            "createNotificationTask",
            "createMarketingNotice",
            "updateMarketingNotice",
            "enableMarketingNotice",
            "createMarketingNoticeTask",
            "enableMarketingNoticeTask",
        ),
        REACHES_PEOPLE_REASON,
    )
    assert SafetyPolicy(None).limited_operations(operations().values()) == {
        TOKEN_OPERATION: ACCOUNT_LOCK_REASON
    }


@pytest.mark.parametrize(
    ("permits", "missing"),
    [
        (SafetyOptions(), f"give --allow-writes {HOST} and --test-member userId=..."),
        (SafetyOptions(HOST), "give --test-member userId=..."),
        (SafetyOptions(members=(ZHANG,)), f"give --allow-writes {HOST}"),
        (SafetyOptions("example.com", (ZHANG,)), f"is not the target's host: expected {HOST}"),
        (SafetyOptions(f"{HOST}:443", (ZHANG,)), f"is not the target's host: expected {HOST}"),
    ],
)
def test_writing_elsewhere_needs_the_host_and_somebody(
    permits: SafetyOptions, missing: str
) -> None:
    """Each missing option is named."""
    with pytest.raises(CannotCheckError) as refused:
        choose_safety_policy(f"{URL}:8443/base", "", "full", permits)
    assert str(refused.value).endswith(missing)


def test_where_a_run_has_limits() -> None:
    """Limits apply elsewhere, with test members, and with tokens from elsewhere."""
    here = "http://127.0.0.1:4010"
    assert choose_safety_policy(URL, "", "full", SUFFICIENT_PERMITS) == SafetyPolicy((ZHANG,))
    assert choose_safety_policy(here, "", "full", SafetyOptions(members=(ZHANG,))) == SafetyPolicy(
        (ZHANG,)
    )
    assert choose_safety_policy(here, URL, "full", SafetyOptions()) == SafetyPolicy(None)
    assert choose_safety_policy(here, here, "full", SafetyOptions("127.0.0.1")) is None
    assert choose_safety_policy(URL, "", "safe", SUFFICIENT_PERMITS) is None


@pytest.mark.parametrize(
    ("text", "member"),
    [
        ("userId=U1", {"userId": "U1"}),
        (" ciq = C1 , memberId=7", {"ciq": "C1", "memberId": 7}),
        *((text, None) for text in ("", "U1", "userId=", "name=Li", "userId=1,userId=2")),
        *((text, None) for text in ("memberId=x", "memberId=0", "memberId=-1", "memberId=١")),
    ],
)
def test_a_test_member_is_somebody(text: str, member: dict[str, Any] | None) -> None:
    """A member has at least one id, each once, by the contract's names; memberId is a number."""
    if member is None:
        with pytest.raises(argparse.ArgumentTypeError):
            parse_member(text)
    else:
        assert parse_member(text) == member


def test_wrong_members_are_told_before_anything_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Invalid members are reported for the command line and for the environment."""
    nobody = ("--target", "http://127.0.0.1:1")
    outcome = run_check(*nobody, "--test-member", "U1")
    assert outcome.code == 2
    assert "'U1' is not a member such as userId=U1,ciq=C1" in outcome.err
    monkeypatch.setenv("HYPERS_CHECK_TEST_MEMBER", "userId=U1; memberId=x")
    outcome = run_check(*nobody)
    assert outcome.code == 2
    assert outcome.err == (
        "hypers-check: HYPERS_CHECK_TEST_MEMBER: memberId 'x' is not a positive whole number\n"
    )


HOOKS_SCRIPT = """
import types
from contract_tests.hooks import before_call
from contract_tests.target.transport import UnsafeRequestError

for url, method in (("http://127.0.0.1:1", "POST"), ("https://a.example", "get")):
    case = types.SimpleNamespace(
        method=method, formatted_path="/x", operation=types.SimpleNamespace(base_url=url)
    )
    before_call(None, case, {})
    case.operation.base_url, case.method = "https://a.example", "DELETE"
    try:
        before_call(None, case, {})
    except UnsafeRequestError as error:
        print(error)
"""


def test_plain_schemathesis_only_reads_elsewhere() -> None:
    """No safety policy applies there, so our hooks block writes to other machines."""
    # In a process of its own, since hooks are for all that schemathesis does in one.
    done = subprocess.run(
        [sys.executable, "-c", HOOKS_SCRIPT], capture_output=True, text=True, timeout=60, check=True
    )
    told = "DELETE /x would write to another machine without a safety policy\n"
    assert done.stdout == told * 2
