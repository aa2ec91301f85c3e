"""The console as a Flask application: its pages, and what holds for each of their requests."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from flask import Flask, Request, flash, g, request, session, url_for
from jinja2 import StrictUndefined
from markupsafe import Markup
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from mock_server.pages.console import login, member_files
from mock_server.pages.console.console_request import (
    CSRF_FIELD,
    POLL_HEADER,
    TOKEN_KEY,
    ConsoleRequest,
    begin_request,
    form_token,
)
from mock_server.pages.console.control_plane import NoResponseError, Refusal, RefusedError
from mock_server.pages.console.cookie import ConsoleCookie
from mock_server.pages.console.navigation import PAGES
from mock_server.pages.console.page import Route
from mock_server.pages.inline_files import content_security_policy, read_head, read_inline
from mock_server.pages.texts import LANGUAGE_NAMES
from mock_server.sessions.names import DEFAULT_SESSION
from mock_server.settings import MIB

MAX_FORM_SIZE = MIB // 4
"""Maximum size of a form, in bytes; the control plane takes 64 KiB, which escapes may triple."""
MAX_UPLOAD_SIZE = 16 * MIB + MAX_FORM_SIZE
"""Maximum size of a form with a file."""


@dataclass(frozen=True, slots=True)
class ConsoleSettings:
    """Settings of a console.

    secured: whether a login is required; key: what its cookie is signed with.
    """

    secured: bool
    key: bytes = field(repr=False)


class _FormRequest(Request):
    """A request whose uploaded files are kept in memory, as no folder need be writable."""

    def _get_file_stream(self, *_: Any, **__: Any) -> BytesIO:
        return BytesIO()


def max_form_size(path: str) -> int:
    """Return the maximum size of a form, in bytes, by its path below that of the console."""
    return MAX_UPLOAD_SIZE if path == member_files.PAGE.path else MAX_FORM_SIZE


def build_console(settings: ConsoleSettings) -> Flask:
    """Return the application with all pages; its root is the path of the console."""
    flask = Flask(__name__, static_folder=None, template_folder="templates")
    flask.request_class = _FormRequest
    flask.secret_key = settings.key
    flask.session_interface = ConsoleCookie()
    flask.config["MAX_CONTENT_LENGTH"] = MAX_FORM_SIZE
    flask.config["MAX_FORM_MEMORY_SIZE"] = MAX_FORM_SIZE
    # So that ErrorMiddleware answers unexpected errors in the same form as all others.
    flask.config["PROPAGATE_EXCEPTIONS"] = True
    flask.jinja_env.undefined = StrictUndefined
    flask.jinja_env.trim_blocks = flask.jinja_env.lstrip_blocks = True
    for page in PAGES:
        for route in page.routes:
            _add_route(flask, page.name, page.path, route)
    for route in login.ROUTES if settings.secured else ():
        _add_route(flask, login.NAME, "", route)
    _add_session_to_links(flask)
    _add_layout(flask, secured=settings.secured)
    _check_requests(flask, secured=settings.secured)
    _show_errors(flask)
    return flask


def _add_route(flask: Flask, name: str, path: str, route: Route) -> None:
    def view(**values: Any) -> Any:
        return route.view(g.console, **values)

    endpoint = f"{name}.{route.view.__name__}"
    rule = path + route.path or "/"
    flask.add_url_rule(
        rule, endpoint, view, methods=[route.method], provide_automatic_options=False
    )


def _add_session_to_links(flask: Flask) -> None:
    @flask.url_defaults
    def add_session(_endpoint: str, values: dict[str, Any]) -> None:
        """Keep the session in all links between pages."""
        if "console" in g and g.console.name != DEFAULT_SESSION:
            values.setdefault("session", g.console.name)
        if values.get("session") == DEFAULT_SESSION:
            del values["session"]


def _add_layout(flask: Flask, *, secured: bool) -> None:
    styles = ("palette.css", "console/templates/console.css", "console/templates/pages.css")
    style = Markup("").join(read_inline(name) for name in styles)
    scripts = (
        "console/templates/console.js",
        "templates/copy_button.js",
        "console/templates/pages.js",
    )
    head = read_head()
    script = Markup("").join(read_inline(name) for name in scripts)
    headers = {
        "Content-Security-Policy": content_security_policy(style, script, form_action="'self'"),
        # Not no-referrer: with it, browsers send forms with `Origin: null`.
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }

    @flask.context_processor
    def layout_values() -> dict[str, Any]:
        return {
            "head": head,
            "style": style,
            "script": script,
            "form_token": form_token,
            "languages": LANGUAGE_NAMES,
            "secured": secured,
        }

    @flask.after_request
    def add_headers(response: Response) -> Response:
        response.headers.update(headers)
        return response


def _check_requests(flask: Flask, *, secured: bool) -> None:
    @flask.before_request
    def check() -> Response | None:
        """Require a login and, for a form, the token that only our pages have."""
        g.console = begin_request(PAGES)
        if secured and not session.get(TOKEN_KEY) and request.endpoint not in login.ENDPOINTS:
            return login.redirect_to_login()
        if POLL_HEADER in request.headers and g.console.is_gone():
            return Response("", 404)  # otherwise an open page would create it again
        if request.method != "POST":
            return None
        request.max_content_length = max_form_size(request.path)
        # Origin was checked by the guard; a browser also names the site that sends the form.
        foreign = request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none")
        sent = request.form.get(CSRF_FIELD, "").encode()
        if foreign or not hmac.compare_digest(sent, form_token().encode()):
            flash(g.console.t.form_outdated)
            return Response("", 303, {"Location": url_for(PAGES[0].endpoint)})
        return None


def _show_errors(flask: Flask) -> None:
    def show(refusal: Refusal) -> Response:
        console: ConsoleRequest = g.console
        return console.render("refused.html", refusal.status, refusal=refusal)

    @flask.errorhandler(RefusedError)
    def show_refusal(error: RefusedError) -> Response:
        if error.refusal.status == 401:
            return login.redirect_to_login()
        return show(error.refusal)

    @flask.errorhandler(NoResponseError)
    def show_timeout(error: NoResponseError) -> Response:
        return show(Refusal(504, g.console.t.no_response, str(error)))

    @flask.errorhandler(HTTPException)
    def show_http_error(error: HTTPException) -> Response:
        if "console" not in g:
            g.console = begin_request(PAGES)
        status, t = error.code or 500, g.console.t
        texts = {404: t.not_found, 405: t.wrong_method, 413: t.form_too_large}
        title, _, detail = texts.get(status, error.name).partition("|")
        response = show(Refusal(status, title, detail))
        if methods := getattr(error, "valid_methods", None):
            response.headers["Allow"] = ", ".join(sorted(methods))
        return response
