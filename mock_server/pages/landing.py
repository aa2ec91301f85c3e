"""The landing page: what a frontend developer needs for the first request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from flask import render_template
from markupsafe import Markup

from mock_server.clock import CST
from mock_server.domain.tokens import Credentials
from mock_server.http.compiled_contract import CompiledContract
from mock_server.pages.contract_files import served_operations
from mock_server.pages.documentation import DOCUMENTATION_PATH
from mock_server.pages.inline_files import content_security_policy, read_head, read_inline
from mock_server.pages.snippets import (
    Login,
    curl_snippet,
    fetch_snippet,
    has_demo_operations,
)
from mock_server.pages.texts import LANGUAGE_NAMES, page_texts
from mock_server.settings import CONSOLE_PATH, CONTROL_PLANE, SWAGGER_PATH
from openapi import Language

SWAGGER_LINK = f"{SWAGGER_PATH.lstrip('/')}/"


@dataclass(frozen=True, slots=True)
class MockState:
    """The state that the pages show.

    scenario: the name of the initial data, or of their file; credentials: who can log in; frozen:
    the clock's instant, None if it runs.
    """

    contract: CompiledContract
    scenario: str
    credentials: Credentials
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

    def __init__(self, *, has_documentation: bool) -> None:
        """Read the page's style and script; `has_documentation`: link to the documentation."""
        self._has_documentation = has_documentation
        self._style = read_inline("palette.css") + read_inline("templates/landing.css")
        self._script = read_inline("templates/landing.js") + read_inline("templates/copy_button.js")
        self._head = read_head()
        self.security_headers = {
            # connect-src 'self': fetch, pasted into the browser's console
            "Content-Security-Policy": content_security_policy(
                self._style, self._script, form_action="'none'"
            ),
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
        frozen, login = state.frozen, Login.first_of(state.credentials)
        groups = list(_group_operations_by_tag(contract, lang))
        texts = page_texts(lang)
        return render_template(
            "landing.html",
            t=texts,
            names=LANGUAGE_NAMES,
            lang=lang,
            languages=languages,
            address=address,
            curl=curl_snippet(contract, address, login),
            fetch=fetch_snippet(contract, address, login),
            credentials=login._asdict() if login else {},
            scenario=state.scenario,
            scenario_note=getattr(texts, f"scenario_{state.scenario}", texts.scenario_file),
            seed=state.seed,
            scale=f"{state.scale:g}",
            # As the API writes date-times, to be copied into requests.
            frozen=f"{frozen.astimezone(CST):%Y-%m-%d %H:%M:%S}" if frozen else None,
            info=contract["info"],
            ours=has_demo_operations(contract),
            groups=groups,
            count=sum(len(group.rows) for group in groups),
            swagger=f"{SWAGGER_LINK}?lang={lang}",
            manual=f"{DOCUMENTATION_PATH.lstrip('/')}/{lang}/" if self._has_documentation else None,
            control=f"{CONTROL_PLANE.lstrip('/')}/docs/",
            console=f"{CONSOLE_PATH.lstrip('/')}/",
            head=self._head,
            style=self._style,
            script=self._script,
        )


def _group_operations_by_tag(
    contract: Mapping[str, Any], lang: Language
) -> Iterator[OperationGroup]:
    """Yield the operations by their first tag, in the order of the contract's tags."""
    rows: dict[str, list[OperationRow]] = {}
    for method, path, operation in served_operations(contract):
        tag = next(iter(operation.get("tags", ())), "default")  # the group's name in Swagger UI
        link = f"{SWAGGER_LINK}?lang={lang}#/{quote(tag)}/{quote(operation['operationId'])}"
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
