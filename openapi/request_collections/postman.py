"""Collections for Postman, in its format v2.1."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from openapi.pointer import split_pointer
from openapi.request_collections.requests import (
    ACCESS_TOKEN,
    MEMBER_FILE,
    SETTINGS,
    CollectionRequest,
    Parameter,
)

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"


def render_postman(
    requests: Sequence[CollectionRequest], title: str, description: str
) -> dict[str, Any]:
    """Return a collection with a folder for each tag."""
    return {
        "info": {"name": title, "description": description, "schema": SCHEMA},
        "auth": {
            "type": "bearer",
            "bearer": [{"key": "token", "value": f"{{{{{ACCESS_TOKEN}}}}}", "type": "string"}],
        },
        "variable": [{"key": name, "value": value} for name, value in SETTINGS.items()],
        "item": [
            {"name": folder, "item": [_item(each) for each in found]}
            for folder, found in groupby(requests, key=lambda request: request.folder)
        ],
    }


def _item(request: CollectionRequest) -> dict[str, Any]:
    expected = f"pm.response.to.have.status({request.status})"
    script = [f'pm.test("{request.name}: {request.status}", () => {expected});']
    if request.saves:
        script += exact_body("pm.response.text()")
        script += [
            f'pm.collectionVariables.set("{name}", String({body_member("body", pointer)}));'
            for name, pointer in request.saves.items()
        ]
    return {
        "name": request.title,
        "event": [{"listen": "test", "script": {"type": "text/javascript", "exec": script}}],
        "request": {
            "method": request.method,
            "header": _headers(request),
            "url": _url(request),
            **_auth(request),
            **_body(request),
        },
    }


def exact_body(text: str) -> list[str]:
    """Return the lines of JavaScript that parse a body, whose text is this expression."""
    large = r"/([:[,]\s*)(\d{16,})(?=\s*[,}\]])/g"
    return [
        "// Quotation marks keep ids beyond 2^53 exact.",
        f"""const text = {text}.replace({large}, '$1"$2"');""",
        "const body = JSON.parse(text);",
    ]


def body_member(body: str, pointer: str) -> str:
    """Return the JavaScript expression for a place in a body."""
    tokens = split_pointer(pointer)
    return body + "".join(f"[{each}]" if each.isdigit() else f".{each}" for each in tokens)


def _headers(request: CollectionRequest) -> list[dict[str, Any]]:
    found = [_pair(each) for each in request.headers]
    if request.body is not None:
        found.append({"key": "Content-Type", "value": "application/json"})
    return found


def _url(request: CollectionRequest) -> dict[str, Any]:
    return {
        "raw": request.url,
        "host": [f"{{{{{request.server}}}}}"],
        "path": request.path.removeprefix("/").split("/"),
        **({"query": [_pair(each) for each in request.query]} if request.query else {}),
    }


def _pair(parameter: Parameter) -> dict[str, Any]:
    disabled = {} if parameter.is_sent else {"disabled": True}
    return {"key": parameter.name, "value": parameter.value, **disabled}


def _auth(request: CollectionRequest) -> dict[str, Any]:
    if request.auth == "bearer":  # that of the collection
        return {}
    if not request.auth:
        return {"auth": {"type": "noauth"}}
    values = {"username": "{{clientId}}", "password": "{{clientSecret}}"}
    pairs = [{"key": key, "value": value, "type": "string"} for key, value in values.items()]
    return {"auth": {"type": "basic", "basic": pairs}}


def _body(request: CollectionRequest) -> dict[str, Any]:
    if request.form:
        file = {"key": "file", "type": "file", "src": MEMBER_FILE}
        fields = [
            {"key": name, "type": "text", "value": value} for name, value in request.form.items()
        ]
        return {"body": {"mode": "formdata", "formdata": [file, *fields]}}
    if request.body is None:
        return {}
    language = {"raw": {"language": "json"}}
    return {"body": {"mode": "raw", "raw": request.body, "options": language}}
