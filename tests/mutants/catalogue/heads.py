"""Faults of an answer's headers: header, content type."""

from __future__ import annotations

from mock_server.domain.file_signatures import XLSX
from tests.mutants.mutant import Code, Mutant, Wire, mutant
from tests.mutants.wire import content
from tests.wire_faults import Exchange, header

UNAUTHORIZED = (401,)


def plain_json(exchange: Exchange) -> None:
    """A problem document that does not say it is one."""
    if exchange.headers.get("content-type") == "application/problem+json":
        exchange.headers["content-type"] = "application/json"


HEADER = (
    mutant(
        "header/no-challenge",
        "A 401 has no WWW-Authenticate.",
        "listGroups 401: WWW-Authenticate",
        Wire(header("", UNAUTHORIZED, "www-authenticate", None)),
    ),
    mutant(
        "header/no-type-of-download",
        "A download has no Content-Type.",
        "FI-10",
        Wire(header("getFile", (200,), "content-type", None)),
    ),
    mutant(
        "header/last-modified-now",
        "A download was last modified when it is asked for.",
        "FI-05",
        Code("handlers/files.py", "http_date(file.created)", "http_date(world.now())"),
    ),
    mutant(
        "header/attachment",
        "A download is an attachment, which no browser shows.",
        "FI-11",
        Code("http/conditional_requests.py", "return f'inline;", "return f'attachment;"),
    ),
    mutant(
        "header/content-range-off-by-one",
        "A part of a download says that it ends one byte later.",
        "FI-12",
        Code("handlers/files.py", "{part.stop - 1}/", "{part.stop}/"),
    ),
    mutant(
        "header/name-without-chinese",
        "Content-Disposition has a download's name in ASCII only.",
        "FI-05",
        Code(
            "http/conditional_requests.py",
            "return f'inline; filename=\"{plain}\"{extended}'",
            "return f'inline; filename=\"{plain}\"'",
        ),
    ),
)
CONTENT_TYPE = (
    mutant(
        "content-type/html-error",
        "A refused notification task is answered with a page of HTML.",
        "createNotificationTask 400",
        Wire(content("createNotificationTask", (400,), b"<h1>Bad Request</h1>", "text/html")),
    ),
    mutant(
        "content-type/problem-as-json",
        "Problem documents are application/json.",
        "getGroup 404: application/problem+json",
        Wire(plain_json),
    ),
    mutant(
        "content-type/json-as-text",
        "A group is text/plain.",
        "getGroup 200: application/json",
        Wire(header("getGroup", (200,), "content-type", "text/plain; charset=utf-8")),
    ),
    mutant(
        "content-type/workbook-as-bytes",
        "The member template is application/octet-stream.",
        "MT-09",
        Wire(header("getMemberTemplate", (200,), "content-type", "application/octet-stream")),
    ),
    mutant(
        "content-type/csv-as-workbook",
        "The member template is a CSV file under the name of a workbook.",
        "MT-09",
        Wire(
            content(
                "getMemberTemplate",
                (200,),
                b"memberId,userId,ciq,nickname\n1001,U1001,C1001,\n",
                XLSX,
            )
        ),
    ),
)
MUTANTS: tuple[Mutant, ...] = (*HEADER, *CONTENT_TYPE)
