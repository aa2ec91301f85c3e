"""Styles and scripts inside pages, and the Content-Security-Policy that allows no others."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from markupsafe import Markup

FOLDER = Path(__file__).parent


def read_inline(path: str) -> Markup:
    """Return a file below `pages/` as markup, to be inserted without escaping."""
    return Markup((FOLDER / path).read_text(encoding="utf-8"))  # noqa: S704 - our own


def read_head() -> Markup:
    """Return the elements that the head of each of our pages begins with."""
    return read_inline("templates/head.html").strip()


def content_security_policy(style: str, script: str, form_action: str) -> str:
    """Return a policy for a page with one inline style and one inline script."""
    policy = {
        "default-src": "'none'",
        "img-src": "data:",
        "connect-src": "'self'",
        "style-src": csp_hash(style),
        "script-src": csp_hash(script),
        "base-uri": "'none'",
        "form-action": form_action,
        "frame-ancestors": "'none'",
    }
    return join_policy(policy)


def join_policy(directives: Mapping[str, str]) -> str:
    """Return the value of Content-Security-Policy with these directives."""
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def csp_hash(text: str) -> str:
    """Return the source expression of an inline style or script."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
