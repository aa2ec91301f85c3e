"""Collections for Bruno: a folder of `.bru` files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from textwrap import indent

from openapi.request_collections.postman import body_member
from openapi.request_collections.requests import (
    ACCESS_TOKEN,
    MEMBER_FILE,
    SETTINGS,
    CollectionRequest,
    Parameter,
)

ENVIRONMENT = "mock"
_AUTH_MODES = {"bearer": "inherit", "basic": "basic", "": "none"}


def render_bruno(requests: Sequence[CollectionRequest], title: str) -> Iterator[tuple[str, str]]:
    """Yield name and text of each file of the collection's folder."""
    manifest = {"version": "1", "name": title, "type": "collection", "ignore": ["node_modules"]}
    yield "bruno.json", json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
    token = {"token": f"{{{{{ACCESS_TOKEN}}}}}"}
    yield "collection.bru", _blocks({"auth": {"mode": "bearer"}, "auth:bearer": token})
    yield f"environments/{ENVIRONMENT}.bru", _blocks({"vars": SETTINGS})
    sections = groupby(requests, key=lambda request: (request.section, request.folder))
    for number, ((section, folder), found) in enumerate(sections, 1):
        yield f"{section}/folder.bru", _blocks({"meta": {"name": folder, "seq": str(number)}})
        for place, request in enumerate(found, 1):
            yield f"{section}/{request.name}.bru", _request(request, place)


def _request(request: CollectionRequest, place: int) -> str:
    kind = "multipartForm" if request.form else "none" if request.body is None else "json"
    sent = {"url": request.url, "body": kind, "auth": _AUTH_MODES[request.auth]}
    blocks: dict[str, dict[str, str] | str] = {
        "meta": {"name": request.title, "type": "http", "seq": str(place)},
        request.method.lower(): sent,
    }
    if request.query:
        blocks["params:query"] = _parameters(request.query)
    if request.headers:
        blocks["headers"] = _parameters(request.headers)
    if request.auth == "basic":
        blocks["auth:basic"] = {"username": "{{clientId}}", "password": "{{clientSecret}}"}
    if request.form:
        blocks["body:multipart-form"] = {"file": f"@file({MEMBER_FILE})", **request.form}
    if request.body is not None:
        blocks["body:json"] = request.body
    if request.saves:
        blocks["vars:post-response"] = {
            name: body_member("res.body", pointer) for name, pointer in request.saves.items()
        }
    blocks["assert"] = {"res.status": f"eq {request.status}"}
    return _blocks(blocks)


def _parameters(parameters: Sequence[Parameter]) -> dict[str, str]:
    # The tilde marks what is not sent.
    return {f"{'' if each.is_sent else '~'}{each.name}": each.value for each in parameters}


def _blocks(blocks: dict[str, dict[str, str] | str]) -> str:
    """Return a `.bru` file of these blocks: pairs, or a text."""
    return "\n".join(
        f"{name} {{\n{indent(_lines(content), '  ')}\n}}\n" for name, content in blocks.items()
    )


def _lines(content: dict[str, str] | str) -> str:
    if isinstance(content, str):
        return content
    return "\n".join(f"{name}: {value}" for name, value in content.items())
