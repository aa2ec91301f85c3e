"""A cached bundle is used as long as its files have not changed."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from openapi import bundle
from openapi.cache import fingerprint_of, read_cache, write_cache
from tests.openapi.editing import copy_contract, edit_file

GROUP_FILE = "components/schemas/notice-groups.yaml"


@pytest.fixture
def contract_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the contract in the place of the package's own."""
    copied = copy_contract(tmp_path).resolve()
    monkeypatch.setattr(bundle, "CONTRACT_FOLDER", copied.parent)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    bundle._cached_contract.cache_clear()
    return copied


@pytest.fixture
def freshly_bundled(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[Path]]:
    """The contracts that were bundled from their files since the start of the test."""
    real, bundled = bundle._load_uncached, list[Path]()

    def note(root: Path, *how: Any, **more: Any) -> Any:
        bundled.append(root)
        return real(root, *how, **more)

    monkeypatch.setattr(bundle, "_load_uncached", note)
    return lambda: bundled


def load_without_memory(root: Path) -> dict[str, Any]:
    """Return what a new process loads."""
    bundle._cached_contract.cache_clear()
    return bundle.load(root)


def test_a_second_start_reads_what_the_first_one_kept(
    contract_copy: Path, freshly_bundled: Callable[[], list[Path]], contract: dict[str, Any]
) -> None:
    """The cached document is the same, including the order of keys."""
    first, second = load_without_memory(contract_copy), load_without_memory(contract_copy)
    assert freshly_bundled() == [contract_copy]
    assert str(first) == str(second) == str(contract)


def test_each_language_and_strictness_is_kept_by_itself(contract_copy: Path) -> None:
    """Each combination has its own cache entry."""
    english = bundle.load(contract_copy, lang="en")
    documented = bundle.load(contract_copy, strictness="documented")
    bundle._cached_contract.cache_clear()
    assert bundle.load(contract_copy, lang="en") == english != documented
    assert (
        bundle.load(contract_copy, strictness="documented")
        == documented
        != bundle.load(contract_copy)
    )


def test_a_changed_file_is_read_again(
    contract_copy: Path, freshly_bundled: Callable[[], list[Path]]
) -> None:
    """A file of the same length is read again, too; files without references have no effect."""
    load_without_memory(contract_copy)
    edit_file(contract_copy, GROUP_FILE, "type: object", "type: number")
    load_without_memory(contract_copy)
    (contract_copy.parent / "paths/more.yaml").write_text("{", encoding="utf-8")
    load_without_memory(contract_copy)
    assert freshly_bundled() == [contract_copy] * 2


def test_what_was_kept_counts_where_it_stands(contract_copy: Path, tmp_path: Path) -> None:
    """A copy of the project does not use the cache of the original."""
    load_without_memory(contract_copy)
    moved = Path(shutil.copytree(contract_copy.parent, tmp_path / "moved"))
    (moved / GROUP_FILE).unlink()
    (kept,) = (moved / "__pycache__").glob("*.json")
    assert read_cache(kept, moved) is None


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"stamp": [], "document": {}}', b"\xff"])
def test_what_is_damaged_is_not_used(
    contract_copy: Path,
    freshly_bundled: Callable[[], list[Path]],
    contract: dict[str, Any],
    damage: bytes,
) -> None:
    """The files are read again, and the cache is written again."""
    load_without_memory(contract_copy)
    (kept,) = (contract_copy.parent / "__pycache__").glob("*.json")
    kept.write_bytes(damage)
    assert load_without_memory(contract_copy) == contract
    assert load_without_memory(contract_copy) == contract
    assert freshly_bundled() == [contract_copy] * 2


def test_nothing_is_kept_of_a_contract_of_somebody_elses(tmp_path: Path) -> None:
    """Nothing is written to a directory given by a user."""
    copied = copy_contract(tmp_path)
    bundle.load(copied)
    assert not (copied.parent / "__pycache__").exists()


def test_nothing_is_kept_where_python_keeps_nothing(
    contract_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PYTHONDONTWRITEBYTECODE disables the cache, too."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    bundle.load(contract_copy)
    assert not (contract_copy.parent / "__pycache__").exists()


def test_a_place_that_takes_nothing_is_no_harm(tmp_path: Path) -> None:
    """An installation may be read-only, and its folder may even be a file."""
    blocked = tmp_path / "blocked"
    blocked.write_bytes(b"")
    write_cache(blocked / "kept.json", fingerprint_of([blocked], tmp_path), {"a": 1})
    assert read_cache(blocked / "kept.json", tmp_path) is None


def test_a_stamp_tells_time_and_length(tmp_path: Path) -> None:
    """A change of either invalidates the cache."""
    source = tmp_path / "a.yaml"
    source.write_text("a: 1")
    before = fingerprint_of([source], tmp_path)
    os.utime(source, ns=(1, 1))
    later = fingerprint_of([source], tmp_path)
    source.write_text("a: 12")
    os.utime(source, ns=(1, 1))
    assert len({before, later, fingerprint_of([source], tmp_path)}) == 3
