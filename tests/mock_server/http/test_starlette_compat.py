"""Undocumented behavior of Starlette's CORSMiddleware that the mock relies on."""

from __future__ import annotations

from inspect import signature
from typing import Any

from starlette.datastructures import Headers

from mock_server.http.starlette_compat import CORSMiddleware

PREFLIGHT_HEADERS = Headers(
    {
        "origin": "http://a.example",
        "access-control-request-method": "GET",
        "access-control-request-headers": "x-anything",
    }
)


async def _app(scope: Any, receive: Any, send: Any) -> None:
    del scope, receive, send


def test_a_preflight_is_answered_by_one_method() -> None:
    """It takes the request's headers and returns the whole response."""
    assert [*signature(CORSMiddleware.preflight_response).parameters] == ["self", "request_headers"]
    made = CORSMiddleware(_app, allow_origin_regex=".*")
    assert made.preflight_response(request_headers=PREFLIGHT_HEADERS).status_code == 400
    assert made.app is _app


def test_all_headers_can_be_allowed_afterwards() -> None:
    """The response then repeats the requested headers."""
    made = CORSMiddleware(_app, allow_origin_regex=".*")
    made.allow_all_headers = True
    answer = made.preflight_response(request_headers=PREFLIGHT_HEADERS)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-headers"] == "x-anything"
