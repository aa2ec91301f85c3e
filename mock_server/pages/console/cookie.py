"""The console's cookie: flash messages, the token of forms, the language, and the admin token."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface

from mock_server.http.address import base_url


class ConsoleCookie(SecureCookieSessionInterface):
    """Flask's signed cookie, for the paths of the console alone, until the browser is closed."""

    def get_cookie_name(self, app: Flask) -> str:  # noqa: ARG002 - Flask's signature
        """Return a name with the port, because a browser sends cookies to all ports of a host."""
        port = urlsplit(base_url(request.environ["asgi.scope"])).port or 80
        return f"hypers-console-{port}"

    def get_cookie_path(self, app: Flask) -> str:  # noqa: ARG002
        """Return the path of the console as the browser sees it."""
        return request.script_root

    def get_cookie_httponly(self, app: Flask) -> bool:  # noqa: ARG002
        """Return True: scripts cannot read the cookie."""
        return True

    def get_cookie_samesite(self, app: Flask) -> str:  # noqa: ARG002
        """Return "Strict": links and forms of other sites do not send the cookie."""
        return "Strict"

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002
        """Return whether the browser reaches the mock through TLS."""
        return base_url(request.environ["asgi.scope"]).startswith("https:")
