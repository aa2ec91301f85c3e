"""Pages for people: landing page, console, documentation, and the contract as the mock serves it.

A Flask application that runs on threads of its own and never accesses a world from them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, cast

from flask import Flask, redirect, request
from jinja2 import StrictUndefined
from werkzeug.exceptions import MethodNotAllowed as WrongMethod
from werkzeug.exceptions import NotFound as NoPage
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response

from mock_server.errors import MethodNotAllowed
from mock_server.http.address import requested_path
from mock_server.http.compiled_contract import CompiledContract
from mock_server.pages.a2wsgi_compat import WSGIApp, WSGIMiddleware, shut_down_threads
from mock_server.pages.contract_files import ContractFiles, ControlContractFiles
from mock_server.pages.documentation import DOCUMENTATION_PATH, DocumentationPages
from mock_server.pages.landing import LandingPage, MockState
from mock_server.pages.page_request import mock_base_url, requested_language
from mock_server.pages.snippets import Login, has_demo_operations, login_snippet
from mock_server.pages.swagger import SwaggerPage
from mock_server.settings import (
    CONSOLE_PATH,
    CONTROL_PLANE,
    CONTROL_SWAGGER_PATH,
    SWAGGER_PATH,
    Settings,
)
from openapi import Readings

__all__ = [
    "DOCUMENTATION_PATH",
    "Login",
    "MockState",
    "Pages",
    "has_demo_operations",
    "login_snippet",
]
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
        state: Callable[[Mapping[str, Any]], MockState],
    ) -> None:
        """Build the pages of the API's contract and of the control plane's.

        `state` is called with the scope of each request, on the event loop; it has the API's
        contract.
        """
        self._state = state
        self._secured, self._key = settings.admin_token is not None, settings.console_key
        self._application: Any = None
        self._console: Any = None

        @lru_cache(maxsize=MAX_CONTRACTS)
        def files_of(compiled: CompiledContract) -> ContractFiles:
            return ContractFiles(compiled.contract, settings.contract, default_answers)

        documentation = DocumentationPages() if settings.contract is None else None
        flask = _build_flask_app(files_of, ControlContractFiles(control), documentation)
        self._urls = flask.url_map.bind("localhost")
        # a2wsgi describes the environment key by key; Flask takes any dict.
        # Two threads are enough for a few short pages; a2wsgi would start up to ten.
        self._asgi = WSGIMiddleware(cast("WSGIApp", flask.wsgi_app), workers=2)

    def open_console(self, application: Any) -> None:
        """Serve the console, whose pages send requests to `application`, the whole mock."""
        self._application = application

    def has_page(self, path: str) -> bool:
        """Return whether a page has this path, for any method."""
        if _is_console(path):
            return True
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
        if _is_console(scope["path"]):
            await self._serve_console(scope, receive, send)
            return
        allowed = sorted(self._urls.allowed_methods(scope["path"]))
        if scope["method"] not in allowed:
            raise MethodNotAllowed(scope["method"][:40], ", ".join(allowed))
        told: Any = {**scope, STATE_KEY: self._state(scope)}
        await self._asgi(told, receive, send)

    def close(self) -> None:
        """Shut down the worker threads."""
        shut_down_threads(self._asgi)
        if self._console:
            self._console.close()

    async def _serve_console(self, scope: Any, receive: Any, send: Any) -> None:
        if self._console is None:
            # Imported here, because a mock whose console is not opened starts faster without it.
            from mock_server.pages.console import Console  # noqa: PLC0415

            self._console = Console(self._application, self._key, secured=self._secured)
        await self._console(scope, receive, send)


def _is_console(path: str) -> bool:
    return path == CONSOLE_PATH or path.startswith(f"{CONSOLE_PATH}/")


def _build_flask_app(
    files_of: Callable[[CompiledContract], ContractFiles],
    control: ControlContractFiles,
    documentation: DocumentationPages | None,
) -> Flask:
    flask = Flask(__name__, static_folder=None)
    flask.url_map.merge_slashes = False  # `//openapi.json` is an unknown path, as in the API
    # So that ErrorMiddleware answers errors of pages in the same form as all others.
    flask.config["PROPAGATE_EXCEPTIONS"] = True
    flask.jinja_env.undefined = StrictUndefined
    landing = LandingPage(has_documentation=documentation is not None)
    swagger = SwaggerPage("../../openapi.json", framed="'self'")

    @flask.after_request
    def sort_allowed_methods(response: Response) -> Response:
        """Sort the methods in `Allow`."""
        # Flask writes them in the order of a set, which differs from run to run.
        if response.allow:
            response.headers["Allow"] = ", ".join(sorted(response.allow))
        return response

    def contract_file(form: str, media_type: str) -> Response:
        files = files_of(_mock_state().contract)
        lang = requested_language(files.languages)
        content = files.encode_file(lang, form, mock_base_url())
        return _with_language(Response(content, mimetype=media_type), lang)

    @flask.get("/")
    def landing_page() -> Response:
        state = _mock_state()
        files = files_of(state.contract)
        lang = requested_language(files.languages)
        page = landing.render(files.contract(lang), lang, files.languages, mock_base_url(), state)
        return _html_page(page, lang, landing.security_headers)

    @flask.get(f"{SWAGGER_PATH}/")
    def swagger_page() -> Response:
        state = _mock_state()
        files = files_of(state.contract)
        lang = requested_language(files.languages)
        login = Login.first_of(state.credentials)
        address = mock_base_url()
        page = swagger.render(files.contract(lang), lang, files.languages, address, login)
        return _html_page(page, lang, swagger.security_headers)

    @flask.get("/openapi.json")
    def openapi_json() -> Response:
        return contract_file("json", "application/json")

    @flask.get("/openapi.yaml")
    def openapi_yaml() -> Response:
        return contract_file("yaml", "application/yaml")

    _add_control_pages(flask, control)
    if documentation is not None:
        _add_documentation(flask, documentation)
    return flask


def _mock_state() -> MockState:
    """Return the state that the page of the present request shows."""
    found: MockState = request.environ["asgi.scope"][STATE_KEY]
    return found


def _add_documentation(flask: Flask, documentation: DocumentationPages) -> None:
    @flask.get(DOCUMENTATION_PATH)
    def documentation_folder() -> Response:
        return _redirect_to_folder(DOCUMENTATION_PATH)

    @flask.get(f"{DOCUMENTATION_PATH}/", defaults={"name": ""})
    @flask.get(f"{DOCUMENTATION_PATH}/<path:name>")
    def documentation_file(name: str) -> Response:
        found = documentation.read(name)
        if found is None and documentation.read(f"{name}/"):
            return _redirect_to_folder(name)
        if found is None:
            path = requested_path(request.environ["asgi.scope"])
            raise _mock_state().contract.unknown.not_found_error(path)
        content, media_type = found
        response = Response(content, mimetype=media_type)
        response.headers.update(documentation.security_headers)
        return _with_cache_headers(response)


def _redirect_to_folder(path: str) -> Response:
    """Return a redirect to a path with a slash at its end, as Swagger UI has one."""
    # Relative, because a reverse proxy may serve the mock under a path.
    found = redirect(f"{path.rpartition('/')[2]}/", code=308)
    found.autocorrect_location_header = False
    return found


def _add_control_pages(flask: Flask, control: ControlContractFiles) -> None:
    swagger = SwaggerPage("../openapi.json", framed="'none'")

    @flask.get(f"{CONTROL_SWAGGER_PATH}/")
    def control_swagger_page() -> Response:
        page = swagger.render(control.contract, "en", ["en"], mock_base_url(), None)
        return _html_page(page, "en", swagger.security_headers)

    @flask.get(f"{CONTROL_PLANE}/openapi.json")
    def control_json() -> Response:
        content = control.encode_file("json", mock_base_url())
        return _with_cache_headers(Response(content, mimetype="application/json"))

    @flask.get(f"{CONTROL_PLANE}/openapi.yaml")
    def control_yaml() -> Response:
        content = control.encode_file("yaml", mock_base_url())
        return _with_cache_headers(Response(content, mimetype="application/yaml"))


def _html_page(page: str, lang: str, security_headers: Mapping[str, str]) -> Response:
    response = Response(page, mimetype="text/html")
    response.headers.update(security_headers)
    return _with_language(response, lang)


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
