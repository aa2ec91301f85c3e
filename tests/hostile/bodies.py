"""JSON bodies, their media types and their sizes."""

from __future__ import annotations

from tests.hostile.case import Case
from tests.hostile.exchange import GROUPS, JSON, MAX_BODY_SIZE, chunked_body, request

GROUP = b'{"name":"x"}'
WHERE = "/header/Content-Type"


def post(body: bytes, *headers: bytes, kind: bytes | None = JSON) -> bytes:
    """Return a request that creates a group."""
    return request(b"POST", GROUPS, *headers, body=body, kind=kind)


def bad_json(name: str, body: bytes, found: str = "") -> Case:
    """Return a case whose body is not JSON."""
    return Case(name, post(body), 400, "/body", "json", found)


def with_value(written: bytes) -> bytes:
    """Return a group with one more field, which has this value."""
    return b'{"name":"x","more":%b}' % written


def of_size(size: int) -> bytes:
    """Return a valid group with this number of bytes."""
    return b'{"name":"%b"}' % (b"x" * (size - len(b'{"name":""}')))


TEXT_CASES = [
    bad_json("invalid UTF-8 in a string", b'{"name":"\xff"}', "unicode"),
    bad_json("invalid UTF-8 in a name", b'{"\xc3":1}', "unicode"),
    bad_json("invalid UTF-8 outside", GROUP + b"\xff", "trailing"),
    bad_json("an overlong encoding", b'{"name":"\xc0\x80"}', "unicode"),
    bad_json("an escaped lone surrogate", b'{"name":"\\ud800"}', "hex escape"),
    bad_json("an escaped low surrogate", b'{"name":"\\udc00x"}', "surrogate"),
    bad_json("an escaped lone surrogate in a name", b'{"\\ud800":1}', "hex escape"),
    bad_json("two high surrogates", b'{"name":"\\ud800\\ud800"}', "surrogate"),
    bad_json("a raw surrogate (CESU-8)", b'{"name":"\xed\xa0\x80"}', "unicode"),
    bad_json("a raw NUL in a string", b'{"name":"\0"}', "control character"),
    bad_json("a raw line break in a string", b'{"name":"a\nb"}', "control character"),
    bad_json("UTF-8 with a byte order mark", b"\xef\xbb\xbf" + GROUP),
    bad_json("UTF-16 with a byte order mark", GROUP.decode().encode("utf-16")),
    bad_json("UTF-16 without", GROUP.decode().encode("utf-16-le")),
    bad_json("UTF-32", GROUP.decode().encode("utf-32")),
]

GRAMMAR_CASES = [
    bad_json("nothing", b"", "EOF"),
    bad_json("blanks", b" \r\n\t ", "EOF"),
    bad_json("half an object", b'{"name":"x', "EOF"),
    bad_json("a trailing comma", b'{"name":"x",}', "comma"),
    bad_json("single quotes", b"{'name':'x'}", "key"),
    bad_json("a comment", b'{/**/"name":"x"}', "key"),
    bad_json("two documents", GROUP * 2, "trailing"),
    bad_json("a name twice", b'{"name":"a","name":"b"}', 'duplicate key "name"'),
    bad_json(
        "a name twice, once escaped", b'{"name":"a","n\\u0061me":"b"}', 'duplicate key "name"'
    ),
    bad_json(
        "a name twice, deep inside", with_value(b'[{"a":{"b":1,"b":2}}]'), 'duplicate key "b"'
    ),
    bad_json("100,000 arrays", b"[" * 100_000, "recursion"),
    bad_json("100,000 arrays, closed", b"[" * 100_000 + b"]" * 100_000, "recursion"),
    bad_json("100,000 objects", b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "recursion"),
    bad_json("100,000 of both", b'[{"a":' * 50_000, "recursion"),
    bad_json(
        "100,000 arrays in an unknown field",
        with_value(b"[" * 100_000 + b"]" * 100_000),
        "recursion",
    ),
]

NUMBER_CASES = [
    bad_json("NaN", with_value(b"NaN")),
    bad_json("Infinity", with_value(b"Infinity")),
    bad_json("-Infinity", with_value(b"-Infinity")),
    bad_json("1e999", with_value(b"1e999"), "number out of range"),
    bad_json("-1e999 in a list", with_value(b"[0,-1e999]"), "number out of range"),
    bad_json("400 digits and a fraction", with_value(b"1" * 400 + b".5"), "number out of range"),
    bad_json("250 digits and e99", with_value(b"1" * 250 + b"e99"), "number out of range"),
    bad_json("5,000 digits", with_value(b"9" * 5_000), "number out of range"),
    bad_json("minus 5,000 digits", with_value(b"-" + b"9" * 5_000), "number out of range"),
    bad_json("a leading zero", with_value(b"01"), "invalid number"),
    bad_json("a leading plus", with_value(b"+1")),
    bad_json("hexadecimal", with_value(b"0x1")),
    bad_json("no digit after the point", with_value(b"1."), "invalid number"),
    Case("4,000 digits for a name", post(b'{"name":%b}' % (b"9" * 4_000)), 400, "/body/name",
         "type", "(4000)"),
    Case("1e-999", post(with_value(b"1e-999")), 200),
    Case("300 digits in an unknown field", post(with_value(b"9" * 300)), 200),
]  # fmt: skip

