"""The control plane: access, and values for the clock."""

from __future__ import annotations

from tests.hostile.case import Case
from tests.hostile.exchange import request

ADMIN = b"/__admin"


def bad_clock(name: str, body: bytes, status: int, field: str, rule: str, found: str = "") -> Case:
    """Return a case of an invalid setting of the clock."""
    sent = request(b"PUT", ADMIN + b"/clock", body=body, token=False)
    return Case(name, sent, status, f"/body{field}", rule, found)


def bad_advance(name: str, seconds: bytes, field: str, rule: str, found: str = "") -> Case:
    """Return a case of an invalid step of the clock."""
    body = b'{"seconds":%b}' % seconds
    sent = request(b"POST", ADMIN + b"/clock/advance", body=body, token=False)
    return Case(name, sent, 400, f"/body{field}", rule, found)


def other_host(name: str, sent: bytes, found: str) -> Case:
    """Return a case with a Host that is not this machine."""
    asked = b"GET /__admin/health HTTP/1.1\r\nConnection: close\r\nHost: %b\r\n\r\n" % sent
    return Case(name, asked, 403, "/header/Host", "CP-01", found)


def bad_host(name: str, sent: bytes) -> Case:
    """Return a case with an invalid Host; the API has the same response."""
    asked = b"GET /__admin/health HTTP/1.1\r\nConnection: close\r\nHost: %b\r\n\r\n" % sent
    return Case(name, asked, 400, "/header/Host", "format", sent.decode())


CLOCK_CASES = [
    bad_clock("the last second of all", b'{"now":"9999-12-31T23:59:59-23:59"}', 409, "/now",
         "CP-05"),
    bad_clock("the first second of all", b'{"now":"0001-01-01T00:00:00+14:00"}', 409, "/now",
         "CP-04"),
    bad_clock("an absurd offset", b'{"now":"2025-04-21T09:00:00+99:99"}', 400, "/now", "format"),
    bad_clock("an instant of 60,000 digits", b'{"now":"%b"}' % (b"9" * 60_000), 400, "/now",
          "maxLength", "(60000)"),
    bad_clock("a scale of 1e308", b'{"scale":1e308}', 400, "/scale", "maximum", "1e+308"),
    bad_clock("a scale of NaN", b'{"scale":NaN}', 400, "", "json"),
    bad_advance("infinitely far", b"1e999", "", "json", "out of range"),
    bad_advance("400 digits far", b"9" * 400, "/seconds", "maximum", "(400)"),
    bad_advance("a second back", b"-1", "/seconds", "CP-04", "-1"),
    Case("a body beyond the control plane's limit", request(
        b"PUT", ADMIN + b"/clock", body=b'{"now":"%b"}' % (b"9" * 70_000), token=False
    ), 413, "/body", "maxBodySize"),
]  # fmt: skip

HOST_CASES = [
    other_host("another host", b"evil.test", "evil.test"),
    other_host("a host that only begins right", b"localhost.evil.test", "localhost.evil.test"),
    bad_host("a user before the host", b"localhost@evil.test"),
    bad_host("a port that is none", b"localhost:99999999999"),
    bad_host("an open bracket", b"[::1"),
    bad_host("no host", b""),
    Case("a page of another origin", request(
        b"GET", ADMIN + b"/health", b"Origin: http://evil.test", token=False
    ), 403, "/header/Origin", "CP-02", "http://evil.test"),
    Case("an encoded slash on the way", request(b"GET", ADMIN + b"%2Fhealth", token=False), 404,
         "/path", "path", "/__admin%2Fhealth"),
    Case("a NUL in a page of the control plane", request(
        b"GET", ADMIN + b"/docs/%00", token=False
    ), 404, "/path", "path", "\0"),
]  # fmt: skip

CASES = CLOCK_CASES + HOST_CASES
