"""Listeners of containers of records: functions that are called after each change."""

from __future__ import annotations

from collections.abc import Callable

ChangeListener = Callable[[], None]


def ignore_change() -> None:
    """Do nothing, as the listener of a container that belongs to no world."""
