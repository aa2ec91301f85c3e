"""Parsing of multipart forms within limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

import multipart

from mock_server.errors import (
    MAX_DISPLAY_LENGTH,
    ContentTooLarge,
    ErrorDetail,
    InvalidRequest,
    display_text,
)
from openapi import escape_token

MAX_PARTS = 100
BLOCK_BYTES = 2**20
"""Bytes that are parsed in one step, which a thread cannot interrupt."""
MAX_FORM_TEXT = 2**20
"""Maximum size of all parts that are not files, in bytes."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A part of a multipart body; `file_name` is None if it is not a file."""

    file_name: str | None
    media_type: str
    content: bytes


def read_parts(chunks: list[bytes], boundary: str) -> list[tuple[str, Upload]]:
    """Return the names and parts of a multipart body, and empty `chunks`.

    Raises InvalidRequest if the body is malformed or incomplete, and ContentTooLarge if its fields
    are longer than MAX_FORM_TEXT.
    """
    found: list[tuple[str, Upload]] = []
    content: list[bytes] = []
    segment: Any = None
    room = MAX_FORM_TEXT
    try:
        if not boundary:
            raise multipart.ParserError("no boundary in Content-Type")
        parser = multipart.PushMultipartParser(boundary, max_segment_count=MAX_PARTS)
        for event in chain.from_iterable(map(parser.parse, chain(_iter_blocks(chunks), (b"",)))):
            if isinstance(event, multipart.MultipartSegment):
                segment, content = event, []
                if not segment.name and not _has_name(segment):
                    raise multipart.ParserError("a part without a name")
            elif event is not None:
                content.append(bytes(event))
                # Files are limited by --max-body-size alone; fields are decoded and copied.
                room -= len(event) if segment.filename is None else 0
                if room < 0:
                    raise _form_text_error(segment.name)
            else:
                media_type = segment.header("Content-Type", "")
                upload = Upload(segment.filename, media_type, b"".join(content))
                found.append((segment.name, upload))
    except (multipart.MultipartError, ValueError) as error:
        reason, accepted = str(error.args[0]), "multipart/form-data"
        raise InvalidRequest(
            ErrorDetail("/body", "multipart", accepted, display_text(reason))
        ) from None
    return found


def _iter_blocks(chunks: list[bytes]) -> Iterator[bytes]:
    """Yield the body in blocks of BLOCK_BYTES, and empty `chunks`."""
    # The same blocks for the same body: errors must not depend on the packets of the network.
    chunks.reverse()
    held = bytearray()
    while chunks:
        held += chunks.pop()
        while len(held) > BLOCK_BYTES:
            yield bytes(held[:BLOCK_BYTES])
            del held[:BLOCK_BYTES]
    if held:
        yield bytes(held)


def _form_text_error(name: str) -> ContentTooLarge:
    at, accepted = (
        f"/body/{escape_token(name[:MAX_DISPLAY_LENGTH])}",
        f"maxFormText {MAX_FORM_TEXT}",
    )
    return ContentTooLarge(ErrorDetail(at, "maxFormText", accepted))


def _has_name(segment: Any) -> bool:
    """Return whether a part has a name, which may be empty."""
    _, parameters = multipart.parse_options_header(segment.header("Content-Disposition", ""))
    return "name" in parameters
