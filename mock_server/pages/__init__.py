"""Pages for people: the landing page, and the contract as the mock serves it.

A Flask application that runs on threads of its own and never accesses a world from them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, cast

from flask import Flask, request
from jinja2 import StrictUndefined
from werkzeug.exceptions import MethodNotAllowed as WrongMethod
from werkzeug.exceptions import NotFound as NoPage
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response

from mock_server.errors import MethodNotAllowed
from mock_server.http.compiled_contract import CompiledContract
from mock_server.pages.a2wsgi_compat import WSGIApp, WSGIMiddleware, shut_down_threads
from mock_server.pages.contract_files import ContractFiles, ControlContractFiles
from mock_server.pages.landing import LandingPage, MockState
from mock_server.pages.page_request import mock_base_url, requested_language
from mock_server.pages.snippets import DEMO_CREDENTIALS, has_demo_operations, login_snippet
from mock_server.settings import CONTROL_PLANE, Settings
from openapi import Readings

__all__ = ["DEMO_CREDENTIALS", "MockState", "Pages", "has_demo_operations", "login_snippet"]
MAX_CONTRACTS = 4
"""Contracts whose files are kept after a change of the readings."""
STATE_KEY = "mock_server.state"


class Pages:
    """The pages of one mock, as an ASGI application."""

    def __init__(
        self,
        control: Mapping[str, Any],
        settings: Settings,
        default_answers: Readings,
        state: Callable[[], MockState],
    ) -> None:
        """Build the pages of the API's contract and of the control plane's.

        `state` is called on the event loop for each request, and has the API's contract.
        """
        self._state = state

        @lru_cache(maxsize=MAX_CONTRACTS)
        def files_of(compiled: CompiledContract) -> ContractFiles:
            return ContractFiles(compiled.contract, settings.contract, default_answers)

        flask = _build_flask_app(files_of, ControlContractFiles(control))
        self._urls = flask.url_map.bind("localhost")
        # a2wsgi describes the environment key by key; Flask takes any dict.
        # Two threads are enough for a few short pages; a2wsgi would start up to ten.
        self._asgi = WSGIMiddleware(cast("WSGIApp", flask.wsgi_app), workers=2)

    def has_page(self, path: str) -> bool:
        """Return whether a page has this path, for any method."""
        if path.startswith("//"):  # werkzeug would read it as "/"
            return False
        try:
            self._urls.match(path)
        except (NoPage, RequestRedirect):
            return False
        except WrongMethod:
            pass
        return True

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve a page; raises ApiError for a wrong method, language or Host."""
        allowed = sorted(self._urls.allowed_methods(scope["path"]))
        if scope["method"] not in allowed:
            raise MethodNotAllowed(scope["method"][:40], ", ".join(allowed))
        told: Any = {**scope, STATE_KEY: self._state()}
        await self._asgi(told, receive, send)

    def close(self) -> None:
        """Shut down the worker threads."""
        shut_down_threads(self._asgi)


def _build_flask_app(
    files_of: Callable[[CompiledContract], ContractFiles], control: ControlContractFiles
) -> Flask:
    flask = Flask(__name__, static_folder=None)
    flask.url_map.merge_slashes = False  # `//openapi.json` is an unknown path, as in the API
    # So that ErrorMiddleware answers errors of pages in the same form as all others.
    flask.config["PROPAGATE_EXCEPTIONS"] = True
    flask.jinja_env.undefined = StrictUndefined
    landing = LandingPage()

    def mock_state() -> MockState:
        found: MockState = request.environ["asgi.scope"][STATE_KEY]
        return found

    @flask.after_request
    def sort_allowed_methods(response: Response) -> Response:
        """Sort the methods in `Allow`."""
        # Flask writes them in the order of a set, which differs from run to run.
        if response.allow:
            response.headers["Allow"] = ", ".join(sorted(response.allow))
        return response

    def contract_file(form: str, media_type: str) -> Response:
        files = files_of(mock_state().contract)
        lang = requested_language(files.languages)
        content = files.encode_file(lang, form, mock_base_url())
        return _with_language(Response(content, mimetype=media_type), lang)

    @flask.get("/")
    def landing_page() -> Response:
        state = mock_state()
        files = files_of(state.contract)
        lang = requested_language(files.languages)
        page = landing.render(files.contract(lang), lang, files.languages, mock_base_url(), state)
        response = Response(page, mimetype="text/html")
        response.headers.update(landing.security_headers)
        return _with_language(response, lang)

    @flask.get("/openapi.json")
    def openapi_json() -> Response:
        return contract_file("json", "application/json")

    @flask.get("/openapi.yaml")
    def openapi_yaml() -> Response:
        return contract_file("yaml", "application/yaml")

    @flask.get(f"{CONTROL_PLANE}/openapi.json")
    def control_json() -> Response:
        content = control.encode_file("json", mock_base_url())
        return _with_cache_headers(Response(content, mimetype="application/json"))

    @flask.get(f"{CONTROL_PLANE}/openapi.yaml")
    def control_yaml() -> Response:
        content = control.encode_file("yaml", mock_base_url())
        return _with_cache_headers(Response(content, mimetype="application/yaml"))

    return flask


def _with_language(response: Response, lang: str) -> Response:
    """Return the response with the headers of a language that depends on the request."""
    response.content_language.add(lang)
    response.vary.add("Accept-Language")
    return _with_cache_headers(response)


def _with_cache_headers(response: Response) -> Response:
    """Return the response with an ETag and cache headers, or as a 304 if the client has it."""
    # `no-cache` allows a stored copy after a check: `--watch` may change the contract at any time.
    response.headers["Cache-Control"] = "no-cache"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.add_etag()
    response.make_conditional(request)
    response.headers.pop("Date")  # set by `make_conditional`; uvicorn adds another
    return response
