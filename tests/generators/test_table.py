"""The page of generated clients has the table of the last complete run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.generators import table
from tests.generators.clients import CLIENTS
from tests.generators.runner import Result

RESULTS = [Result(client, added_value="ADDED_LATER") for client in CLIENTS]


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A page with the table of RESULTS."""
    path = tmp_path / "generators.md"
    path.write_text(f"before\n{table.BEGIN}\n{table.END}\nafter\n", encoding="utf-8")
    monkeypatch.setattr(table, "PAGE", path)
    assert table.write_table(RESULTS)
    return path


def test_every_client_of_the_page_has_its_row_with_the_pinned_version() -> None:
    """A new version of a generator is shown after a run with it."""
    rows = [line for line in table.PAGE.read_text(encoding="utf-8").splitlines() if "|" in line]
    versions = table.pinned_versions()
    for client, row in zip(CLIENTS, rows[2:], strict=True):
        assert row.startswith(f"| {client.title} | ")
        assert all(versions[package] in row for package in client.packages)
        assert client.settings in row
        assert all(limit in row for limit in client.limits)


def test_a_table_is_stale_if_a_result_is_another(page: Path) -> None:
    """In CI, a stale table fails; a result that is the same changes nothing."""
    assert table.is_current(RESULTS)
    assert not table.write_table(RESULTS)
    changed = [replace(RESULTS[0], added_value="UNKNOWN"), *RESULTS[1:]]
    assert not table.is_current(changed)
    assert table.write_table(changed)
    text = page.read_text(encoding="utf-8")
    assert "`UNKNOWN`" in text
    assert text.startswith("before\n")
    assert text.endswith("after\n")
