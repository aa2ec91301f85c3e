"""Request lines, header lines, lengths and chunks that are not, or not quite, HTTP/1.1."""

from __future__ import annotations

from tests.hostile.case import Case, no_http
from tests.hostile.exchange import GROUPS, JSON, TASK, TASKS, chunked_body, request

BODY = b'{"name":"x"}'
CHUNKED = b"Transfer-Encoding: chunked"


def minimal(method: bytes = b"GET", target: bytes = TASK, version: bytes = b"HTTP/1.1") -> bytes:
    """Return a request with the required parts only."""
    return b"%b %b %b\r\nHost: localhost\r\nConnection: close\r\n\r\n" % (method, target, version)


def post(*headers: bytes, body: bytes = BODY) -> bytes:
    """Return a request that creates a group; the headers determine its length."""
    return request(b"POST", GROUPS, b"Content-Type: " + JSON, *headers) + body


REQUEST_LINE_CASES = [
    no_http("no HTTP at all", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "method"),
    no_http("only NUL", b"\0" * 1000, "method"),
    no_http("a method in lower case", minimal(b"get"), "method"),
    no_http("a method of 10 kB", minimal(b"A" * 10_240), "method"),
    no_http("no target", minimal(target=b""), "url"),
    no_http("two targets", minimal(target=TASK + b" " + TASK), "HTTP"),
    no_http("a raw NUL in the path", minimal(target=TASK + b"\0"), "url path"),
    no_http("a raw NUL in the query", minimal(target=GROUPS + b"?current=\0"), "url query"),
    no_http("raw bytes beyond ASCII in the path", minimal(target=TASKS + b"/\xff"), "url path"),
    no_http("raw bytes beyond ASCII in the query", minimal(target=GROUPS + b"?a=\xff"),
         "url query"),
    no_http("a host and port as target", minimal(target=b"localhost:80"), "url"),
    no_http("CONNECT", minimal(b"CONNECT", b"localhost:443"), "request target"),
    no_http("an absolute target without a path", minimal(target=b"http://localhost"),
         "request target"),
    no_http("HTTP/1.2", minimal(version=b"HTTP/1.2"), "version"),
    no_http("the preface of HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0", "PRI"),
    Case("HTTP/0.9", b"GET %b\r\n\r\n" % TASK, 401, "/header/Authorization", "AU-01"),
    Case("HTTP/1.0", minimal(version=b"HTTP/1.0"), 401, "/header/Authorization", "AU-01"),
    Case("a target with a host", minimal(target=b"http://other.test" + TASK), 401,
         "/header/Authorization", "AU-01"),
    Case("an asterisk as target", minimal(b"OPTIONS", b"*"), 404, "/path", "path", "*"),
    Case("empty lines first", b"\r\n" * 1000 + request(), 200),
    Case("TRACE", request(b"TRACE"), 405, "/method", "method", "TRACE"),
    Case("PROPFIND", request(b"PROPFIND"), 405, "/method", "method", "PROPFIND"),
    Case("CONNECT to a path", request(b"CONNECT"), 405, "/method", "method", "CONNECT"),
    Case("a request line of 1 MiB", minimal(target=b"/" + b"a" * 2**20), 431, "/header",
         "maxHeadSize"),
]  # fmt: skip

HEADER_FIELD_CASES = [
    no_http("a NUL in a header", request(b"GET", TASK, b"X: a\0b"), "header value"),
    no_http("a control character in a header", request(b"GET", TASK, b"X: a\x01b"), "header value"),
    no_http("DEL in a header", request(b"GET", TASK, b"Origin: http://a\x7f"), "header value"),
    no_http("a folded header", request(b"GET", TASK, b"X: a\r\n b"), "header value"),
    no_http("a header folded by a tab", request(b"GET", TASK, b"X: a\r\n\tb"), "header value"),
    no_http("a line that ends without CR", request(b"GET", TASK, b"X: a\nY: b"), "CR"),
    no_http("a line that ends without LF", request(b"GET", TASK, b"X: a\rY: b"), "LF"),
    no_http("a blank before the colon", request(b"GET", TASK, b"X : a"), "header"),
    no_http("a header without a name", request(b"GET", TASK, b": a"), "header"),
    no_http("a header without a colon", request(b"GET", TASK, b"X"), "header"),
    no_http("a name that is no token", request(b"GET", TASK, b"\xc3\xa9: a"), "header"),
    no_http("a head cut short", request()[:-30], "cut short", end=True),
    Case("a header of 1 MiB", request(b"GET", TASK, b"X: " + b"y" * 2**20), 431, "/header",
         "maxHeadSize", ""),
    Case("50,000 headers", request(b"GET", TASK, *[b"a: b"] * 50_000), 431, "/header",
         "maxHeadSize"),
    Case("a header that never ends", b"GET / HTTP/1.1\r\nX: " + b"y" * 2**20, 431, "/header",
         "maxHeadSize"),
    Case("a header of 60,000 bytes", request(b"GET", TASK, b"X: " + b"y" * 60_000), 200),
    Case("5,000 headers", request(b"GET", TASK, *[b"a: b"] * 5_000), 200),
]  # fmt: skip

