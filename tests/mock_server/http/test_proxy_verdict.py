"""Comparison of a real server's responses with the contract."""

from __future__ import annotations

import asyncio
import gzip
import json
import zlib
from pathlib import Path
from typing import Any

import pytest

import openapi
from mock_server.http.proxy_contract import VerdictContract
from mock_server.http.proxy_verdict import (
    MAX_CHECKED_BYTES,
    ResponseVerdict,
    check_body,
)
from mock_server.http.schemas import CompiledSchemas
from mock_server.runtime.worker_processes import WorkerPool
from tests.openapi.walking import operations_by_id

JSON = "application/json"
SCHEMA = {
    "type": "object",
    "required": ["total"],
    "properties": {
        "total": {"type": "integer"},
        "rows": {"type": "array", "items": {"type": "integer"}},
    },
}
DECLARED = {
    "responses": {
        "200": {
            "description": "",
            "headers": {
                "X-Count": {"required": True, "schema": {"type": "integer", "minimum": 1}},
                "Content-Type": {"required": True, "schema": {"type": "string", "enum": ["x"]}},
            },
            "content": {JSON: {"schema": SCHEMA}, "text/csv": {"schema": {"type": "string"}}},
        },
        "204": {"description": ""},
        "4XX": {"description": "", "content": {"application/problem+json": {"schema": {}}}},
    }
}


@pytest.fixture
def verdict() -> ResponseVerdict:
    """The verdict of DECLARED."""
    return ResponseVerdict(DECLARED, CompiledSchemas({}))


def places(found: list[Any]) -> list[tuple[str, str]]:
    """Pointer and rule of each violation."""
    return [(violation.pointer, violation.rule) for violation in found]


def test_an_undocumented_status_is_named_with_the_documented_ones(
    verdict: ResponseVerdict,
) -> None:
    """A range such as 4XX documents its statuses."""
    found = verdict.head_violations(302, [])
    assert places(found) == [("/response/status", "undocumentedStatus")]
    assert (found[0].accepted, found[0].found) == ("200, 204, 4XX", "302")
    assert verdict.head_violations(418, []) == []


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([(b"x-count", b"7")], []),
        ([], [("/response/header/X-Count", "required")]),
        ([(b"x-count", b"many")], [("/response/header/X-Count", "type")]),
        ([(b"x-count", b"0")], [("/response/header/X-Count", "minimum")]),
    ],
)
def test_documented_headers_are_compared(
    verdict: ResponseVerdict, headers: list[tuple[bytes, bytes]], expected: list[Any]
) -> None:
    """Presence, type and value count; OpenAPI leaves Content-Type to `content`."""
    assert places(verdict.head_violations(200, headers)) == expected


def test_an_undocumented_media_type_is_a_violation(verdict: ResponseVerdict) -> None:
    """An HTML page of a proxy in between is not the JSON of the contract."""
    checker, found = verdict.body_checker(200, "text/html; charset=utf-8")
    assert checker is None
    assert places(found) == [("/response/header/Content-Type", "contentType")]
    assert places(verdict.body_checker(200, "")[1]) == places(found)


def test_only_json_is_compared_with_a_schema(verdict: ResponseVerdict) -> None:
    """A file may be anything, and a 204 has no body."""
    assert verdict.body_checker(200, "text/csv") == (None, [])
    assert verdict.body_checker(204, "") == (None, [])
    checker, found = verdict.body_checker(200, "Application/JSON; charset=utf-8")
    assert checker is not None
    assert found == []


