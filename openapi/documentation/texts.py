"""Texts of the documentation's pages in Chinese and English."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from openapi.languages import Language
from openapi.loader import read_yaml

LANGUAGE_NAMES = {"zh": ("zh-CN", "中文"), "en": ("en", "English")}
"""Tag of each language, and its name in that language."""
FOLDER = Path(__file__).parent


@lru_cache(maxsize=2)
def page_texts(lang: Language) -> SimpleNamespace:
    """Return all texts in one language, as attributes."""
    # Not a dict: in Jinja, `t.copy` would be the dict's method.
    texts = _read("texts.yaml")
    return SimpleNamespace(**{name: words[lang] for name, words in texts.items()})


@lru_cache(maxsize=2)
def status_advice(lang: Language) -> dict[str, dict[str, str]]:
    """Return `meaning`, `advice` (Markdown) and `retry` of each status code of an error."""
    advice = _read("error_advice.yaml")
    return {
        status: {name: words[lang] for name, words in texts.items()}
        for status, texts in advice.items()
    }


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = read_yaml(FOLDER / name, name)
    return found
