"""The login, which is required where the control plane requires a token."""

from __future__ import annotations

from flask import request, session, url_for
from werkzeug.wrappers import Response

from mock_server.pages.console.console_request import TOKEN_KEY, ConsoleRequest
from mock_server.pages.console.control_plane import ControlPlane
from mock_server.pages.console.page import Route

NAME = "login"
NEXT_FIELD = "next"
MAX_TOKEN_LENGTH = 2000
"""Longest token that is kept; a browser drops cookies of more than 4096 bytes."""
MAX_NEXT_LENGTH = 2000
"""Longest address to which a login leads back; many clients refuse longer header fields."""


def show_form(console: ConsoleRequest) -> Response:
    """Return the form."""
    return console.render("login.html", refusal=None, next=request.args.get(NEXT_FIELD, "/"))


def log_in(console: ConsoleRequest) -> Response:
    """Keep the token in the cookie if the control plane accepts it."""
    token = request.form.get("token", "").strip()[:MAX_TOKEN_LENGTH]
    wanted = _page_to_show(request.form.get(NEXT_FIELD, "/"))
    control = ControlPlane(console.mock, console.name, console.control.lang, token)
    reply = control.ask("GET", "/version")
    if reply.refusal:
        return console.render("login.html", reply.status, refusal=reply.refusal, next=wanted)
    session[TOKEN_KEY] = token
    # Below the console's path, so that it cannot lead to another host.
    return Response("", 303, {"Location": f"{request.script_root}/{wanted.lstrip('/')}"})


def log_out(_console: ConsoleRequest) -> Response:
    """Forget the token."""
    session.pop(TOKEN_KEY, None)
    return Response("", 303, {"Location": url_for(f"{NAME}.show_form")})


def redirect_to_login() -> Response:
    """Return a redirect to the form, which leads back to the page that was requested."""
    session.pop(TOKEN_KEY, None)
    back = _page_to_show(request.full_path.rstrip("?") if request.method == "GET" else "/")
    return Response("", 303, {"Location": url_for(f"{NAME}.show_form", next=back)})


def _page_to_show(wanted: str) -> str:
    """Return the path and query of a page, or those of the overview if no header could have them.

    A path has only printable characters; the others are escaped in it.
    """
    return wanted if wanted.isprintable() and len(wanted) <= MAX_NEXT_LENGTH else "/"


ROUTES = (
    Route("GET", "/login", show_form),
    Route("POST", "/login", log_in),
    Route("POST", "/logout", log_out),
)
ENDPOINTS = tuple(f"{NAME}.{route.view.__name__}" for route in ROUTES)
