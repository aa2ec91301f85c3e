"""Values of forms become those of the control plane's JSON."""

from __future__ import annotations

import pytest

from mock_server.pages.console.page_values import display_instant, instant_of, number_or_text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5),
        ("-1", -1),
        ("0.25", 0.25),
        ("5.", "5."),
        ("1e9", "1e9"),
        ("٣", "٣"),
        ("nan", "nan"),
        ("9" * 19, "9" * 19),
    ],
)
def test_a_number_is_one_and_anything_else_stays_text(text: str, value: object) -> None:
    """The control plane refuses the text, and says what it accepts."""
    found = number_or_text(text)
    assert (found, type(found)) == (value, type(value))


def test_instants_are_in_china_standard_time() -> None:
    """The seconds of a form may be missing."""
    assert instant_of("2025-04-21T09:00") == "2025-04-21T09:00:00+08:00"
    assert instant_of("2025-04-21T09:00:30") == "2025-04-21T09:00:30+08:00"
    assert display_instant("2025-04-21T09:00:30+08:00") == "2025-04-21 09:00:30"
