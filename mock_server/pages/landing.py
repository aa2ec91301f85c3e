"""The landing page: what a frontend developer needs for the first request."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import render_template
from markupsafe import Markup

from mock_server.clock import CST
from mock_server.http.compiled_contract import CompiledContract
from mock_server.pages.contract_files import served_operations
from mock_server.pages.snippets import (
    CREDENTIAL_FIELDS,
    curl_snippet,
    fetch_snippet,
    has_demo_operations,
)
from mock_server.pages.texts import LANGUAGE_NAMES, page_texts
from mock_server.seed import Scenario
from mock_server.settings import CONTROL_PLANE, SWAGGER_PATH
from openapi import Language

TEMPLATES_FOLDER = Path(__file__).parent / "templates"
SWAGGER_LINK = f"{SWAGGER_PATH.lstrip('/')}/"


@dataclass(frozen=True, slots=True)
class MockState:
    """The state that the pages show; `frozen` is the clock's instant, None if it runs."""

    contract: CompiledContract
    scenario: Scenario
    seed: int
    frozen: datetime | None
    scale: float


@dataclass(frozen=True, slots=True)
class OperationRow:
    """A row of the table; `path` may break after a slash, `link` leads to Swagger UI."""

    method: str
    path: Markup
    summary: str
    link: str


@dataclass(frozen=True, slots=True)
class OperationGroup:
    """The operations of one tag."""

    title: str
    description: str
    rows: list[OperationRow]


class LandingPage:
    """The page at `/` of one mock."""

    def __init__(self) -> None:
        """Read the page's style and script."""
        self._style = _read_inline("landing.css")
        self._script = _read_inline("landing.js")
        policy = {
            "default-src": "'none'",
            "img-src": "data:",
            "connect-src": "'self'",  # fetch, pasted into the browser's console
            "style-src": _csp_hash(self._style),
            "script-src": _csp_hash(self._script),
            "base-uri": "'none'",
            "form-action": "'none'",
            "frame-ancestors": "'none'",
        }
        self.security_headers = {
            "Content-Security-Policy": "; ".join(f"{k} {v}" for k, v in policy.items()),
            "Referrer-Policy": "no-referrer",
        }

    def render(
        self,
        contract: Mapping[str, Any],
        lang: Language,
        languages: Sequence[Language],
        address: str,
        state: MockState,
    ) -> str:
        """Return the HTML in `lang`, for a browser that reaches the mock at `address`."""
        frozen = state.frozen
        groups = list(_group_operations_by_tag(contract))
        return render_template(
            "landing.html",
            t=page_texts(lang),
            names=LANGUAGE_NAMES,
            lang=lang,
            languages=languages,
            address=address,
            curl=curl_snippet(contract, address),
            fetch=fetch_snippet(contract, address),
            credentials=CREDENTIAL_FIELDS,
            scenario=state.scenario,
            seed=state.seed,
            scale=f"{state.scale:g}",
            # As the API writes date-times, to be copied into requests.
            frozen=f"{frozen.astimezone(CST):%Y-%m-%d %H:%M:%S}" if frozen else None,
            info=contract["info"],
            ours=has_demo_operations(contract),
            groups=groups,
            count=sum(len(group.rows) for group in groups),
            swagger=SWAGGER_LINK,
            control=f"{CONTROL_PLANE.lstrip('/')}/docs/",
            style=self._style,
            script=self._script,
        )


def _group_operations_by_tag(contract: Mapping[str, Any]) -> Iterator[OperationGroup]:
    """Yield the operations by their first tag, in the order of the contract's tags."""
    rows: dict[str, list[OperationRow]] = {}
    for method, path, operation in served_operations(contract):
        tag = next(iter(operation.get("tags", ())), "default")  # the group's name in Swagger UI
        link = f"{SWAGGER_LINK}#/{quote(tag)}/{quote(operation['operationId'])}"
        # On narrow screens a long path breaks between segments, not within one.
        breakable = Markup("/<wbr>").join(path.split("/"))
        row = OperationRow(method.upper(), breakable, operation.get("summary", ""), link)
        rows.setdefault(tag, []).append(row)
    described = {tag["name"]: tag for tag in contract.get("tags", ())}
    for name in (*described, *(name for name in rows if name not in described)):
        if name in rows:
            tag = described.get(name, {})
            title = tag.get("x-displayName", name)
            yield OperationGroup(title, tag.get("description", ""), rows[name])


def _read_inline(name: str) -> Markup:
    """Return a file of the templates as markup, to be inserted without escaping."""
    return Markup((TEMPLATES_FOLDER / name).read_text(encoding="utf-8"))  # noqa: S704 - our own


def _csp_hash(text: str) -> str:
    """Return the source expression of an inline style or script in Content-Security-Policy."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
