"""Upload and download (L211-L246)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from werkzeug.http import http_date

from mock_server.domain import datetime_text, files
from mock_server.domain.files import StoredFile
from mock_server.domain.record_errors import not_found_error
from mock_server.errors import ContentTooLarge, InvalidRequest
from mock_server.http import conditional_requests
from mock_server.http.multipart_form import Upload
from mock_server.http.response import HttpResponse
from mock_server.runtime.threads import MIN_BYTES_FOR_THREAD, run_in_thread_if
from mock_server.world.world import World

# One year, as documented (L243): the content of an id never changes.
_CACHE_CONTROL = "public, max-age=31536000"
_SANDBOX_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": (
        "default-src 'none'; img-src data:; media-src *; style-src 'unsafe-inline'; sandbox"
    ),
}
"""Headers that keep an uploaded HTML page or SVG from running scripts with the mock's origin (F13).

`sandbox` disables scripts, forms and the origin. Inline styles and images are allowed, and so is
loading media, because browsers request an audio or a video file a second time."""


async def upload_file(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """POST /file (L211-L234). Raises InvalidRequest and ContentTooLarge."""
    upload: Upload = body["file"]
    content = upload.content
    if violations := files.upload_violations(upload.file_name, content):
        raise InvalidRequest(*violations)
    signature = await run_in_thread_if(
        len(content) > MIN_BYTES_FOR_THREAD, partial(files.sha256_hex, content)
    )
    if known := world.files.find_uploaded(signature, world.readings["same-file-twice"]):
        return _render_file(known)
    # After the hash, which may wait for a thread: other uploads may have taken the room meanwhile.
    if violations := world.files.room_violations(content, world.process_bytes()):
        raise ContentTooLarge(*violations)
    stored = files.create_stored_file(
        world.next_id("files"),
        upload.file_name or "",
        upload.media_type,
        content,
        signature,
        body["moduleName"],
        world.now(),
    )
    world.files[stored.id] = stored
    return _render_file(stored)


def _render_file(stored: StoredFile) -> dict[str, Any]:
    return {
        "id": stored.id,
        "fileName": stored.file_name,
        "signature": stored.signature,
        "fileSize": len(stored.content),
        "createTime": datetime_text.epoch_milliseconds(stored.created),
    }


def get_file(world: World, id_: int, headers: Mapping[str, str]) -> HttpResponse:
    """GET /file/{id}: the file, a range of it (206) or 304 if it is unchanged (L235-L246, E3).

    Raises NotFound and RangeNotSatisfiable.
    """
    file = world.files.get(id_)
    if file is None:
        raise not_found_error(world.files, "/path/id", id_)
    version = {
        "Cache-Control": _CACHE_CONTROL,
        "Last-Modified": http_date(file.created),
        "ETag": conditional_requests.etag(file),
    }
    # Before the range, which RFC 9110 evaluates last (section 13.2.2).
    if conditional_requests.is_not_modified(file, headers):
        return HttpResponse(b"", file.media_type, 304, version)
    sent = {
        "Content-Disposition": conditional_requests.content_disposition(file.file_name),
        "Accept-Ranges": "bytes",
        **version,
        **_SANDBOX_HEADERS,
    }
    part = conditional_requests.requested_range(file, headers)
    if part is None:
        return HttpResponse(file.content, file.media_type, headers=sent)
    sent["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{len(file.content)}"
    # A view: video players request many ranges of a large file, and a slice would copy each.
    content = memoryview(file.content)[part.start : part.stop]
    return HttpResponse(content, file.media_type, 206, sent)
