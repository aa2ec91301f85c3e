"""Reading of HAR 1.2 files, as browsers and proxies write them.

http://www.softwareishard.com/blog/har-12-spec/ leaves much open, and recorders differ: Chromium
leaves out bodies or secrets on request and marks entries from its cache, Firefox cuts long bodies,
Playwright puts bodies into files beside the recording, HTTP/2 adds pseudo-header fields.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

from contract_tests.contract.json_body import parse_json_body
from contract_tests.target.target import CannotCheckError
from contract_tests.workflows.recorded.exchange import (
    HeaderFields,
    RecordedExchange,
    RecordedRequest,
    RecordedResponse,
)
from contract_tests.workflows.recorded.json_cursor import JsonCursor

CACHE_MARKS = ("_fromCache", "_fromDiskCache", "_fromMemoryCache")
"""Members with which recorders mark an entry that the browser answered from its cache."""
ATTACHED_FILE = "_file"
"""Member with the name of a file with the body, which Playwright writes beside the recording."""
FORM_MEDIA_TYPE = "application/x-www-form-urlencoded"
NOT_MODIFIED = 304


def read_recordings(paths: Iterable[Path]) -> list[RecordedExchange]:
    """Return the exchanges of these files in the order in which they began.

    Raises CannotCheckError with one line for a file that cannot be read or is not a HAR; it names
    the file, the entry and the JSON pointer.
    """
    found = [exchange for path in paths for exchange in read_har(path)]
    # Recorders sort by page, or by the end of an exchange. Equal times keep the order of the file.
    return sorted(found, key=lambda each: each.started)


def read_har(path: Path) -> list[RecordedExchange]:
    """Return the exchanges of one file in its order; raises CannotCheckError."""
    entries = _parse_file(path).get("log").get("entries")
    if entries.value is None:
        raise CannotCheckError(f"{path}: it is not a HAR file: /log/entries is missing")
    found: list[RecordedExchange] = []
    for number, entry in enumerate(entries.items("entry")):
        before = found[-1].started if found else 0.0
        found.append(_read_entry(path, number, entry, before))
    return found


def _parse_file(path: Path) -> JsonCursor:
    try:
        text = path.read_bytes()
    except OSError as error:
        raise CannotCheckError(f"{path}: {error.strerror or error}") from None
    if text.startswith(b"PK"):
        raise CannotCheckError(f"{path}: it is a zip file; unpack it and give the .har file in it")
    try:
        # The specification recommends a byte order mark.
        return JsonCursor(json.loads(text.decode("utf-8-sig")), str(path))
    except (ValueError, RecursionError) as error:
        raise CannotCheckError(f"{path}: it is not JSON: {error}") from None


def _read_entry(path: Path, number: int, entry: JsonCursor, before: float) -> RecordedExchange:
    request, response = entry.get("request"), entry.get("response")
    started = _read_time(entry.get("startedDateTime"), before)
    # In milliseconds; -1 stands for unknown.
    lasted = max(0.0, entry.get("time").number(0)) / 1000
    status = _read_status(response.get("status"))
    return RecordedExchange(
        str(path),
        number,
        started,
        started + lasted,
        RecordedRequest(
            request.get("method").text().upper(),
            request.get("url").text(),
            _read_headers(request.get("headers")),
            _read_request_body(path, request),
        ),
        RecordedResponse(
            status,
            _read_headers(response.get("headers")),
            response.get("content").get("mimeType").text("") if _has_content(response) else "",
            _read_response_body(path, response) if status else b"",
        ),
        status == NOT_MODIFIED or any(entry.object().get(mark) for mark in CACHE_MARKS),
    )


def _has_content(response: JsonCursor) -> bool:
    return response.get("content").value is not None


def _read_status(status: JsonCursor) -> int:
    found = status.number(0)
    if not found.is_integer() or not -1 <= found <= 999:
        raise status.error("must be a status such as 200, or 0 for none")
    return max(0, int(found))


def _read_time(started: JsonCursor, before: float) -> float:
    """Return a moment as seconds since 1970; `before` if it is missing."""
    text = started.text("")
    if not text:
        return before
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise started.error("must be a date and time such as 2025-04-21T09:00:00.000Z") from None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def _read_headers(headers: JsonCursor) -> HeaderFields:
    """Return the header fields without the pseudo-header fields of HTTP/2, such as `:status`."""
    if headers.value is None:
        return ()
    found = [(each.get("name").text(), each.get("value").text("")) for each in headers.items()]
    return tuple(
        (name, line)
        for name, value in found
        if not name.startswith(":")
        # Chromium joins several fields with one name by line breaks.
        for line in value.split("\n")
    )


def _read_request_body(path: Path, request: JsonCursor) -> bytes | None:
    data = request.get("postData")
    if data.value is None:
        return None if _declares_body(request) else b""
    if ATTACHED_FILE in data.object():
        return _read_attachment(path, data.get(ATTACHED_FILE))
    if (text := data.get("text")).value is not None and (text.value or not _declares_body(request)):
        return _decode(text, data.get("encoding").text(""))
    params = data.get("params")
    pairs = [
        (each.get("name").text(), each.get("value").text(""))
        for each in (params.items() if params.value is not None else ())
    ]
    # The parts of a form with files are not the body that was sent.
    if data.get("mimeType").text("").lower().startswith(FORM_MEDIA_TYPE):
        return urlencode(pairs).encode()
    return None


def _declares_body(request: JsonCursor) -> bool:
    """Return whether a request had a body, by its size or its header."""
    lengths = [v for n, v in _read_headers(request.get("headers")) if n.lower() == "content-length"]
    return request.get("bodySize").number(0) > 0 or any(each.strip("0 ") for each in lengths)


def _read_response_body(path: Path, response: JsonCursor) -> bytes | None:
    if not _has_content(response):
        return None if response.get("bodySize").number(0) > 0 else b""
    content = response.get("content")
    size = content.get("size").number(-1)
    if ATTACHED_FILE in content.object():
        return _read_attachment(path, content.get(ATTACHED_FILE))
    text = content.get("text")
    if text.value is None:
        return b"" if size == 0 else None
    body = _decode(text, content.get("encoding").text(""))
    # Shorter than the recorder says: it has cut it, unless it has dropped a byte order mark or
    # converted the encoding. Longer, if the recorder counts the bytes before decompression.
    return None if len(body) < size and parse_json_body(body, invalid=...) is ... else body


def _decode(text: JsonCursor, encoding: str) -> bytes:
    if encoding.lower() == "base64":
        try:
            return base64.b64decode("".join(text.text().split()), validate=True)
        except (binascii.Error, ValueError):
            raise text.error("is not base64, which its encoding is") from None
    if encoding and encoding.lower() not in ("utf-8", "utf8"):
        raise text.error(f"has the encoding {encoding[:20]!r}; only base64 is known")
    # What was not UTF-8 cannot be restored; a lone surrogate stays wrong.
    return text.text().encode("utf-8", "surrogatepass")


def _read_attachment(path: Path, name: JsonCursor) -> bytes | None:
    """Return the content of a file beside the recording; None if it is missing."""
    file = name.text()
    if Path(file).name != file:
        raise name.error("must be the name of a file beside the recording")
    try:
        return (path.parent / file).read_bytes()
    except OSError:
        return None
