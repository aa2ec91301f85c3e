"""Header values: credentials, ranges, dates, languages, origins."""

from __future__ import annotations

from base64 import b64encode

from tests.hostile.case import Case
from tests.hostile.exchange import API, TASK, TOKEN_PLACEHOLDER, request

FILE = API + b"/file/602"
WHERE = "/header/Authorization"
BASIC_CREDENTIALS = b64encode(b"demo-client:demo-secret")


def bad_bearer(name: str, *sent: bytes, found: str = "") -> Case:
    """Return a case of an Authorization header without a valid access token."""
    headers = [b"Authorization: " + value for value in sent]
    return Case(name, request(b"GET", TASK, *headers, token=False), 401, WHERE, "AU-01", found)


def bad_basic(name: str, *sent: bytes) -> Case:
    """Return a case of an Authorization header without client credentials (OAuth error)."""
    headers = [b"Authorization: " + value for value in sent]
    asked = request(b"POST", b"/oauth/token", *headers, body=b"{}", token=False)
    return Case(name, asked, 401, WHERE, "AU-02", error="invalid_client")


def download(name: str, status: int, *headers: bytes) -> Case:
    """Return a case of a download that such headers do not change, or only to 206 or 304."""
    return Case(name, request(b"GET", FILE, *headers), status)


CREDENTIAL_CASES = [
    bad_bearer("no token"),
    bad_bearer("a scheme alone", b"Bearer", found="bearer"),
    bad_bearer("a token without a scheme", TOKEN_PLACEHOLDER),
    bad_bearer("a token in quotes", b'Bearer "' + TOKEN_PLACEHOLDER + b'"'),
    bad_bearer("a token of 60,000 bytes", b"Bearer " + b"x" * 60_000),
    bad_bearer("a token beyond ASCII", b"Bearer \xff"),
    bad_bearer("two tokens", b"Bearer " + TOKEN_PLACEHOLDER, b"Bearer " + TOKEN_PLACEHOLDER),
    bad_bearer("a right one after a wrong one", b"Bearer x", b"Bearer " + TOKEN_PLACEHOLDER),
    bad_bearer("another scheme", b"Digest x", found="digest"),
    bad_bearer("a scheme of 60,000 bytes", b"x" * 60_000 + b" y", found="(60000)"),
    bad_basic("no client"),
    bad_basic("Basic alone", b"Basic"),
    bad_basic("no base64", b"Basic !!!"),
    bad_basic("base64 with a blank",
         b"Basic " + BASIC_CREDENTIALS[:9] + b" " + BASIC_CREDENTIALS[9:]),
    bad_basic("base64 cut short", b"Basic " + BASIC_CREDENTIALS[:-1]),
    bad_basic("base64 with junk after it", b"Basic " + BASIC_CREDENTIALS + b",x"),
    bad_basic("base64 after a tab", b"Basic\t" + BASIC_CREDENTIALS),
    bad_basic("a client that is not UTF-8", b"Basic " + b64encode(b"\xff\xfe:x")),
    bad_basic("a secret that is not UTF-8", b"Basic " + b64encode(b"demo-client:\xff")),
    bad_basic("a client without a secret", b"Basic " + b64encode(b"demo-client")),
    bad_basic("a client of NULs", b"Basic " + b64encode(b"\0:\0")),
    bad_basic("60,000 bytes of base64", b"Basic " + b"A" * 60_000),
    bad_basic("two clients", b"Basic " + BASIC_CREDENTIALS, b"Basic " + BASIC_CREDENTIALS),
    Case("a surrogate for a password", request(
        b"POST", b"/oauth/token", b"Authorization: Basic " + BASIC_CREDENTIALS, token=False,
        body=b'{"grant_type":"password","username":"a","password":"\\ud800"}',
    ), 400, "/body", "json", error="invalid_request"),
    Case("NULs for a password", request(
        b"POST", b"/oauth/token", b"Authorization: Basic " + BASIC_CREDENTIALS, token=False,
        body=b'{"grant_type":"password","username":"demo@example.com","password":"\\u0000"}',
    ), 400, "/body/password", "AU-03", error="invalid_grant"),
    Case("a token body of 2 MiB", request(
        b"POST", b"/oauth/token", b"Authorization: Basic " + BASIC_CREDENTIALS, token=False,
        body=b'{"grant_type":"%b"}' % (b"x" * 2**21),
    ), 413, "/body", "maxBodySize", error="invalid_request"),
]  # fmt: skip

