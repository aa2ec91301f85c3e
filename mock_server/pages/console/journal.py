"""The journal: what an application has sent, and why it was refused."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from flask import request, url_for
from werkzeug.wrappers import Response

from mock_server.http.session_selection import SESSION_PREFIX
from mock_server.pages.console.console_request import POLL_HEADER, ConsoleRequest
from mock_server.pages.console.control_plane import Refusal, RefusedError, path_of
from mock_server.pages.console.journal_texts import TEXTS
from mock_server.pages.console.page import Page, Route
from mock_server.pages.console.page_values import display_instant, number_or_text
from mock_server.sessions.names import DEFAULT_SESSION
from mock_server.settings import SWAGGER_PATH

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
STATUSES = ("2xx", "4xx", "5xx", "200", "400", "401", "403", "404", "405", "409", "413", "415")
"""Suggestions for the filter; any status and any class can be entered."""
FILTERS = ("operation", "method", "status", "text", "refused")
OPTIONAL = {
    "operationId": "",
    "caller": "",
    "status": 0,
    "replays": None,
    "nearMisses": (),
    "responseViolations": (),
}
"""Members that an entry has only if they apply."""
MAX_STEPS = 10
"""Maximum number of steps that a page proposes; a request may have 100 violations."""
MAX_NUMBER = 2**63 - 1
"""Number that no request has."""
MAX_INDENTED_LENGTH = 524_288
"""Characters of the longest JSON text that is shown in lines. Indentation may turn the 64 KiB of a
body into 57 MB."""
INDENTING = json.JSONEncoder(ensure_ascii=False, indent=2)
SHOWN, MORE_SHOWN = 50, 100
"""Rows of a page, and those after a click on "more"."""


def show(console: ConsoleRequest) -> Response:
    """Return the list of requests that meet the filters, the newest first.

    If the browser shows the journal as it is, there is no content (204).
    """
    version = _version(console)
    if request.headers.get(POLL_HEADER) == version:
        return Response("", 204)
    limit = MORE_SHOWN if request.args.get("more") else SHOWN
    reply = console.control.ask("POST", "/requests/find", {**_criteria(), "limit": limit})
    found: dict[str, Any] = {"total": 0, "requests": []} if reply.refusal else reply.body
    return console.render(
        "journal.html",
        reply.status,
        found=found,
        version=version,
        rows=[_row(each) for each in found["requests"]],
        filters={name: request.args.get(name, "") for name in FILTERS},
        kept=_kept_filters(),
        refusal=reply.refusal,
        operations=console.control.read("/operations"),
        methods=METHODS,
        statuses=STATUSES,
    )


def show_request(console: ConsoleRequest, number: str) -> Response:
    """Return everything that is known of a request."""
    return _request_page(console, number)


def replay(console: ConsoleRequest, number: str) -> Response:
    """Replay a request, and show the new one."""
    reply = console.control.ask("POST", f"/requests{path_of(number)}/replay")
    if reply.refusal:
        return _request_page(console, number, reply.refusal)
    made = str(reply.body["id"])
    return console.redirect_after(
        console.t.was_replayed.format(number, made),
        "journal.show_request",
        number=made,
        **_kept_filters(),
    )


def clear(console: ConsoleRequest) -> Response:
    """Empty the journal."""
    reply = console.control.ask("DELETE", "/requests")
    if reply.refusal:
        raise RefusedError(reply.refusal)
    return console.redirect_after(console.t.was_cleared)


def _request_page(console: ConsoleRequest, number: str, refusal: Refusal | None = None) -> Response:
    path = f"/requests{path_of(number)}"
    found = {**OPTIONAL, **console.control.read(path, {"lang": console.control.lang})}
    operations = {each["operationId"]: each for each in console.control.read("/operations")}
    last = console.control.read("/requests", {"after": MAX_NUMBER, "limit": 1})["lastId"]
    return console.render(
        "journal_request.html",
        refusal.status if refusal else 200,
        found=found,
        verdict=_row(found),
        refusal=refusal,
        steps=_steps(console, found),
        swagger=_swagger_link(console, operations.get(found["operationId"])),
        bodies={side: _body(found[side].get("body")) for side in ("request", "response")},
        last=last,
        kept=_kept_filters(),
        back=url_for("journal.show", **_kept_filters()),
    )


def _version(console: ConsoleRequest) -> str:
    """Return a version that changes with the journal, without reading its entries."""
    last = console.control.read("/requests", {"after": MAX_NUMBER, "limit": 1})["lastId"]
    kept = console.control.read(f"/sessions{path_of(console.name)}")["requests"]
    return f"{last}-{kept}"


def _criteria() -> dict[str, Any]:
    """Return the criteria of the control plane for the filters of the page."""
    sent = {name: request.args.get(name, "").strip() for name in FILTERS}
    found: dict[str, Any] = {}
    for name, key in (("operation", "operationId"), ("method", "method"), ("text", "text")):
        if sent[name]:
            found[key] = sent[name]
    if status := sent["status"].lower():
        digits = status.removesuffix("xx")
        key = "status" if digits == status else "statusClass"
        # What is no number is refused by the control plane, which says what it accepts.
        found[key] = number_or_text(digits)
    if sent["refused"]:
        found["refused"] = True
    return found


def _kept_filters() -> dict[str, Any]:
    """Return the filters that are set, for links that lead back to the list."""
    return {name: value for name in FILTERS if (value := request.args.get(name, ""))}


def _row(entry: dict[str, Any]) -> dict[str, Any]:
    """Return an entry with what a list shows of it: time, duration, kind of status, rules."""
    entry = {**OPTIONAL, **entry}
    status, milliseconds = entry["status"], entry["durationMs"]
    kind = "bad" if not status or status >= 500 else "warn" if status >= 400 else "good"
    return {
        **entry,
        "at": entry["realTime"][11:23],
        "times": {name: display_instant(entry[name]) for name in ("time", "realTime")},
        "duration": f"{milliseconds:,.{1 if milliseconds < 1000 else 0}f}",
        "kind": kind,
        "rules": sorted({each["rule"] for each in entry["violations"]}),
    }


def _steps(console: ConsoleRequest, entry: dict[str, Any]) -> list[str]:
    """Return what a person can do so that the request is accepted."""
    t, status = console.t, entry["status"]
    steps = [
        t.step_near.format(f"{near['method']} {near['path']}") for near in entry["nearMisses"][:1]
    ]
    pointers = {each["pointer"] for each in entry["violations"]}
    if status == 401 and "/header/Authorization" in pointers:
        steps.append(t.step_basic if entry["operationId"] == "createToken" else t.step_login)
    elif status == 403:
        steps.append(t.step_permission)
    for each in entry["violations"]:
        if each["pointer"].startswith(("/body", "/query", "/header/Content-Type")):
            accepted = each.get("accepted", "")
            step = t.step_change_to if accepted else t.step_change
            if accepted.startswith("required "):
                step = t.step_add
            steps.append(step.format(each["pointer"], accepted))
    steps += [
        t.step_rename.format(each["pointer"], each["nearest"])
        for each in entry["ignored"]
        if "nearest" in each
    ]
    return list(dict.fromkeys(steps))[:MAX_STEPS]


def _swagger_link(console: ConsoleRequest, operation: dict[str, Any] | None) -> str | None:
    """Return a link to an operation in Swagger UI, in the session of the page."""
    if operation is None or not operation["tags"]:
        return None
    tag, name = quote(operation["tags"][0], safe=""), quote(operation["operationId"], safe="")
    session = "" if console.name == DEFAULT_SESSION else f"{SESSION_PREFIX}{console.name}"
    page = f"{request.script_root}/..{session}{SWAGGER_PATH}/?lang={console.control.lang}"
    return f"{page}#/{tag}/{name}"


def _body(body: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return a body as it is shown: JSON in lines, if this changes nothing but white space."""
    if body is None:
        return None
    text = body.get("text", body.get("base64", ""))
    return {**body, "shown": in_lines(text), "text": text, "encoded": "base64" in body}


def in_lines(text: str) -> str:
    """Return a JSON document in lines; any other text, and one that would be changed, as it is."""
    pieces, length = [], 0
    try:
        for piece in INDENTING.iterencode(json.loads(text)):
            pieces.append(piece)
            length += len(piece)
            if length > MAX_INDENTED_LENGTH:
                return text
    except (ValueError, RecursionError):
        return text
    shown = "".join(pieces)
    return shown if "".join(shown.split()) == "".join(text.split()) else text


PAGE = Page(
    "journal",
    "/journal",
    ("请求日志", "Journal"),
    (
        Route("GET", "", show),
        Route("POST", "/clear", clear),
        Route("GET", "/<number>", show_request),
        Route("POST", "/<number>/replay", replay),
    ),
    TEXTS,
)
