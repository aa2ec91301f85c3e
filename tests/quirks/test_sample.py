"""The catalogue is consistent, and the check's verdict is right for a sample of its servers."""

from __future__ import annotations

import re

import pytest

from contract_tests.contract.operations import operations, rules
from tests.quirks.catalogue import CATALOGUE, QUIRKS
from tests.quirks.exchange import ProxyExchange
from tests.quirks.proxy import run_proxy
from tests.quirks.quirk import Quirk
from tests.quirks.runner import run_quirk, verdict_differences
from tests.serving import RunningMock

MIN_QUIRKS = 60
SAMPLE_IDS = (
    pytest.param("sound/503-once", marks=pytest.mark.whole),
    "broken/member-twice",
    "broken/307",
)
"""Servers that are checked in seconds; `make quirks` runs all."""
VIOLATION_TEXT = re.compile(r"([\w-]+): [A-Z].+")


def quirk_id(quirk: Quirk) -> str:
    """Return the id of a test."""
    return quirk.id


def test_half_of_the_servers_are_sound() -> None:
    """There are at least 60 servers with different ids, and at least 30 of each kind."""
    assert len(CATALOGUE) == len(QUIRKS) >= MIN_QUIRKS
    sound = sum(quirk.is_sound for quirk in QUIRKS)
    assert min(sound, len(QUIRKS) - sound) >= MIN_QUIRKS // 2


@pytest.mark.parametrize("quirk", QUIRKS, ids=quirk_id)
def test_a_quirk_says_what_is_right(quirk: Quirk) -> None:
    """A quirk has a sentence, and names existing operations or rules as violated."""
    assert quirk.sentence.endswith(".")
    assert quirk.is_sound == (not quirk.violations) == quirk.id.startswith("sound/")
    for violation in quirk.violations:
        found = VIOLATION_TEXT.fullmatch(violation)
        assert found, violation
        assert found[1] in operations() or found[1] in rules()


def test_a_proxy_without_a_quirk_changes_nothing(shared_mock: RunningMock) -> None:
    """Status, headers, body, HEAD and an upload pass unchanged."""
    path = "/api/v1/marketing-notice/group"
    with run_proxy(shared_mock.address, lambda _: None) as address:
        for method, where, body in (
            ("GET", path, None),
            ("HEAD", path, None),
            ("OPTIONS", path, None),
            ("DELETE", f"{path}/1/", None),
            ("POST", path, b'{"name":1}'),
        ):
            headers = {"Content-Type": "application/json"} if body else {}
            near, far = (
                shared_mock.client.request(method, base + where, content=body, headers=headers)
                for base in (shared_mock.address, address)
            )
            assert (far.status_code, far.content) == (near.status_code, near.content)
            assert far.headers.items() - {("keep-alive", "")} == near.headers.items()


def test_a_verdict_that_is_not_right_is_told() -> None:
    """A wrong exit code, a missing violation and an unexpected one are reported."""
    quirk = CATALOGUE["broken/307"]
    (expected,) = quirk.violations
    right = f"1. {expected}\n"
    assert list(verdict_differences(quirk, 1, right, "")) == []
    assert list(verdict_differences(quirk, 0, "", "")) == [
        "exit code 0, not 1: ",
        f"not found: {expected}",
    ]
    more = f"{right}2. GR-01: Rule violated\n"
    assert list(verdict_differences(quirk, 1, more, "")) == [
        "reported, but not a violation: GR-01: Rule violated"
    ]


def test_a_quirk_counts_anew_for_each_server() -> None:
    """Otherwise a quirk that occurs once would be missing on the second server."""
    made = CATALOGUE["sound/503-once"].make_change
    for change in (made(), made()):
        seen = [ProxyExchange(n, 1, "getGroup", "GET", "/", []) for n in range(20)]
        for exchange in seen:
            change(exchange)
        assert sum(exchange.status == 503 for exchange in seen) == 1


@pytest.mark.parametrize("name", SAMPLE_IDS)
def test_the_verdict_is_right(name: str) -> None:
    """`hypers-check` runs in a process of its own, as in `make quirks`."""
    assert run_quirk(CATALOGUE[name]).wrong == ()
