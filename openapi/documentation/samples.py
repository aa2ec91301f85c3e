"""Requests as curl commands, and the values of examples as text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from shlex import quote
from typing import Any
from urllib.parse import quote as quote_url
from urllib.parse import urlencode

JsonObject = Mapping[str, Any]
ADDRESS, TOKEN_ADDRESS = "$HYPERS_API_URL", "$HYPERS_TOKEN_URL"
"""Variables of the commands: the server, and the whole address of the token operation."""
TOKEN, CLIENT = "$HYPERS_TOKEN", "$HYPERS_CLIENT"
"""Variables of the commands: the access token, and `client_id:client_secret`."""
MULTIPART = "multipart/form-data"
PLACEHOLDER_FILE = "members.xlsx"
"""File in a command whose example has no text that could be its content; also a saved workbook."""
DOWNLOADED_FILE = "downloaded-file"
"""Name of a saved file whose type is not known beforehand."""
BINARY = "application/octet-stream"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def format_value(value: Any) -> str:
    """Return the value of an example as it is shown: JSON, or the text itself."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)


def output_file(responses: JsonObject) -> str:
    """Return the file in which a command saves the response of an operation, empty for JSON."""
    content = responses.get("200", {}).get("content", {})
    if WORKBOOK in content:
        return PLACEHOLDER_FILE
    return DOWNLOADED_FILE if BINARY in content else ""


def curl_command(
    method: str,
    path: str,
    parameters: Sequence[JsonObject],
    scheme: str | None,
    media_type: str | None = None,
    body: Any = None,
    output: str = "",
) -> str:
    """Return a curl command for a request with an example of each required parameter.

    scheme: `basic` for the token operation, `bearer`, or None without credentials; body: the
    example of a request's body; output: file in which the response is saved, if it is no text.
    """
    address = f'"{ADDRESS}"{quote(_target(path, parameters))}'
    if scheme == "basic":
        address = f'"{TOKEN_ADDRESS}"'
    words = ["curl" if method == "get" else f"curl -X {method.upper()}"]
    words[0] += f" {address}"
    if scheme == "basic":
        words.append(f'-u "{CLIENT}"')
    elif scheme == "bearer":
        words.append(f'-H "Authorization: Bearer {TOKEN}"')
    words += _body_options(media_type, body)
    if output:
        words.append(f"--output {quote(output)}")
    return " \\\n  ".join(words)


def _target(path: str, parameters: Sequence[JsonObject]) -> str:
    """Return path and query of a request."""
    query = []
    for each in parameters:
        value = each.get("example")
        if each["in"] == "path":
            path = path.replace(f"{{{each['name']}}}", quote_url(str(value), safe=""))
        elif each["in"] == "query" and each.get("required"):
            query.append((each["name"], value))
    return path + (f"?{urlencode(query, quote_via=quote_url)}" if query else "")


def _body_options(media_type: str | None, body: Any) -> Iterator[str]:
    if media_type == MULTIPART and isinstance(body, Mapping):
        for name, value in body.items():
            if name != "file":
                yield f"-F {quote(f'{name}={value}')}"
            elif str(value).endswith("\n"):  # a text, not a note about bytes
                yield f"-F {quote(f'file={value.rstrip()};filename=notes.txt')}"
            else:
                yield f"-F file=@{PLACEHOLDER_FILE}"
    elif media_type is not None and body is not None:
        yield f"-H 'Content-Type: {media_type}'"
        yield f"-d {quote(json.dumps(body, ensure_ascii=False, indent=2))}"
