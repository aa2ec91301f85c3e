"""multipart/form-data: boundaries, part headers, file parts."""

from __future__ import annotations

from tests.hostile.case import Case
from tests.hostile.exchange import FILES, request

TYPE = b"multipart/form-data; boundary=B"
END = b"--B--\r\n"


def part(headers: bytes, content: bytes) -> bytes:
    """One part, after its boundary."""
    return b"--B\r\n%b\r\n\r\n%b\r\n" % (headers, content)


def field(name: bytes, content: bytes) -> bytes:
    """A part that is no file."""
    return part(b'Content-Disposition: form-data; name="%b"' % name, content)


def file(parameters: bytes = b'; filename="a.txt"', content: bytes = b"x") -> bytes:
    """The file part, with what comes after its name."""
    return part(b'Content-Disposition: form-data; name="file"' + parameters, content)


def upload(body: bytes, kind: bytes = TYPE) -> bytes:
    """A request to upload."""
    return request(b"POST", FILES, body=body, kind=kind)


def malformed(name: str, body: bytes, found: str = "", kind: bytes = TYPE) -> Case:
    """A body that is no complete form."""
    return Case(name, upload(body, kind), 400, "/body", "multipart", found)


MODULE = field(b"moduleName", b"m")
GOOD = MODULE + file() + END

BOUNDARIES = [
    malformed("no boundary", GOOD, "no boundary", b"multipart/form-data"),
    malformed("an empty boundary", GOOD, "no boundary", b'multipart/form-data; boundary=""'),
    malformed("another boundary", GOOD, "end of multipart", b"multipart/form-data; boundary=C"),
    malformed("a long boundary", GOOD, "end of", b"multipart/form-data; boundary=" + b"B" * 5000),
    Case("two boundaries", upload(GOOD, TYPE + b"; boundary=C"), 415, "/header/Content-Type",
         "contentType"),
    Case("another charset", upload(GOOD, TYPE + b"; charset=latin1"), 415, "/header/Content-Type",
         "contentType"),
    Case("JSON", upload(b"{}", b"application/json"), 415, "/header/Content-Type", "contentType"),
]  # fmt: skip

PARTS = [
    malformed("no form", b"", "end of multipart"),
    malformed("junk", b"junk", "end of multipart"),
    malformed("an unterminated form", MODULE + file(), "end of multipart"),
    malformed("a form cut short in a part", GOOD[:-20], "end of multipart"),
    malformed("a form cut short in a header", MODULE + b"--B\r\nContent-Dis", "end of multipart"),
    malformed("line ends without CR", GOOD.replace(b"\r\n", b"\n"), "line break"),
    malformed("a million dashes", b"-" * 1_000_000, "end of multipart"),
    malformed("10,000 parts", field(b"x", b"") * 10_000 + END, "segment count"),
    malformed("10,000 fields", b"".join(field(b"x%d" % n, b"") for n in range(10_000)), "count"),
    malformed("a part header of 100 kB", field(b"x" * 100_000, b"") + END, "header length"),
    malformed("1,000 part headers", part(b"\r\n".join([b"A: b"] * 1000), b"") + END, "header"),
    malformed("a part without a name", part(b"Content-Disposition: form-data", b"") + END, "name"),
    malformed("a part without headers", b"--B\r\n\r\nx\r\n" + END, "Content-Disposition"),
    malformed("no Content-Disposition", part(b"X: y", b"") + END, "Content-Disposition"),
    malformed("an attachment", part(b'Content-Disposition: attachment; name="file"', b"") + END,
              "Content-Disposition"),
    malformed("a header that is not UTF-8", field(b"\xff", b"x") + END, "decode"),
    Case("nothing but the end", upload(END), 400, "/body/file", "FI-07"),
    Case("a field twice", upload(MODULE + GOOD), 400, "/body/moduleName", "repeated"),
    Case("two files", upload(file() + GOOD), 400, "/body/file", "repeated"),
    Case("a field that is not UTF-8", upload(field(b"moduleName", b"\xff") + file() + END), 400,
         "/body/moduleName", "utf8"),
    Case("a NUL in a field", upload(field(b"moduleName", b"\0") + file() + END), 400,
         "/body/moduleName", "FI-03", "\0"),
    Case("a file where a text belongs", upload(
        part(b'Content-Disposition: form-data; name="moduleName"; filename="m"', b"") + file() + END
    ), 400, "/body/moduleName", "type", "m"),
    Case("a field whose name is empty", upload(field(b"", b"x") + GOOD), 200),
    Case("an unknown field twice", upload(field(b"a/b~", b"\xff") * 2 + GOOD), 200),
]  # fmt: skip

FILE_NAMES = [
    ("path traversal", b'"../../etc/passwd"', "../../etc/passwd"),
    ("a NUL", b'"a\0b"', "a_b"),
    ("an encoded line break", b'"a%0D%0AX-Evil: y"', "a__X-Evil: y"),
    ("a raw line feed", b'"a\nb"', "a_b"),
    ("an escaped quote", b'"a\\"b"', "a_b"),
    ("an encoded quote", b'"a%22b"', "a_b"),
    ("an RFC 5987 twin", b"\"a\"; filename*=UTF-8''%e4%b8%ad", "a"),
    ("a right-to-left override", '"a\u202eb"'.encode(), "a_b"),
    ("4,000 characters", b'"' + b"x" * 4000 + b'"', "x" * 4000),
]
"""Names that a file may have, and how the plain one of Content-Disposition shows them."""

FILE_PARTS = [
    Case("a file without a filename", upload(MODULE + file(b"") + END), 400, "/body/file", "FI-01"),
    Case("only an RFC 5987 filename", upload(MODULE + file(b"; filename*=UTF-8''a") + END), 400,
         "/body/file", "FI-01"),
    Case("an empty filename", upload(MODULE + file(b'; filename=""') + END), 400, "/body/file",
         "FI-01"),
    Case("a blank filename", upload(MODULE + file(b'; filename="  "') + END), 400, "/body/file",
         "FI-01"),
    Case("a file without bytes", upload(MODULE + file(content=b"") + END), 400, "/body/file",
         "FI-02"),
    Case("a nested form", upload(MODULE + part(
        b'Content-Disposition: form-data; name="file"\r\nContent-Type: multipart/mixed; boundary=C',
        b'--C\r\nContent-Disposition: file; filename="a"\r\n\r\nx\r\n--C--',
    ) + END), 400, "/body/file", "FI-01"),
    malformed("a filename that is not UTF-8", MODULE + file(b'; filename="\xff"') + END, "decode"),
    malformed("a surrogate filename", MODULE + file(b'; filename="\xed\xa0\x80"') + END, "decode"),
    malformed("a filename of 5,000 bytes", MODULE + file(b'; filename="%b"' % (b"x" * 5000)) + END,
              "header length"),
    Case("900,000 times CR", upload(MODULE + file(content=b"\r" * 900_000) + END), 200),
    Case("200,000 near boundaries", upload(MODULE + file(content=b"\r\n--" * 200_000) + END), 200),
]  # fmt: skip

CASES = BOUNDARIES + PARTS + FILE_PARTS
