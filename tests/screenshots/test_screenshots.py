"""Every picture of the READMEs is one that `make screenshots` makes, and is used."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.screenshots.__main__ import DEVICES, FOLDER, PAGES

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(("readme", "language"), [("README.md", "en"), ("README.zh.md", "zh")])
def test_a_readme_shows_each_page_on_a_laptop_and_on_a_phone(readme: str, language: str) -> None:
    """The pictures that exist are those that are made anew, in the reader's language."""
    made = {f"{page}-{device}.{language}.png" for page in PAGES for device in DEVICES}
    text = (ROOT / readme).read_text(encoding="utf-8")
    assert set(re.findall(r"\(docs/screenshots/([^)]+)\)", text)) == made
    assert {file.name for file in FOLDER.glob(f"*.{language}.png")} == made
