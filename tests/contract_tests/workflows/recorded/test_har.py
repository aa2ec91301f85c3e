"""HAR files as browsers and proxies write them; a wrong one is named with its place."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from contract_tests.target.target import CannotCheckError
from contract_tests.workflows.recorded.exchange import RecordedExchange
from contract_tests.workflows.recorded.har import read_har, read_recordings
from tests.contract_tests.workflows.recorded.recordings import Entry, Recording, hand_made_entry


def read_one(folder: Path, entry: Entry) -> RecordedExchange:
    """Return the only exchange of a file."""
    (found,) = read_har(Recording([entry]).write(folder))
    return found


def test_an_exchange_has_what_was_sent_and_answered(tmp_path: Path) -> None:
    """Method, URL, header fields, bodies, status, and when it was under way."""
    entry = hand_made_entry("post", status=200, body={"id": 7})
    entry["request"] |= {
        "headers": [{"name": "Content-Type", "value": "application/json"}],
        "postData": {"mimeType": "application/json", "text": '{"name": "春"}'},
    }
    found = read_one(tmp_path, entry)
    assert (found.request.method, found.request.body) == ("POST", '{"name": "春"}'.encode())
    assert found.request.headers == (("Content-Type", "application/json"),)
    assert (found.response.status, found.response.body) == (200, b'{"id": 7}')
    assert found.ended - found.started == pytest.approx(0.005, rel=1e-3)
    assert str(found) == f"{tmp_path / 'traffic.har'}, entry 0"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"size": 2, "text": "{}"}, b"{}"),
        ({"size": 3, "text": base64.b64encode(b"\xff\x00\x01").decode(), "encoding": "base64"},
         b"\xff\x00\x01"),
        # Chromium without bodies, Firefox without bodies, Playwright with content: omit.
        ({"size": 5}, None),
        ({"size": -1}, None),
        ({"mimeType": "application/json"}, None),
        ({"size": 0}, b""),
        # Firefox cuts a body at a megabyte.
        ({"size": 9, "text": '{"name"'}, None),
        # mitmproxy counts the bytes that were sent, compressed.
        ({"size": 1, "text": "{} "}, b"{} "),
        # Without the byte order mark that the size counts.
        ({"size": 5, "text": "{}"}, b"{}"),
        # Playwright with content: attach, the file being lost.
        ({"size": 5, "_file": "lost.json"}, None),
    ],
)  # fmt: skip
def test_a_body_is_decoded_or_was_not_recorded(
    tmp_path: Path, content: dict[str, Any], expected: bytes | None
) -> None:
    """A body that is missing or was cut is not taken for an empty one."""
    entry = hand_made_entry()
    entry["response"]["content"] = content
    assert read_one(tmp_path, entry).response.body == expected


def test_a_body_can_be_in_a_file_beside_the_recording(tmp_path: Path) -> None:
    """Playwright writes it there, for requests too; a path out of the folder is refused."""
    (tmp_path / "body.json").write_bytes(b"[1]")
    entry = hand_made_entry("POST")
    entry["response"]["content"] = {"size": 3, "_file": "body.json"}
    entry["request"]["postData"] = {"mimeType": "application/json", "_file": "body.json"}
    found = read_one(tmp_path, entry)
    assert (found.request.body, found.response.body) == (b"[1]", b"[1]")
    entry["response"]["content"]["_file"] = "../body.json"
    with pytest.raises(CannotCheckError, match="entry 0: /log/entries/0/response/content/_file"):
        read_one(tmp_path, entry)


@pytest.mark.parametrize(
    ("request_part", "expected"),
    [
        ({}, b""),
        ({"bodySize": 0}, b""),
        ({"bodySize": -1}, b""),
        ({"bodySize": 12}, None),
        ({"postData": {"mimeType": "application/x-www-form-urlencoded", "params": [
            {"name": "a", "value": "1 2"}, {"name": "b", "value": "春"}]}}, b"a=1+2&b=%E6%98%A5"),
        ({"postData": {"mimeType": "application/json", "text": "{}", "params": []}}, b"{}"),
        # The parts of a form with files are not what was sent.
        ({"postData": {"mimeType": "multipart/form-data; boundary=x", "params": [
            {"name": "file", "fileName": "a.xlsx"}]}}, None),
        # Playwright with content: omit leaves an empty text.
        ({"postData": {"mimeType": "application/json", "text": "", "params": []}, "bodySize": 12},
         None),
        ({"postData": {"text": ""}, "headers": [{"name": "content-length", "value": "12"}]}, None),
    ],
)  # fmt: skip
def test_the_body_of_a_request_is_text_or_parameters(
    tmp_path: Path, request_part: dict[str, Any], expected: bytes | None
) -> None:
    """A body that was not recorded is not taken for an empty one."""
    entry = hand_made_entry("POST")
    entry["request"] |= request_part
    assert read_one(tmp_path, entry).request.body == expected


def test_header_fields_lose_what_http_does_not_have(tmp_path: Path) -> None:
    """HTTP/2 has `:status`; Chromium joins several fields of one name by line breaks."""
    headers = [(":status", "200"), ("vary", "origin\naccept"), ("x-empty", "")]
    found = read_one(tmp_path, hand_made_entry(headers=headers))
    assert found.response.headers == (("vary", "origin"), ("vary", "accept"), ("x-empty", ""))


@pytest.mark.parametrize(
    ("status", "more", "is_answered", "is_cached"),
    [
        (200, {}, True, False),
        (0, {}, False, False),
        (-1, {}, False, False),
        (304, {}, True, True),
        (200, {"_fromCache": "disk"}, True, True),
        (200, {"_fromCache": None}, True, False),
    ],
)
def test_unanswered_and_cached_entries_are_told_apart(
    tmp_path: Path, status: int, more: dict[str, Any], is_answered: bool, is_cached: bool
) -> None:
    """An aborted request has status 0, an entry of the cache a mark or the status 304."""
    found = read_one(tmp_path, hand_made_entry(status=status, **more))
    assert (found.is_answered, found.is_from_cache) == (is_answered, is_cached)


def test_exchanges_are_ordered_by_their_start(tmp_path: Path) -> None:
    """Across files; an entry without a time follows the one before it."""
    late = hand_made_entry(url="https://example.com/2", startedDateTime="2025-04-21T01:00:02+00:00")
    same = hand_made_entry(url="https://example.com/3")
    del same["startedDateTime"]
    first = Recording([late, same]).write(tmp_path, "a.har")
    early = hand_made_entry(
        url="https://example.com/1", startedDateTime="2025-04-21T09:00:01.5+08:00"
    )
    found = read_recordings([first, Recording([early]).write(tmp_path, "b.har")])
    assert [each.request.url[-1] for each in found] == ["1", "2", "3"]


def edited(*way: Any, value: Any) -> Entry:
    """Return an entry with one wrong value."""
    entry = hand_made_entry()
    inner: Any = entry
    for step in way[:-1]:
        inner = inner[step]
    inner[way[-1]] = value
    return entry


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (edited("response", "status", value="200"), "response/status must be a number, not a st"),
        (edited("response", "status", value=20.5), "response/status must be a status"),
        (edited("response", "status", value=float("inf")), "response/status must be a status"),
        (edited("request", "url", value=None), "request/url is missing"),
        (edited("request", value=[]), "request must be an object, not an array"),
        (edited("request", "headers", value=[{"name": 1}]), "request/headers/0/name must be a"),
        (edited("startedDateTime", value="yesterday"), "startedDateTime must be a date and time"),
        (edited("response", "content", value={"text": "%", "encoding": "base64"}), "is not base64"),
        (edited("response", "content", value={"text": "", "encoding": "rot13"}), "'rot13'"),
        ("entry", " must be an object, not a string"),
    ],
)
def test_a_wrong_value_is_named_with_its_place(tmp_path: Path, entry: Entry, expected: str) -> None:
    """File, number of the entry, JSON pointer; no value, which could be a secret."""
    path = Recording([hand_made_entry(), entry]).write(tmp_path)
    with pytest.raises(CannotCheckError) as error:
        read_har(path)
    assert str(error.value).startswith(f"{path}: entry 1: /log/entries/1")
    assert expected in str(error.value)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"GET / HTTP/1.1", "it is not JSON: "),
        (b"\xff\xfe{", "it is not JSON: "),
        (b"[]", "the root must be an object, not an array"),
        (b"{}", "/log is missing"),
        (b'{"log": {}}', "it is not a HAR file: /log/entries is missing"),
        (b'{"log": {"entries": {}}}', "/log/entries must be an array, not an object"),
        (b"PK\x03\x04", "it is a zip file"),
        (b"[" * 100_000, "it is not JSON: "),
    ],
)
def test_another_file_is_refused(tmp_path: Path, content: bytes, expected: str) -> None:
    """In one line that begins with the file."""
    path = tmp_path / "other.har"
    path.write_bytes(content)
    with pytest.raises(CannotCheckError) as error:
        read_har(path)
    assert str(error.value).startswith(f"{path}: {expected}")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """With the reason of the operating system."""
    with pytest.raises(CannotCheckError, match="No such file"):
        read_har(tmp_path / "none.har")


def test_a_byte_order_mark_is_allowed(tmp_path: Path) -> None:
    """The specification recommends one."""
    path = tmp_path / "bom.har"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps({"log": {"entries": []}}).encode())
    assert read_har(path) == []