def compare(
    verdict: ResponseVerdict, body: bytes, coding: str = ""
) -> tuple[Any, list[tuple[str, str]]]:
    """The value of a JSON body, and its violations."""
    checker, _ = verdict.body_checker(200, JSON)
    assert checker is not None

    async def run() -> tuple[Any, list[Any]]:
        workers = WorkerPool(1)
        try:
            return await check_body(checker, [body[:10], body[10:]], coding, workers)
        finally:
            workers.close()

    value, found = asyncio.run(run())
    return value, places(found)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"total": 1}', []),
        (b'{"rows": [1, "2"]}', ["/response/body/rows/1 type", "/response/body/total required"]),
        (b'{"total": 1', ["/response/body json"]),
        (b'{"total": NaN}', ["/response/body json"]),
        (b"", ["/response/body json"]),
    ],
)
def test_violations_of_a_body_name_the_place(
    verdict: ResponseVerdict, body: bytes, expected: list[str]
) -> None:
    """A JSON pointer below /response/body, for all violations at once."""
    _, found = compare(verdict, body)
    assert sorted(" ".join(place) for place in found) == expected


def test_a_large_body_is_compared_by_a_process(verdict: ResponseVerdict) -> None:
    """A real server may return a long list; other requests do not wait for its comparison."""
    rows: list[Any] = [1] * 200_000
    assert compare(verdict, json.dumps({"total": 1, "rows": rows}).encode())[1] == []
    rows[150_000] = "x"
    _, found = compare(verdict, json.dumps({"total": 1, "rows": rows}).encode())
    assert found == [("/response/body/rows/150000", "type")]


@pytest.mark.parametrize(
    ("coding", "encode"),
    [("gzip", gzip.compress), ("X-GZIP", gzip.compress), ("deflate", zlib.compress)],
)
def test_a_compressed_body_is_decoded_first(
    verdict: ResponseVerdict, coding: str, encode: Any
) -> None:
    """The contract is about the content, and not about its coding."""
    assert compare(verdict, encode(b'{"total": 1}'), coding) == ({"total": 1}, [])
    assert compare(verdict, encode(b'{"total": ""}'), coding)[1] == [
        ("/response/body/total", "type")
    ]


def test_a_compressed_body_that_is_cut_short_is_a_violation(verdict: ResponseVerdict) -> None:
    """The client cannot read it either."""
    whole = gzip.compress(b'{"total": 1}')
    place = ("/response/header/Content-Encoding", "contentCoding")
    assert compare(verdict, whole[:-4], "gzip") == (None, [place])
    assert compare(verdict, b'{"total": 1}', "gzip") == (None, [place])


def test_what_cannot_be_compared_is_said(verdict: ResponseVerdict) -> None:
    """An unknown coding, and a body that would take gigabytes, get an entry instead of silence."""
    unread = [("/response/body", "notChecked")]
    assert compare(verdict, b"\x0b\x02", "br") == (None, unread)
    bomb = gzip.compress(b'"' + b"x" * (MAX_CHECKED_BYTES + 1))
    assert compare(verdict, bomb, "gzip") == (None, unread)


def test_every_answer_to_an_open_question_is_accepted() -> None:
    """A real server that returns null for an absent field answers a question; the mock assumes.

    A field that every answer requires must still be there.
    """
    ours = openapi.load(readings="exact")
    declared = operations_by_id(ours)["getNotificationTask"]
    mocks = ResponseVerdict(declared, CompiledSchemas(ours["components"]))
    compiled = VerdictContract(None)
    compiled.prepare(["getNotificationTask"])
    real = compiled.verdict_of("getNotificationTask")
    assert real is not None
    content = declared["responses"]["200"]["content"][JSON]
    example = next(iter(content["examples"].values()))["value"]
    nulls = json.dumps({**example, "scheduledEndTime": None}).encode()
    assert compare(mocks, nulls)[1] == [("/response/body/scheduledEndTime", "type")]
    assert compare(real, nulls)[1] == []
    del example["taskName"]
    found = compare(real, json.dumps(example).encode())[1]
    assert found == [("/response/body/taskName", "required")]


def test_a_contract_that_cannot_be_compiled_gives_no_verdict(tmp_path: Path) -> None:
    """The response is forwarded all the same."""
    missing = VerdictContract(tmp_path / "none.yaml")
    missing.prepare(["createToken"])
    assert missing.verdict_of("createToken") is None
