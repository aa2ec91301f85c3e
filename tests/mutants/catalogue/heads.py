"""Faults of response headers: header, content type."""

from __future__ import annotations

from mock_server.domain.document_types import XLSX
from tests.mutants.mutant import CodeEdit, Mutant, WireEdit, make_mutant
from tests.mutants.wire import PROBLEM_TYPE, replace_content
from tests.wire_faults import OperationExchange, replace_header

UNAUTHORIZED = (401,)


def swap_media_types_of_refusals(exchange: OperationExchange) -> None:
    """A problem document as plain JSON, and the body that Spring sends as a problem document."""
    sent = exchange.headers.get("content-type", "")
    if sent == PROBLEM_TYPE:
        exchange.headers["content-type"] = "application/json"
    elif sent == "application/json" and exchange.status >= 400 and "path" in exchange.document:
        exchange.headers["content-type"] = PROBLEM_TYPE


HEADER_MUTANTS = (
    make_mutant(
        "header/no-challenge",
        "A 401 has no WWW-Authenticate.",
        "listGroups 401: WWW-Authenticate",
        WireEdit(replace_header("", UNAUTHORIZED, "www-authenticate", None)),
    ),
    make_mutant(
        "header/no-type-of-download",
        "A download has no Content-Type.",
        "FI-10",
        WireEdit(replace_header("getFile", (200,), "content-type", None)),
    ),
    make_mutant(
        "header/last-modified-now",
        "A download was last modified when it is asked for.",
        "FI-05",
        CodeEdit("handlers/files.py", "http_date(file.created)", "http_date(world.now())"),
    ),
    make_mutant(
        "header/attachment",
        "A download is an attachment, which no browser shows.",
        "FI-11",
        CodeEdit("http/conditional_requests.py", "return f'inline;", "return f'attachment;"),
    ),
    make_mutant(
        "header/content-range-off-by-one",
        "A part of a download says that it ends one byte later.",
        "FI-12",
        CodeEdit("handlers/files.py", "{part.stop - 1}/", "{part.stop}/"),
    ),
    make_mutant(
        "header/name-without-chinese",
        "Content-Disposition has a download's name in ASCII only.",
        "FI-05",
        CodeEdit(
            "http/conditional_requests.py",
            "return f'inline; filename=\"{plain}\"{extended}'",
            "return f'inline; filename=\"{plain}\"'",
        ),
    ),
)
CONTENT_TYPE_MUTANTS = (
    make_mutant(
        "content-type/html-error",
        "A refused notification task is answered with a page of HTML.",
        "createNotificationTask 400",
        WireEdit(
            replace_content("createNotificationTask", (400,), b"<h1>Bad Request</h1>", "text/html")
        ),
    ),
    make_mutant(
        "content-type/problem-as-json",
        "Problem documents are application/json, and Spring's errors are problem documents.",
        "getGroup 404: application/problem+json",
        WireEdit(swap_media_types_of_refusals),
    ),
    make_mutant(
        "content-type/json-as-text",
        "A group is text/plain.",
        "getGroup 200: application/json",
        WireEdit(replace_header("getGroup", (200,), "content-type", "text/plain; charset=utf-8")),
    ),
    make_mutant(
        "content-type/workbook-as-bytes",
        "The member template is application/octet-stream.",
        "MT-09",
        WireEdit(
            replace_header("getMemberTemplate", (200,), "content-type", "application/octet-stream")
        ),
    ),
    make_mutant(
        "content-type/csv-as-workbook",
        "The member template is a CSV file under the name of a workbook.",
        "MT-09",
        WireEdit(
            replace_content(
                "getMemberTemplate",
                (200,),
                b"memberId,userId,ciq,nickname\n1001,U1001,C1001,\n",
                XLSX,
            )
        ),
    ),
)
MUTANTS: tuple[Mutant, ...] = (*HEADER_MUTANTS, *CONTENT_TYPE_MUTANTS)
