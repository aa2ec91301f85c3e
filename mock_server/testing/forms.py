"""Forms (multipart/form-data) with a file."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from urllib.parse import quote


def encode_form(fields: Mapping[str, str], name: str, content: bytes) -> tuple[str, bytes]:
    """Return the media type and the bytes of a form with a file in the field `file`.

    fields: texts, of which those that are empty are left out; name: that of the file.
    """
    edge = secrets.token_hex(16).encode()
    parts = [
        b'--%b\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n'
        % (edge, field.encode(), value.encode())
        for field, value in fields.items()
        if value
    ]
    # Escaped by RFC 5987, so that no character of the name can end its header.
    escaped = quote(name, safe="").encode()
    parts.append(
        b"--%b\r\nContent-Disposition: form-data; name=\"file\"; filename*=UTF-8''%b\r\n\r\n"
        % (edge, escaped)
    )
    body = b"".join([*parts, content, b"\r\n--%b--\r\n" % edge])
    return f"multipart/form-data; boundary={edge.decode()}", body
