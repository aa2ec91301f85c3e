"""Swagger UI for the API and for the control plane, authorized with the demo credentials.

Scripts and styles of Swagger UI come from its installed package; the page is ours, because that of
the package has no language, a fixed title, and links to other hosts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template

from mock_server.pages.inline_files import csp_hash, join_policy, read_inline
from mock_server.pages.snippets import Login, token_path
from mock_server.pages.texts import LANGUAGE_NAMES, page_texts
from openapi import Language

HTTP_SCHEMES = ("basic", "bearer")


class SwaggerPage:
    """The page of Swagger UI for one contract of a mock."""

    def __init__(self, contract_file: str, *, framed: str) -> None:
        """Read style and script; `contract_file` is relative to the page.

        framed: source expression of the pages that may show this one in a frame.
        """
        self._contract_file = contract_file
        self._style = read_inline("templates/swagger.css")
        self._script = read_inline("templates/swagger.js")
        policy = {
            "default-src": "'none'",
            "base-uri": "'none'",
            "connect-src": "'self'",
            "font-src": "data:",
            "form-action": "'none'",
            "frame-ancestors": framed,
            "img-src": "'self' data: blob:",  # its icons, and images in responses
            "media-src": "'self' blob:",
            "script-src": f"'self' {csp_hash(self._script)}",
            "style-src": "'self' 'unsafe-inline'",  # React sets styles of single elements
        }
        self.security_headers = {
            "Content-Security-Policy": join_policy(policy),
            "Referrer-Policy": "no-referrer",
        }

    def render(
        self,
        contract: Mapping[str, Any],
        lang: Language,
        languages: Sequence[Language],
        address: str,
        login: Login | None,
    ) -> str:
        """Return the HTML in `lang`, for a browser that reaches the mock at `address`.

        The page is two levels below that address. It logs in with `login` when a request needs a
        token.
        """
        return render_template(
            "swagger.html",
            t=page_texts(lang),
            names=LANGUAGE_NAMES,
            lang=lang,
            languages=languages,
            title=contract["info"]["title"],
            contract_file=self._contract_file + (f"?lang={lang}" if len(languages) > 1 else ""),
            settings={"address": address, "login": _login_settings(contract, login)},
            style=self._style,
            script=self._script,
        )


def _login_settings(contract: Mapping[str, Any], login: Login | None) -> dict[str, Any] | None:
    """Return what the script needs to log in; None without a token operation or a user."""
    path = token_path(contract)
    if path is None or login is None:
        return None
    declared = contract.get("components", {}).get("securitySchemes", {})
    schemes = {
        scheme["scheme"].lower(): name
        for name, scheme in declared.items()
        if scheme.get("type") == "http" and scheme.get("scheme", "").lower() in HTTP_SCHEMES
    }
    return {
        "path": path.lstrip("/"),
        "client": [login.client_id, login.client_secret],
        "body": login.body,
        "schemes": schemes,
    }
