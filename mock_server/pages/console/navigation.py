"""The pages of the console, in the order of the navigation."""

from __future__ import annotations

from mock_server.pages.console import (
    data,
    faults,
    journal,
    member_files,
    overview,
    readings,
    sessions,
    snapshots,
)
from mock_server.pages.console.page import Page

PAGES: tuple[Page, ...] = (
    overview.PAGE,
    data.PAGE,
    member_files.PAGE,
    journal.PAGE,
    faults.PAGE,
    readings.PAGE,
    snapshots.PAGE,
    sessions.PAGE,
)
