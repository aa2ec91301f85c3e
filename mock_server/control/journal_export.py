"""Export of the journal: as HAR 1.2, and as curl commands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from shlex import quote
from typing import Any
from urllib.parse import parse_qsl

import orjson

from mock_server.clock import machine_instant
from mock_server.control.journal_rendering import (
    Body,
    header_documents,
    header_value,
    shown_request_body,
    shown_response_body,
    shown_url,
)
from mock_server.http.problem import reason_phrase
from mock_server.http.secret_redaction import REDACTED, redact_form, redact_headers
from mock_server.sessions.journal import JournalEntry

CLIENT_HEADERS = frozenset(
    {"accept-encoding", "connection", "content-length", "host", "transfer-encoding", "user-agent"}
)
"""Header fields that every HTTP client sets by itself."""
MAX_QUERY_PAIRS = 1_000
JsonObject = dict[str, Any]


def export_har(entries: Iterable[JournalEntry], session: str, version: str) -> bytes:
    """Return entries as a HAR file (http://www.softwareishard.com/blog/har-12-spec/)."""
    log = {
        "version": "1.2",
        "creator": {"name": "hypers-mock", "version": version},
        "comment": f"session {session}",
    }
    head = orjson.dumps({"log": {**log, "entries": []}})[: -len(b"]}}")]
    # One by one: encoding all of them at once would hold the interpreter for too long.
    in_order = sorted(entries, key=lambda entry: entry.started)
    return head + b",".join(orjson.dumps(_har_entry(entry)) for entry in in_order) + b"]}}"


def _har_entry(entry: JournalEntry) -> JsonObject:
    milliseconds = round(entry.duration * 1000, 3)
    found: JsonObject = {
        "startedDateTime": machine_instant(entry.started).isoformat(timespec="milliseconds"),
        "time": milliseconds,
        "request": _har_request(entry),
        "response": _har_response(entry),
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "_id": entry.number,
        "_sessionTime": entry.began.isoformat(),
    }
    if entry.operation:
        found["_operationId"] = entry.operation
    return found


def _har_request(entry: JournalEntry) -> JsonObject:
    query = redact_form(entry.query.decode("latin-1"))
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=MAX_QUERY_PAIRS)
    except ValueError:  # too many
        pairs = []
    found: JsonObject = {
        "method": entry.method,
        "url": shown_url(entry),
        "httpVersion": f"HTTP/{entry.http_version}",
        "cookies": [],
        "headers": header_documents(entry.headers),
        "queryString": [{"name": name, "value": value} for name, value in pairs],
        "headersSize": -1,
        "bodySize": entry.request_size,
    }
    if entry.request_size:
        found["postData"] = {
            "mimeType": header_value(entry.headers, b"content-type"),
            **_har_text(shown_request_body(entry)),
        }
    return found


def _har_response(entry: JournalEntry) -> JsonObject:
    headers = entry.response_headers
    content: JsonObject = {
        "size": entry.response_size,
        "mimeType": header_value(headers, b"content-type"),
    }
    if entry.response_size:
        content |= _har_text(shown_response_body(entry))
    return {
        "status": entry.status,
        "statusText": reason_phrase(entry.status),
        "httpVersion": f"HTTP/{entry.http_version}",
        "cookies": [],
        "headers": header_documents(headers),
        "content": content,
        "redirectURL": header_value(headers, b"location"),
        "headersSize": -1,
        "bodySize": entry.response_size,
    }


def _har_text(body: Body) -> JsonObject:
    """Return the members of a body; one that is not complete is left out."""
    # A reader would take the beginning of a body for the body.
    if body.cut:
        return {"comment": "The journal keeps only the beginning of long bodies."}
    return {"text": body.text, **({"encoding": "base64"} if body.is_base64 else {})}


def export_curl(entries: Sequence[JournalEntry]) -> str:
    """Return entries as curl commands for a shell, the first one first.

    $TOKEN stands for the access token, and $CLIENT for `client_id:client_secret`.
    """
    in_order = sorted(entries, key=lambda entry: entry.started)
    return "".join(f"{_comment(entry)}\n{format_curl(entry)}\n" for entry in in_order)


def _comment(entry: JournalEntry) -> str:
    words = [str(entry.number), entry.began.isoformat(), entry.operation or "(no operation)"]
    return "# " + " ".join([*words, str(entry.status or "(no response)")])


def format_curl(entry: JournalEntry) -> str:
    """Return the curl command of a request."""
    url = shown_url(entry)
    words = ["curl"]
    if entry.method == "HEAD":
        words.append("--head")
    elif entry.method != "GET" or entry.request_size:
        words += ["-X", quote(entry.method)]
    # curl would expand these as ranges and lists, and remove dot segments from the path.
    if any(sign in url for sign in "[]{}"):
        words.append("--globoff")
    if "/." in url:
        words.append("--path-as-is")
    words += _header_options(entry)
    if not entry.request_size:
        return " ".join([*words, quote(url)])
    body = shown_request_body(entry)
    if body.cut:
        note = f"# the body is not complete: {len(entry.request_body)} of {body.size} bytes\n"
        return note + " ".join([*words, "--data-binary", "@body", quote(url)])
    if body.is_base64:
        piped = f"printf %s {body.text} | base64 -d |"
        return " ".join([piped, *words, "--data-binary", "@-", quote(url)])
    return " ".join([*words, "--data-raw", quote(body.text), quote(url)])


def _header_options(entry: JournalEntry) -> Iterable[str]:
    for name, value in redact_headers(entry.headers):
        if name in CLIENT_HEADERS or (name, value) == ("accept", "*/*"):
            continue
        if name == "authorization" and value == f"Bearer {REDACTED}":
            yield '-H "Authorization: Bearer $TOKEN"'
        elif name == "authorization" and value == f"Basic {REDACTED}":
            yield '-u "$CLIENT"'
        else:
            # "name;" sends a header without a value; "name:" would remove it.
            yield "-H " + quote(f"{name}: {value}" if value else f"{name};")
    # curl adds application/x-www-form-urlencoded to a body unless the header is removed.
    if entry.request_size and not header_value(entry.headers, b"content-type"):
        yield "-H 'Content-Type:'"