RANGE_CASES = [
    Case("a range beyond the end", request(b"GET", FILE, b"Range: bytes=999999999999999999-"), 416,
         "/header/Range", "FI-13", "bytes=9999"),
    Case("a range of 5,000 digits", request(b"GET", FILE, b"Range: bytes=%b-" % (b"9" * 5_000)),
         416, "/header/Range", "FI-13", "bytes=9999"),
    Case("no last bytes", request(b"GET", FILE, b"Range: bytes=-0"), 416, "/header/Range", "FI-13"),
    download("a range to infinity", 206, b"Range: bytes=0-99999999999999999999"),
    download("the last byte", 206, b"Range: bytes=-1"),
    download("more last bytes than there are", 206, b"Range: bytes=-99999"),
    download("a range backwards", 200, b"Range: bytes=5-1"),
    download("a range in words", 200, b"Range: bytes=a-b"),
    download("a range with underscores", 200, b"Range: bytes=1_0-2_0"),
    download("a range with a superscript", 200, b"Range: bytes=\xb2-"),
    download("a range to 5,000 digits", 206, b"Range: bytes=0-" + b"9" * 5_000),
    download("1,000 ranges", 200, b"Range: bytes=" + b"0-0," * 1_000 + b"0-0"),
    download("overlapping ranges", 200, b"Range: bytes=0-,0-,0-"),
    download("another unit", 200, b"Range: items=0-1"),
    download("a range of 60,000 bytes", 200, b"Range: " + b"bytes=" * 10_000),
    download("an If-Range of 60,000 bytes", 200, b"Range: bytes=0-0",
             b"If-Range: " + b"x" * 60_000),
]  # fmt: skip

CONDITION_CASES = [
    download("the year 9999999", 200, b"If-Modified-Since: Mon, 01 Jan 9999999 00:00:00 GMT"),
    download("an absurd zone", 200,
             b"If-Modified-Since: Mon, 01 Jan 2020 00:00:00 +999999999999999"),
    download("a zone of 5,000 digits", 200,
             b"If-Modified-Since: Mon, 01 Jan 2020 00:00:00 +" + b"9" * 5_000),
    download("the first instant, further east", 200,
             b"If-Modified-Since: Mon, 01 Jan 0001 00:00:00 +2359"),
    download("the last instant, further west", 304,
             b"If-Modified-Since: Fri, 31 Dec 9999 23:59:59 -2359"),
    download("the year 0", 200, b"If-Modified-Since: Mon, 01 Jan 0000 00:00:00 GMT"),
    download("99 January", 200, b"If-Modified-Since: Mon, 99 Jan 2020 00:00:00 GMT"),
    download("no date", 200, b"If-Modified-Since: \xff"),
    download("60,000 quotes", 200, b"If-None-Match: " + b'"' * 60_000),
    download("20,000 weak tags", 200, b"If-None-Match: " + b"W/" * 20_000),
    download("10,000 tags", 200, b"If-None-Match: " + b'"a",' * 10_000),
    download("an open tag of backslashes", 200, b'If-None-Match: "' + b"\\" * 60_000),
    download("any tag", 304, b"If-None-Match: *"),
]  # fmt: skip

LANGUAGE_CASES = [
    Case(f"Accept-Language: {name}", request(b"GET", b"/nothing", b"Accept-Language: " + sent), 404,
         "/path", "path", "/nothing")
    for name, sent in (
        ("7,000 languages", b"en;q=0.5," * 7_000),
        ("60,000 commas", b"," * 60_000),
        ("60,000 digits of quality", b"en;q=" + b"9" * 60_000),
        ("no number for a quality", b"en;q=nan, zh;q=inf, en;q=1e999, zh;q=-1"),
        ("open quotes", b'a;b="' * 10_000),
        ("60,000 backslashes", b'"' + b"\\" * 60_000),
        ("20,000 subtags", b"aa-" * 20_000),
        ("bytes beyond ASCII", b"\xff\xfe"),
    )
]  # fmt: skip

ORIGIN_CASES = [
    Case("an origin of 60,000 bytes", request(b"GET", TASK, b"Origin: " + b"x" * 60_000), 200,
         header="access-control-allow-origin", value="x" * 60_000),
    Case("an origin beyond ASCII", request(b"GET", TASK, b"Origin: \xff"), 200,
         header="access-control-allow-origin", value="\xff"),
    Case("a preflight for 10,000 headers", request(
        b"OPTIONS", TASK, b"Origin: http://a", b"Access-Control-Request-Method: PUT",
        b"Access-Control-Request-Headers: " + b"x," * 10_000,
    ), 204),
    Case("a preflight for no method", request(
        b"OPTIONS", TASK, b"Origin: http://a", b"Access-Control-Request-Method: \xff",
    ), 400),
    Case("a host that is a tag", b"GET / HTTP/1.1\r\nHost: <script>\r\nConnection: close\r\n\r\n",
         400, "/header/Host", "format", "<script>"),
    Case("two hosts", b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n", 400,
         "/header/Host", "repeated", "a, b"),
    Case("10,000 cookies", request(b"GET", b"/", b"Cookie: " + b"a=b;" * 10_000), 200),
    Case("5,000 headers for a page", request(b"GET", b"/", *[b"X-A: b"] * 5_000), 200),
    Case("10,000 preferences", request(b"GET", TASK, b"Connection: " + b"x, " * 10_000), 200),
    Case("an expectation of nothing", request(b"GET", TASK, b"Expect: the unexpected"), 200),
]  # fmt: skip

CASES = CREDENTIAL_CASES + RANGE_CASES + CONDITION_CASES + LANGUAGE_CASES + ORIGIN_CASES
