"""Upload and download (L211-L246)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from werkzeug.http import http_date, parse_date, parse_etags, parse_range_header

from mock_server.answer import Answer, Upload
from mock_server.domain import files, times
from mock_server.domain.files import StoredFile
from mock_server.errors import Invalid, NotFound, RangeNotSatisfiable, Violation
from mock_server.world import World

_CACHE = "public, max-age=31536000"


def upload_file(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """POST /file (L211-L234). Raises Invalid (FI-01, FI-02)."""
    upload: Upload = body["file"]
    if violations := files.violations(upload.file_name, upload.content):
        raise Invalid(*violations)
    stored = files.stored(
        world.next_id("files"),
        upload.file_name or "",
        upload.media_type,
        upload.content,
        body["moduleName"],
        world.now(),
    )
    world.files[stored.id] = stored
    return {
        "id": stored.id,
        "fileName": stored.file_name,
        "signature": stored.signature,
        "fileSize": len(stored.content),
        "createTime": times.epoch_ms(stored.created),
    }


def get_file(world: World, id_: int, headers: Mapping[str, str]) -> Answer:
    """GET /file/{id}: the bytes, a part of them (206), or nothing new (304) (L235-L246, E3).

    Raises NotFound, RangeNotSatisfiable.
    """
    file = world.files.get(id_)
    if file is None:
        raise NotFound(Violation("/path/id", "exists", found=str(id_)))
    sent = {
        "Content-Disposition": _disposition(file.file_name),
        "Cache-Control": _CACHE,
        "Last-Modified": http_date(file.created),
        "ETag": f'"{file.signature}"',
        "Accept-Ranges": "bytes",
    }
    if _unchanged(file, headers):
        return Answer(b"", file.media_type, 304, sent)
    part = _part(file, headers)
    if part is None:
        return Answer(file.content, file.media_type, headers=sent)
    start, stop = part
    sent["Content-Range"] = f"bytes {start}-{stop - 1}/{len(file.content)}"
    return Answer(file.content[start:stop], file.media_type, 206, sent)


def _unchanged(file: StoredFile, headers: Mapping[str, str]) -> bool:
    """Whether the caller's copy is current; If-None-Match outranks If-Modified-Since (RFC 9110)."""
    if tags := headers.get("if-none-match"):
        return parse_etags(tags).contains_weak(file.signature)
    since = parse_date(headers.get("if-modified-since"))
    return since is not None and file.created <= since


def _part(file: StoredFile, headers: Mapping[str, str]) -> tuple[int, int] | None:
    """The one range asked for; None for the whole file, which also answers several ranges."""
    asked = parse_range_header(headers.get("range"))
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1:
        return None
    current = headers.get("if-range", f'"{file.signature}"')
    if current not in (f'"{file.signature}"', http_date(file.created)):
        return None
    size = len(file.content)
    part = asked.range_for_length(size)
    if part is None:
        raise RangeNotSatisfiable(
            Violation("/header/Range", "range", f"bytes 0-{size - 1}", headers["range"][:80]),
            headers={"Content-Range": f"bytes */{size}"},
        )
    return part


def _disposition(name: str) -> str:
    """`inline` with the original name: ASCII for old clients, RFC 5987 when it is not ASCII."""
    plain = "".join(c if " " <= c <= "~" and c not in '"\\%' else "_" for c in name)
    extended = "" if plain == name else f"; filename*=UTF-8''{quote(name, safe='')}"
    return f'inline; filename="{plain}"{extended}'
