"""The request of a page, as views get it: its session, language and control plane."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

from flask import flash, render_template, request, session, url_for
from werkzeug.wrappers import Response

from mock_server.http import problem
from mock_server.http.problem import LANGUAGES
from mock_server.pages.console.control_plane import ControlPlane, InProcess, Reply, path_of
from mock_server.pages.console.page import Page
from mock_server.pages.console.texts import TEXTS
from mock_server.sessions.names import DEFAULT_SESSION

CSRF_FIELD = "csrf"
POLL_HEADER = "X-Console-Version"
"""Header field of the script, which polls, with the version of the page that the browser shows."""
TOKEN_KEY = "token"  # noqa: S105 - a name
LANGUAGE_KEY = "lang"
MAX_LISTED_SESSIONS = 50


@dataclass(frozen=True, slots=True)
class ConsoleRequest:
    """One request of a page.

    name: the mock's session that the page shows; lang: index of the language in LANGUAGES; pages:
    those of the navigation; page: the one that is requested, None for the login.
    """

    name: str
    lang: int
    pages: tuple[Page, ...]
    page: Page | None
    control: ControlPlane
    mock: InProcess

    @property
    def t(self) -> SimpleNamespace:
        """Return the texts of the page, and the common ones, in its language."""
        texts = {**TEXTS, **(self.page.texts if self.page else {})}
        return SimpleNamespace(**{name: words[self.lang] for name, words in texts.items()})

    def render(self, template: str, status: int = 200, /, **values: Any) -> Response:
        """Return a page, made of a template that extends `layout.html`."""
        page = render_template(
            template, **values, console=self, t=self.t, sessions=self._list_sessions()
        )
        return Response(page, status, mimetype="text/html")

    def redirect_after(self, message: str, endpoint: str = "", /, **values: Any) -> Response:
        """Return a redirect to a view, by default the page's first, which shows the message."""
        flash(message)
        assert self.page is not None  # noqa: S101 - forms are on pages
        target = url_for(endpoint or self.page.endpoint, **values)
        return Response("", 303, {"Location": target})

    def here_with(self, **changes: Any) -> str:
        """Return a link to this page with other parameters; None removes one."""
        if request.method != "GET" or request.endpoint is None:
            return url_for((self.page or self.pages[0]).endpoint, **changes)
        arguments = {**request.args.to_dict(flat=False), "lang": None, **changes}
        # `url_for` has options of these names, which no request may set.
        kept = {
            name: value
            for name, value in arguments.items()
            if value not in (None, "") and name != "endpoint" and not name.startswith("_")
        }
        return url_for(request.endpoint, **{**kept, **(request.view_args or {})})

    def is_gone(self) -> bool:
        """Return whether the session does not exist; it is not created by this."""
        if self.name == DEFAULT_SESSION:
            return False
        outside = replace(self.control, session=DEFAULT_SESSION)
        return outside.ask("GET", f"/sessions{path_of(self.name)}").status == 404

    def _list_sessions(self) -> list[str]:
        """Return the names for the session picker: the default one, and those used last."""
        if self.page is None:  # the login
            return []
        reply: Reply = self.control.ask("GET", "/sessions")
        found = [each["name"] for each in reply.body["sessions"]] if reply.status == 200 else []
        first, others = found[:1], found[1:][-MAX_LISTED_SESSIONS:]
        listed = [*first, *sorted(others)]
        return listed if self.name in listed else [*listed, self.name]


def begin_request(pages: tuple[Page, ...]) -> ConsoleRequest:
    """Return the request of a page that Flask serves at present."""
    mock: InProcess = request.environ["asgi.scope"][InProcess.SCOPE_KEY]
    lang = _requested_language()
    name = request.args.get("session") or DEFAULT_SESSION
    token = session.get(TOKEN_KEY, "")
    blueprint = (request.endpoint or "").partition(".")[0]
    page = next((each for each in pages if each.name == blueprint), None)
    control = ControlPlane(mock, name, LANGUAGES[lang], token)
    return ConsoleRequest(name, lang, pages, page, control, mock)


def form_token() -> str:
    """Return the token that the forms of this browser send, which no other site can read."""
    if CSRF_FIELD not in session:
        session[CSRF_FIELD] = secrets.token_urlsafe(16)
    return str(session[CSRF_FIELD])


def _requested_language() -> int:
    """Return the language of `?lang=`, which is remembered, or of Accept-Language."""
    wanted = request.args.get("lang")
    if wanted in LANGUAGES:
        session[LANGUAGE_KEY] = wanted
    if (kept := session.get(LANGUAGE_KEY)) in LANGUAGES:
        return LANGUAGES.index(kept)
    accepted = request.headers.get("Accept-Language", "").encode("latin-1")
    return problem.preferred_language({b"accept-language": accepted})
