"""A recorded request belongs to an operation whatever host and prefix its URL has."""

from __future__ import annotations

import pytest

from contract_tests.contract.operations import operations
from contract_tests.workflows.recorded.matching import OperationMatcher

MATCHER = OperationMatcher(operations().values())
GROUP = "/api/v1/marketing-notice/group"


@pytest.mark.parametrize(
    "base",
    [
        "https://szhl-phiskin.hypers.com.cn",
        "https://example.com:8443/gw/hypers",
        "http://127.0.0.1:4010/__session/alice",
        "http://127.0.0.1:4010/gw/__session/a%20b",
    ],
)
def test_host_and_prefix_do_not_matter(base: str) -> None:
    """A reverse proxy and a session of the mock put a prefix before the path."""
    found = MATCHER.match("GET", f"{base}{GROUP}/7?x=/api/v1/file#top")
    assert found
    assert (found.operation.name, found.base, found.path) == ("getGroup", base, {"id": "7"})
    assert MATCHER.api_base(f"{base}/api/v1/color") == base


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/api/v1/marketing-notice/group", "listGroups"),
        ("GET", "/api/v1/marketing-notice/17", "getMarketingNotice"),
        ("GET", "/api/v1/marketing-notice/members/template", "getMemberTemplate"),
        # No other operation has this method, so it is a plan with a wrong id.
        ("PUT", "/api/v1/marketing-notice/group", "updateMarketingNotice"),
        ("PATCH", "/api/v1/marketing-notice/group", None),
        ("GET", "/api/v1/marketing-notice/group/", None),
        ("GET", "/api/v1/color", None),
        ("GET", "/index.html", None),
    ],
)
def test_a_literal_segment_wins_over_a_parameter(
    method: str, path: str, expected: str | None
) -> None:
    """As in OpenAPI; the method decides where two paths fit."""
    found = MATCHER.match(method, f"https://example.com{path}")
    assert (found.operation.name if found else None) == expected


def test_a_parameter_is_decoded_and_a_user_left_out() -> None:
    """The base URL contains no password."""
    found = MATCHER.match("GET", f"https://me:secret@example.com{GROUP}/a%2Fb")
    assert found
    assert (found.base, found.path) == ("https://example.com", {"id": "a/b"})


@pytest.mark.parametrize(
    "url", ["data:text/plain,x", "chrome-extension://x/api/v1/file/1", "ws://x/api/v1/file/1", "["]
)
def test_other_schemes_are_no_requests_to_an_api(url: str) -> None:
    """Pages also load data, extensions and sockets."""
    assert MATCHER.match("GET", url) is None
    assert MATCHER.api_base(url) is None


def test_given_bases_leave_out_other_servers() -> None:
    """Another API may have the same paths."""
    matcher = OperationMatcher(operations().values(), ["https://example.com/gw/"])
    assert matcher.match("GET", f"https://example.com/gw{GROUP}")
    assert matcher.match("GET", f"https://example.com{GROUP}") is None
    assert matcher.api_base("https://example.com/api/v1/x") is None
