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
from mock_server.http.file_names import FileNameError, read_file_name, read_part_name
from openapi import escape_token

MAX_PARTS = 100
BLOCK_BYTES = 2**20
"""Bytes that are parsed in one step, which a thread cannot interrupt."""
MAX_HEADER_BYTES = 2**14
"""Maximum size of a line in the head of a part: enough for a file name that is too long."""
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

    Raises InvalidRequest if the body is malformed or incomplete or a file name cannot be decoded,
    and ContentTooLarge if its fields are longer than MAX_FORM_TEXT.
    """
    found: list[tuple[str, Upload]] = []
    content: list[bytes] = []
    name, file_name, media_type = "", None, ""
    fields_size = 0
    try:
        if not boundary:
            raise multipart.ParserError("no boundary in Content-Type")
        parser = multipart.PushMultipartParser(
            boundary,
            max_segment_count=MAX_PARTS,
            max_header_size=MAX_HEADER_BYTES,
            header_charset="latin-1",  # any bytes; names are decoded in file_names.py
        )
        for event in chain.from_iterable(map(parser.parse, chain(_iter_blocks(chunks), (b"",)))):
            if isinstance(event, multipart.MultipartSegment):
                name, file_name = _read_names(event)
                media_type, content = event.header("Content-Type", ""), []
            elif event is not None:
                content.append(bytes(event))
                # Files are limited by --max-body-size alone; fields are decoded and copied.
                fields_size += len(event) if file_name is None else 0
                if fields_size > MAX_FORM_TEXT:
                    raise _form_text_error(name)
            else:
                found.append((name, Upload(file_name, media_type, b"".join(content))))
    except (multipart.MultipartError, ValueError) as error:
        reason, accepted = str(error.args[0]), "multipart/form-data"
        raise InvalidRequest(
            ErrorDetail("/body", "multipart", accepted, display_text(reason))
        ) from None
    return found


def _read_names(segment: Any) -> tuple[str, str | None]:
    """Return the name of a part and its file name, None if it is not a file.

    Raises ParserError without a name in UTF-8, and InvalidRequest for the name of a file.
    """
    header = segment.header("Content-Disposition", "").encode("latin-1")
    written = read_part_name(header)
    if written is None:
        raise multipart.ParserError("a part without a name")
    try:
        name = written.decode("utf-8")
    except UnicodeDecodeError:
        raise multipart.ParserError("a part whose name is not UTF-8") from None
    try:
        return name, read_file_name(header)
    except FileNameError as error:
        said = ErrorDetail(_pointer(name), error.rule, error.accepted, error.found)
        raise InvalidRequest(said) from None


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
    accepted, found = f"maxFormText {MAX_FORM_TEXT}", f"> {MAX_FORM_TEXT}"
    return ContentTooLarge(ErrorDetail(_pointer(name), "maxFormText", accepted, found))


def _pointer(name: str) -> str:
    return f"/body/{escape_token(name[:MAX_DISPLAY_LENGTH])}"
