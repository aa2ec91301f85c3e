"""Copies of the contract to change and to break."""

from __future__ import annotations

import shutil
from pathlib import Path

from openapi.bundle import ROOT_FILE


def copy_contract(folder: Path) -> Path:
    """A copy of the contract's files; returns its openapi.yaml."""
    ignore = shutil.ignore_patterns("*.py*", "__pycache__")
    return (
        Path(shutil.copytree(ROOT_FILE.parent, folder / "openapi", ignore=ignore)) / ROOT_FILE.name
    )


def edit_file(root: Path, name: str, old: str, new: str) -> None:
    """Change the first `old` in one file of a copied contract."""
    path = root.parent / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
