"""What a request for a page says about itself: its language, and where it found the mock."""

from __future__ import annotations

from collections.abc import Sequence

from flask import request

from mock_server.errors import ErrorDetail, InvalidRequest, display_text
from mock_server.http import problem
from mock_server.http.address import base_url
from openapi import Language


def requested_language(languages: Sequence[Language]) -> Language:
    """The one of `languages` that `?lang=` names, or that Accept-Language prefers.

    Raises InvalidRequest when `lang` names none of them, or more than one.
    """
    sent = request.args.getlist("lang")
    if len(sent) > 1:
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


def own_address() -> str:
    """The mock's address as the client knows it: `http://127.0.0.1:4010`, without a slash."""
    return base_url(request.environ["asgi.scope"])
