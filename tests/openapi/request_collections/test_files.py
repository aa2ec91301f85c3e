"""The committed collections are up to date."""

from __future__ import annotations

from pathlib import Path

import pytest

from openapi import dist
from openapi.request_collections import files
from openapi.request_collections.files import stale_collections, write_collections


def test_the_committed_collections_are_up_to_date() -> None:
    """After a change of the contract, `python -m openapi.dist` writes them again."""
    assert not stale_collections(dist.FOLDER / dist.COLLECTIONS), f"run {dist.PROGRAM}"


def test_changed_missing_and_superfluous_files_are_stale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are named; afterwards the folder has exactly the files of the collections."""
    rendered = [("en/a.http", b"a\n"), ("en/b.http", b"b\n")]
    monkeypatch.setattr(files, "render_collections", lambda: iter(rendered))
    (tmp_path / "en").mkdir()
    (tmp_path / "en/a.http").write_bytes(b"old\n")
    (tmp_path / "en/c.http").write_bytes(b"")
    assert stale_collections(tmp_path) == ["en/a.http", "en/b.http", "en/c.http"]
    write_collections(tmp_path)
    assert stale_collections(tmp_path) == []
    assert sorted(path.name for path in (tmp_path / "en").iterdir()) == ["a.http", "b.http"]
