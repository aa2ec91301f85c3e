"""Upload and download (L211-L246)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from werkzeug.http import http_date

from mock_server.domain import datetime_text, files
from mock_server.domain.marketing_queries import not_found
from mock_server.errors import Invalid, TooLarge
from mock_server.http import conditional_requests
from mock_server.http.multipart_form import Upload
from mock_server.http.response import Answer
from mock_server.runtime.threads import MANY_BYTES, offload
from mock_server.world.world import World

_CACHE = "public, max-age=31536000"
_GUARD = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": (
        "default-src 'none'; img-src data:; media-src *; style-src 'unsafe-inline'; sandbox"
    ),
}
"""Whoever may upload could otherwise have a page run its scripts as one of the mock's own.

`sandbox` keeps scripts, forms and the origin from it. Its own styles and pictures it may have; an
audio or a video asks for itself once more, so media may be loaded."""


async def upload_file(world: World, body: dict[str, Any]) -> dict[str, Any]:
    """POST /file (L211-L234). Raises Invalid, TooLarge."""
    upload: Upload = body["file"]
    content = upload.content
    if violations := files.violations(upload.file_name, content):
        raise Invalid(*violations)
    signature = await offload(len(content) > MANY_BYTES, partial(files.signature, content))
    if violations := world.files.violations(content, world.used()):
        raise TooLarge(*violations)
    stored = files.stored(
        world.next_id("files"),
        upload.file_name or "",
        upload.media_type,
        content,
        signature,
        body["moduleName"],
        world.now(),
    )
    world.files[stored.id] = stored
    return {
        "id": stored.id,
        "fileName": stored.file_name,
        "signature": stored.signature,
        "fileSize": len(stored.content),
        "createTime": datetime_text.epoch_ms(stored.created),
    }


def get_file(world: World, id_: int, headers: Mapping[str, str]) -> Answer:
    """GET /file/{id}: the bytes, a part of them (206), or nothing new (304) (L235-L246, E3).

    Raises NotFound, RangeNotSatisfiable.
    """
    file = world.files.get(id_)
    if file is None:
        raise not_found(world.files, "/path/id", id_)
    version = {
        "Cache-Control": _CACHE,
        "Last-Modified": http_date(file.created),
        "ETag": conditional_requests.tag(file),
    }
    if conditional_requests.is_unchanged(file, headers):
        return Answer(b"", file.media_type, 304, version)
    sent = {
        "Content-Disposition": conditional_requests.disposition(file.file_name),
        "Accept-Ranges": "bytes",
        **version,
        **_GUARD,
    }
    part = conditional_requests.part(file, headers)
    if part is None:
        return Answer(file.content, file.media_type, headers=sent)
    sent["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{len(file.content)}"
    content = memoryview(file.content)[part.start : part.stop]
    return Answer(content, file.media_type, 206, sent)