LENGTH_CASES = [
    Case("no length", post(), 400, "/body", "json", "EOF"),
    no_http("a negative length", post(b"Content-Length: -1"), "Content-Length"),
    no_http("a length in words", post(b"Content-Length: twelve"), "Content-Length"),
    no_http("a length with a sign", post(b"Content-Length: +12"), "Content-Length"),
    no_http("a hexadecimal length", post(b"Content-Length: 0xc"), "Content-Length"),
    no_http("an empty length", post(b"Content-Length:"), "Content-Length"),
    no_http("a list of lengths", post(b"Content-Length: 12, 12"), "Content-Length"),
    no_http("a length twice", post(*[b"Content-Length: 12"] * 2), "Content-Length"),
    no_http("two lengths", post(b"Content-Length: 12", b"Content-Length: 13"), "Content-Length"),
    no_http("a length of 2^64", post(b"Content-Length: 18446744073709551616"), "Content-Length"),
    Case("a length of 2^64 - 1", post(b"Content-Length: 18446744073709551615"), 413, "/body",
         "maxBodySize"),
    Case("a length with 5,000 zeros", post(b"Content-Length: " + b"0" * 5000 + b"12"), 200),
    Case("a body longer than its length", post(b"Content-Length: 11"), 400, "/body", "json", "EOF"),
    no_http("a body cut short", post(b"Content-Length: 13"), "cut short", "/body", end=True),
    no_http("length, then chunks", post(b"Content-Length: 12", CHUNKED), "Content-Length"),
    no_http("chunks, then length", post(CHUNKED, b"Content-Length: 12"), "Content-Length"),
]  # fmt: skip

CHUNK_CASES = [
    no_http("a chunk size in words", post(CHUNKED, body=b"twelve\r\n"), "chunk size", "/body"),
    no_http("a negative chunk size", post(CHUNKED, body=b"-1\r\n"), "chunk size", "/body"),
    no_http("a chunk size with 0x", post(CHUNKED, body=b"0xc\r\n"), "chunk size", "/body"),
    no_http("a chunk size beyond 64 bits", post(CHUNKED, body=b"f" * 17), "Chunk size", "/body"),
    no_http("a chunk longer than its size", post(CHUNKED, body=b"5\r\n" + BODY), "chunk", "/body"),
    no_http("chunks that end lines without CR", post(CHUNKED, body=b"c\n" + BODY), "CR", "/body"),
    no_http("chunks cut short", post(CHUNKED, body=b"c\r\n" + BODY[:5]), "cut", "/body", end=True),
    no_http("no last chunk", post(CHUNKED, body=b"c\r\n" + BODY + b"\r\n"), "cut", "/body",
         end=True),
    no_http("an invalid trailer", post(CHUNKED, body=chunked_body(BODY, trailers=b"X\r\n")),
         "header",
         "/body"),
    no_http("chunked twice", post(b"Transfer-Encoding: chunked, chunked"), "Transfer-Encoding"),
    no_http("two Transfer-Encodings", post(CHUNKED, CHUNKED), "Transfer-Encoding"),
    no_http("gzip alone", post(b"Transfer-Encoding: gzip"), "Transfer-Encoding", "/body"),
    no_http("an unknown coding", post(b"Transfer-Encoding: xchunked"), "Transfer-Encoding",
         "/body"),
    no_http("chunked hidden by a control character", post(b"Transfer-Encoding: \x0bchunked"),
         "value"),
    Case("gzip in chunks", post(b"Transfer-Encoding: gzip, chunked", body=chunked_body(BODY)), 400,
         "/header/Transfer-Encoding", "enum", "gzip, chunked"),
    Case("chunks with an extension", post(CHUNKED, body=b'c;a="b"\r\n%b\r\n0\r\n\r\n' % BODY), 200),
    Case("an extension of 1 MiB", post(CHUNKED, body=b"c;" + b"a" * 2**20), 431, "/body",
         "maxHeadSize"),
    Case("trailers of 1 MiB", post(CHUNKED, body=b"c\r\n%b\r\n0\r\nX: " % BODY + b"y" * 2**20), 431,
         "/body", "maxHeadSize"),
    Case("credentials in a trailer", request(
        b"POST", GROUPS, b"Content-Type: " + JSON, CHUNKED, token=False
    ) + chunked_body(BODY, trailers=b"Authorization: Bearer {access_token}\r\n"), 401,
         "/header/Authorization", "AU-01"),
]  # fmt: skip

CASES = REQUEST_LINE_CASES + HEADER_FIELD_CASES + LENGTH_CASES + CHUNK_CASES
