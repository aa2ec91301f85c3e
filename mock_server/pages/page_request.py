"""Language and mock address of a request for a page."""

from __future__ import annotations

from collections.abc import Sequence

from flask import request

from mock_server.errors import ErrorDetail, InvalidRequest, display_text
from mock_server.http import problem
from mock_server.http.address import base_url
from openapi import Language


def requested_language(languages: Sequence[Language]) -> Language:
    """Return the language that `?lang=` names, or else the one that Accept-Language prefers.

    Raises InvalidRequest if `lang` is repeated or is none of `languages`.
    """
    sent = request.args.getlist("lang")
    if len(sent) > 1:  # as for parameters of the API, none of them is preferred
        raise InvalidRequest(ErrorDetail("/query/lang", "repeated"))
    if sent:
        for name in languages:
            if name == sent[0]:
                return name
        raise InvalidRequest(
            ErrorDetail("/query/lang", "enum", ", ".join(languages), display_text(sent[0]))
        )
    accepted = request.headers.get("Accept-Language", "").encode("latin-1")
    return languages[problem.preferred_language({b"accept-language": accepted}) % len(languages)]


def mock_base_url() -> str:
    """Return the mock's address as the client sees it: `http://127.0.0.1:4010`, without a slash."""
    return base_url(request.environ["asgi.scope"])
