"""Preferences are read as RFC 7240 has them, and each invalid value is refused with its place."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.errors import InvalidRequest
from mock_server.http.preferences import (
    Preferences,
    may_have_preferences,
    read_preferences,
    without_preferences,
)


def scope_with(*prefer: str, query: str = "") -> dict[str, Any]:
    """A scope with these headers `Prefer` and this query."""
    headers = [(b"host", b"x"), *((b"prefer", text.encode("latin-1")) for text in prefer)]
    return {"headers": headers, "query_string": query.encode()}


def found_preferences(*prefer: str, query: str = "") -> tuple[Any, ...] | None:
    """Code, example, delay and `undocumented` of a request, or None."""
    found = read_preferences(scope_with(*prefer, query=query))
    if found is None:
        return None
    return found.code, found.example, found.delay, found.undocumented


@pytest.mark.parametrize(
    ("prefer", "expected"),
    [
        ("code=503", (503, None, None, False)),
        ("Code = 503", (503, None, None, False)),
        ("code=502; undocumented", (502, None, None, True)),
        ("code=200, example=empty, delay=800", (200, "empty", 800, False)),
        ("code=200; example=empty", (200, "empty", None, False)),
        ('example="a, \\"b\\""', (None, 'a, "b"', None, False)),
        ("return=minimal, delay=5, respond-async", (None, None, 5, False)),
        (",,; delay=5,", (None, None, 5, False)),
    ],
)
def test_a_header_has_preferences_in_any_valid_form(prefer: str, expected: Any) -> None:
    """Names ignore case, values may be quoted, and other preferences are ignored (RFC 7240)."""
    assert found_preferences(prefer) == expected


@pytest.mark.parametrize(
    "prefer", ["", "return=minimal", "undocumented", "handling=strict; code2=1"]
)
def test_a_request_without_our_preferences_has_none(prefer: str) -> None:
    """Other preferences are not for the mock."""
    assert found_preferences(prefer) is None


def test_the_first_of_several_values_counts_and_the_header_comes_before_the_query() -> None:
    """RFC 7240, 2."""
    assert found_preferences("code=500, code=503", "code=404") == (500, None, None, False)
    assert found_preferences("delay=7", query="__delay=9&__code=503") == (503, None, 7, False)


def test_the_query_has_the_same_preferences() -> None:
    """`__code`, `__example` and `__delay` are for callers that cannot set headers."""
    query = "page=1&__code=502%3Bundocumented&__example=a%2Cb&__delay=10"
    assert found_preferences(query=query) == (502, "a,b", 10, True)
    assert without_preferences(query.encode()) == b"page=1"
    assert without_preferences(b"__size=1&__codes=2") == b"__size=1&__codes=2"


@pytest.mark.parametrize(
    ("prefer", "query", "pointer", "found"),
    [
        ("code=abc", "", "/header/Prefer", "code=abc"),
        ("code=199", "", "/header/Prefer", "code=199"),
        ("code=600", "", "/header/Prefer", "code=600"),
        ("code", "", "/header/Prefer", "code="),
        ("example=", "", "/header/Prefer", "example="),
        ("delay=-1", "", "/header/Prefer", "delay=-1"),
        ("delay=600001", "", "/header/Prefer", "delay=600001"),
        ("delay=1.5", "", "/header/Prefer", "delay=1.5"),
        ("", "__delay=soon", "/query/__delay", "delay=soon"),
        ("", "__example=a%0D%0Ab", "/query/__example", "example=a\r\nb"),
    ],
)
def test_an_invalid_value_is_refused_with_its_place(
    prefer: str, query: str, pointer: str, found: str
) -> None:
    """A preference that is not understood must not be ignored silently."""
    with pytest.raises(InvalidRequest) as refused:
        read_preferences(scope_with(prefer, query=query))
    [violation] = refused.value.violations
    assert (violation.pointer, violation.rule, violation.found) == (pointer, "preference", found)


def test_what_is_applied_is_told_in_the_form_of_the_header() -> None:
    """`Preference-Applied` can be sent as `Prefer` again."""
    sent = "code=502, undocumented, example=a, delay=3"
    found = read_preferences(scope_with(sent))
    assert found is not None
    assert found.applied() == sent
    assert Preferences(delay=3, undocumented=True).applied() == "delay=3"


@pytest.mark.whole
@given(st.lists(st.text(st.characters(codec="latin-1")), max_size=3), st.text())
def test_no_header_and_no_query_breaks_the_reader(prefer: list[str], query: str) -> None:
    """Every text is read or refused, and what has no sign of preferences has none."""
    scope = scope_with(*prefer, query=query)
    try:
        found = read_preferences(scope)
    except InvalidRequest:
        found = Preferences()
    assert found is None or may_have_preferences(scope)


@pytest.mark.parametrize("text", ["a" * 60_000 + '"', '"' * 60_001, "a=\\" * 20_000, ";," * 30_000])
def test_a_long_header_is_read_in_linear_time(text: str) -> None:
    """A request may have 64 KiB of headers, and nothing may hold the event loop for 50 ms."""
    started = time.perf_counter()
    read_preferences(scope_with(text))
    assert time.perf_counter() - started < 1
