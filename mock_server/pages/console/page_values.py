"""Values of the control plane as pages show them, and values of forms as it expects them."""

from __future__ import annotations

import re

INTEGER = re.compile(r"-?[0-9]{1,18}")
DECIMAL = re.compile(r"-?[0-9]{1,9}\.[0-9]{1,9}")
LOCAL_MINUTE = "2025-04-21T09:00"


def number_or_text(text: str) -> int | float | str:
    """Return a number, or the text if it is none, so that the control plane refuses it."""
    if INTEGER.fullmatch(text):
        return int(text)
    return float(text) if DECIMAL.fullmatch(text) else text


def instant_of(local: str) -> str:
    """Return the value of a date-time input, which may have no seconds, as an instant."""
    seconds = ":00" if len(local) == len(LOCAL_MINUTE) else ""
    return f"{local}{seconds}+08:00"


def display_instant(instant: str) -> str:
    """Return an instant of the control plane as the API writes date-times."""
    return instant[:19].replace("T", " ")
