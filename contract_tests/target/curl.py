"""Requests as curl commands that can be pasted into a shell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from shlex import quote

from requests import PreparedRequest

from contract_tests.target.redaction import Secrets

CLIENT_HEADERS = {"accept-encoding", "connection", "content-length", "user-agent"}
"""Headers that every HTTP client sets by itself."""


def format_curl(request: PreparedRequest, secrets: Secrets, network: Sequence[str] = ()) -> str:
    """Return the curl command of a request, with credentials as $TOKEN and $CLIENT.

    $CLIENT stands for `client_id:client_secret`. network: options with which curl reaches the
    server.
    """
    url = secrets.redact(request.url or "")
    words = ["curl", *map(quote, network)]
    if request.method != "GET":
        words += ["-X", str(request.method)]
    # curl would expand these as ranges and lists, and send several requests.
    if any(sign in url for sign in "[]{}"):
        words.append("--globoff")
    # curl would remove dot segments from the path, which some generated ids contain.
    if "/." in url:
        words.append("--path-as-is")
    words += _header_options(request, secrets)
    body = request.body.encode() if isinstance(request.body, str) else request.body
    # Neither text nor bytes: a stream, which sending has consumed.
    if not isinstance(body, bytes) or not body:
        return " ".join([*words, quote(url)])
    # What is not UTF-8 comes back as the same bytes from "surrogateescape".
    text = secrets.redact(body.decode("utf-8", "surrogateescape"))
    if text.isprintable():
        return " ".join([*words, "--data-raw", quote(text), quote(url)])
    # A shell argument cannot hold NUL, and terminals mangle other control characters when pasted.
    raw = text.encode("utf-8", "surrogateescape")
    piped = f"printf '%b' '{''.join(map(_octal_escape, raw))}' |"
    return " ".join([piped, *words, "--data-binary", "@-", quote(url)])


def _header_options(request: PreparedRequest, secrets: Secrets) -> Iterator[str]:
    for name, value in request.headers.items():
        text = value.decode("latin-1") if isinstance(value, bytes) else value
        key = name.lower()
        if key in CLIENT_HEADERS or (key == "accept" and text == "*/*"):
            continue
        if key == "authorization" and secrets.redact(text) != text:
            is_client = text.startswith("Basic ")
            yield '-u "$CLIENT"' if is_client else '-H "Authorization: Bearer $TOKEN"'
        else:
            # "Name;" sends a header without a value; "Name:" would remove it.
            yield "-H " + quote(secrets.redact(f"{name}: {text}") if text else f"{name};")
    # curl adds application/x-www-form-urlencoded to --data unless the header is removed.
    if request.body and "Content-Type" not in request.headers:
        yield "-H 'Content-Type:'"


def _octal_escape(byte: int) -> str:
    """Return a byte in the form that `printf '%b'` reads between single quotes."""
    sign = chr(byte)
    return sign if 32 <= byte < 127 and sign not in "'\\" else f"\\0{byte:03o}"
