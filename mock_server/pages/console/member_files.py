"""The check of member files: uploaded ones by their ids, or one that is sent with the form."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from mock_server.pages.console.console_request import ConsoleRequest
from mock_server.pages.console.control_plane import Refusal, Reply
from mock_server.pages.console.member_file_texts import TEXTS
from mock_server.pages.console.page import Page, Route
from mock_server.pages.console.page_values import number_or_text

CHECK = "/member-files/check"
KINDS = ("notificationTasks", "noticeTasks")
FIELDS = ("kind", "fileIds", "text", "variables")


def show(console: ConsoleRequest) -> Response:
    """Return the forms, and the result for the files that the address names."""
    sent = {name: request.args.get(name, "") for name in FIELDS}
    if not sent["fileIds"].strip():
        return _page(console, sent)
    ids = [number_or_text(each) for each in sent["fileIds"].replace(",", " ").split()]
    body: dict[str, Any] = {"kind": sent["kind"] or KINDS[0], "fileIds": ids}
    if names := _names(sent["variables"]):
        body["variables"] = names
    if sent["text"]:
        body["contents"] = [{"contentType": "TEXT", "contentValue": sent["text"]}]
    return _page(console, sent, console.control.ask("POST", CHECK, body))


def check(console: ConsoleRequest) -> Response:
    """Check the file of the form, which is not stored."""
    sent = {name: request.form.get(name, "") for name in FIELDS}
    fields = {"kind": sent["kind"], "text": sent["text"]}
    fields["variables"] = ",".join(_names(sent["variables"]))
    file = request.files.get("file")
    name, content = (file.filename or "", file.read()) if file else ("", b"")
    return _page(console, sent, console.control.upload(CHECK, fields, name, content))


def _names(text: str) -> list[str]:
    """Return the names in a text, separated by commas of any width."""
    parts = text.replace("，", ",").replace("、", ",").split(",")
    return [name for part in parts if (name := part.strip())]


def _page(console: ConsoleRequest, sent: dict[str, str], reply: Reply | None = None) -> Response:
    refusal: Refusal | None = reply.refusal if reply else None
    return console.render(
        "member_files.html",
        refusal.status if refusal else 200,
        kinds=KINDS,
        sent=sent,
        refusal=refusal,
        found=reply.body if reply and not refusal else None,
        place=partial(_place, console),
    )


def _place(console: ConsoleRequest, error: dict[str, Any]) -> str:
    """Return where an error is: `名单.xlsx 名单 B7` in a file, else its pointer in the request."""
    row, column = error.get("row", ""), error.get("column", "")
    cell = f"{column}{row}" if column or not row else console.t.place_row.format(row)
    words = [str(each) for each in (error.get("file"), error.get("sheet"), cell) if each]
    return " ".join(words) or str(error["pointer"])


PAGE = Page(
    "member_files",
    "/member-files",
    ("名单检查", "Member files"),
    (
        Route("GET", "", show),
        Route("POST", "", check),
    ),
    TEXTS,
)
