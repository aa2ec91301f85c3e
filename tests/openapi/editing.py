"""Copies of the contract that tests change."""

from __future__ import annotations

import shutil
from pathlib import Path

from openapi.contract_loading import ROOT_FILE


def copy_contract(folder: Path) -> Path:
    """Copy the contract's files; return the path of openapi.yaml."""
    ignore = shutil.ignore_patterns("*.py*", "__pycache__")
    return (
        Path(shutil.copytree(ROOT_FILE.parent, folder / "openapi", ignore=ignore)) / ROOT_FILE.name
    )


def edit_file(root: Path, name: str, old: str, new: str) -> None:
    """Replace the first `old` in a file of a copied contract."""
    path = root.parent / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
