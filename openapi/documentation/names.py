"""Names of pages and of places in them."""

from __future__ import annotations

import re

REFERENCE = "reference.html"
ERRORS = "errors.html"
DECISIONS = "decisions.html"
QUESTIONS = "questions.html"
CHANGES = "changes.html"
HOME = "index.html"
GUIDES = "documentation/guides"
"""Folder of the guides below `openapi/`."""
GUIDES_PART = "guides"
"""Part of the navigation to which all guides belong; it has no page of its own."""
OTHER_CHARACTERS = re.compile(r"[^a-z0-9]+")


def guide_page(name: str) -> str:
    """Return the file name of a guide's page."""
    return f"guide-{name}.html"


def schema_anchor(name: str) -> str:
    """Return the anchor of a named schema in the reference."""
    return f"schema-{name}"


def rule_anchor(rule: str) -> str:
    """Return the anchor of a rule, or of a keyword, in the error catalogue."""
    return f"rule-{rule}"


def code_anchor(code: str) -> str:
    """Return the anchor of a kind of mistake in member files in the error catalogue."""
    return f"code-{code}"


def status_anchor(status: str) -> str:
    """Return the anchor of a status code in the error catalogue."""
    return f"status-{status}"


def heading_anchor(english: str) -> str:
    """Return the anchor of a heading, made of its English text."""
    return OTHER_CHARACTERS.sub("-", english.lower()).strip("-") or "section"