CONTENT_TYPE_CASES = [
    Case("no Content-Type", post(GROUP, kind=None), 415, WHERE, "contentType"),
    Case("an empty Content-Type", post(GROUP, kind=b""), 415, WHERE, "contentType"),
    Case("text/plain", post(GROUP, kind=b"text/plain"), 415, WHERE, "contentType", "text/plain"),
    Case("any type", post(GROUP, kind=b"*/*"), 415, WHERE, "contentType", "*/*"),
    Case("two types in one", post(GROUP, kind=JSON + b", text/plain"), 415, WHERE, "contentType"),
    Case("JSON and more", post(GROUP, kind=JSON + b"\xc3\xa9"), 415, WHERE, "contentType"),
    Case("Content-Type twice", post(GROUP, b"Content-Type: text/plain"), 400, WHERE, "repeated",
         "2"),
    Case("the same Content-Type twice", post(GROUP, b"Content-Type: " + JSON), 400, WHERE,
         "repeated", "2"),
    Case("UTF-16 as charset", post(GROUP, kind=JSON + b"; charset=utf-16"), 415, WHERE,
         "contentType", "utf-16"),
    Case("no such charset", post(GROUP, kind=JSON + b"; charset=x"), 415, WHERE, "contentType"),
    Case("a charset that is no word", post(GROUP, kind=JSON + b"; charset=\xff"), 415, WHERE,
         "contentType"),
    Case("two charsets", post(GROUP, kind=JSON + b"; charset=utf-16; charset=utf-8"), 415, WHERE,
         "contentType"),
    Case("a Content-Type of 60,000 bytes", post(GROUP, kind=b"a/" + b"b" * 60_000), 415, WHERE,
         "contentType", "(60002)"),
    Case("parameters that look for trouble", post(GROUP, kind=JSON + b"; " * 20_000 + b"="), 415,
         WHERE, "contentType"),
    Case("quotes that look for trouble", post(GROUP, kind=JSON + b';a="' + b'\\"' * 20_000), 415,
         WHERE, "contentType"),
    Case("a form", post(GROUP, kind=b"multipart/form-data; boundary=B"), 415, WHERE, "contentType"),
    Case("gzip", post(GROUP, b"Content-Encoding: gzip"), 415, "/header/Content-Encoding",
         "contentEncoding", "gzip"),
    Case("JSON in capitals, quoted UTF-8", post(GROUP, kind=b'APPLICATION/JSON; charset="UTF-8"'),
         200),
]  # fmt: skip

SIZE_CASES = [
    Case("a body as large as may be", post(of_size(MAX_BODY_SIZE)), 200),
    Case("a byte more", post(of_size(MAX_BODY_SIZE + 1)), 413, "/body", "maxBodySize",
         str(MAX_BODY_SIZE + 1)),
    Case("a body twice as large", post(of_size(2 * MAX_BODY_SIZE)), 413, "/body", "maxBodySize",
         str(2 * MAX_BODY_SIZE)),
    Case("4 MiB without a token", request(
        b"POST", GROUPS, body=of_size(4 * MAX_BODY_SIZE), token=False
    ), 401, "/header/Authorization", "AU-01"),
    Case("4 MiB for a path that reads none", request(
        b"GET", GROUPS + b"/101", body=of_size(4 * MAX_BODY_SIZE)
    ), 200),
    Case("4 MiB for no path", request(
        b"POST", b"/nothing", body=of_size(4 * MAX_BODY_SIZE)
    ), 404, "/path", "path"),
    Case("one large chunk", request(
        b"POST", GROUPS, b"Content-Type: " + JSON, b"Transfer-Encoding: chunked"
    ) + chunked_body(of_size(2 * MAX_BODY_SIZE)), 413, "/body", "maxBodySize",
         f"> {MAX_BODY_SIZE}"),
    Case("many small chunks", request(
        b"POST", GROUPS, b"Content-Type: " + JSON, b"Transfer-Encoding: chunked"
    ) + chunked_body(*[b" " * 1000] * 2000), 413, "/body", "maxBodySize", f"> {MAX_BODY_SIZE}"),
]  # fmt: skip

CASES = TEXT_CASES + GRAMMAR_CASES + NUMBER_CASES + CONTENT_TYPE_CASES + SIZE_CASES
