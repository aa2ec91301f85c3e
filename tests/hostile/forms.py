"""Forms (multipart/form-data): boundaries, headers of parts, file parts."""

from __future__ import annotations

from tests.hostile.case import Case
from tests.hostile.exchange import FILES, request

TYPE = b"multipart/form-data; boundary=B"
END = b"--B--\r\n"


def part(headers: bytes, content: bytes) -> bytes:
    """Return a part, after its boundary."""
    return b"--B\r\n%b\r\n\r\n%b\r\n" % (headers, content)


def field(name: bytes, content: bytes) -> bytes:
    """Return a part that is not a file."""
    return part(b'Content-Disposition: form-data; name="%b"' % name, content)


def file(parameters: bytes = b'; filename="a.txt"', content: bytes = b"x") -> bytes:
    """Return the file part, with additional parameters after its name."""
    return part(b'Content-Disposition: form-data; name="file"' + parameters, content)


def upload(body: bytes, kind: bytes = TYPE) -> bytes:
    """Return an upload request."""
    return request(b"POST", FILES, body=body, kind=kind)


def bad_form(name: str, body: bytes, found: str = "", kind: bytes = TYPE) -> Case:
    """Return a case of an incomplete form."""
    return Case(name, upload(body, kind), 400, "/body", "multipart", found)


MODULE = field(b"moduleName", b"m")
VALID = MODULE + file() + END

BOUNDARY_CASES = [
    bad_form("no boundary", VALID, "no boundary", b"multipart/form-data"),
    bad_form("an empty boundary", VALID, "no boundary", b'multipart/form-data; boundary=""'),
    bad_form("another boundary", VALID, "end of multipart", b"multipart/form-data; boundary=C"),
    bad_form("a long boundary", VALID, "end of", b"multipart/form-data; boundary=" + b"B" * 5000),
    Case("two boundaries", upload(VALID, TYPE + b"; boundary=C"), 415, "/header/Content-Type",
         "contentType"),
    Case("another charset", upload(VALID, TYPE + b"; charset=latin1"), 415, "/header/Content-Type",
         "contentType"),
    Case("JSON", upload(b"{}", b"application/json"), 415, "/header/Content-Type", "contentType"),
]  # fmt: skip

PART_CASES = [
    bad_form("no form", b"", "end of multipart"),
    bad_form("junk", b"junk", "end of multipart"),
    bad_form("an unterminated form", MODULE + file(), "end of multipart"),
    bad_form("a form cut short in a part", VALID[:-20], "end of multipart"),
    bad_form("a form cut short in a header", MODULE + b"--B\r\nContent-Dis", "end of multipart"),
    bad_form("line ends without CR", VALID.replace(b"\r\n", b"\n"), "line break"),
    bad_form("a million dashes", b"-" * 1_000_000, "end of multipart"),
    bad_form("10,000 parts", field(b"x", b"") * 10_000 + END, "segment count"),
    bad_form("10,000 fields", b"".join(field(b"x%d" % n, b"") for n in range(10_000)), "count"),
    bad_form("a part header of 100 kB", field(b"x" * 100_000, b"") + END, "header length"),
    bad_form("1,000 part headers", part(b"\r\n".join([b"A: b"] * 1000), b"") + END, "header"),
    bad_form("a part without a name", part(b"Content-Disposition: form-data", b"") + END, "name"),
    bad_form("a part without headers", b"--B\r\n\r\nx\r\n" + END, "Content-Disposition"),
    bad_form("no Content-Disposition", part(b"X: y", b"") + END, "Content-Disposition"),
    bad_form("an attachment", part(b'Content-Disposition: attachment; name="file"', b"") + END,
              "Content-Disposition"),
    bad_form("a name that is not UTF-8", field(b"\xff", b"x") + END, "not UTF-8"),
    Case("nothing but the end", upload(END), 400, "/body/file", "FI-07"),
    Case("a field twice", upload(MODULE + VALID), 400, "/body/moduleName", "repeated"),
    Case("two files", upload(file() + VALID), 400, "/body/file", "repeated"),
    Case("a field that is not UTF-8", upload(field(b"moduleName", b"\xff") + file() + END), 400,
         "/body/moduleName", "utf8"),
    Case("a NUL in a field", upload(field(b"moduleName", b"\0") + file() + END), 400,
         "/body/moduleName", "FI-03", "\0"),
    Case("a file where a text belongs", upload(
        part(b'Content-Disposition: form-data; name="moduleName"; filename="m"', b"") + file() + END
    ), 400, "/body/moduleName", "type", "m"),
    Case("a field whose name is empty", upload(field(b"", b"x") + VALID), 200),
    Case("an unknown field twice", upload(field(b"a/b~", b"\xff") * 2 + VALID), 200),
]  # fmt: skip

FILE_NAMES = [
    ("path traversal", b'"../../etc/passwd"', "passwd"),
    ("encoded path traversal", b"\"a\"; filename*=UTF-8''..%2F..%5Cpasswd", "passwd"),
    ("an escaped quote", b'"a\\"b"', "a_b"),
    ("an encoded quote", b'"a%22b"', "a_b"),
    ("an RFC 5987 twin", b"\"a\"; filename*=UTF-8''%e4%b8%ad", "_"),
    ("a right-to-left override", '"a\u202eb"'.encode(), "a_b"),
    ("255 characters", b'"' + b"x" * 255 + b'"', "x" * 255),
]
"""Names of files, and the plain name in Content-Disposition."""

FILE_PART_CASES = [
    Case("a file without a filename", upload(MODULE + file(b"") + END), 400, "/body/file", "FI-01"),
    Case("only an RFC 5987 filename", upload(MODULE + file(b"; filename*=UTF-8''a") + END), 200),
    Case("a directory without a name", upload(MODULE + file(b'; filename="../"') + END), 400,
         "/body/file", "FI-01"),
    Case("a NUL in a filename", upload(MODULE + file(b'; filename="a\0b"') + END), 400,
         "/body/file", "fileNameControl", "U+0000"),
    Case("a line break in a filename", upload(
        MODULE + file(b'; filename="a%0D%0AX-Evil: y"') + END
    ), 400, "/body/file", "fileNameControl", "U+000D"),
    Case("a raw line feed in a filename", upload(MODULE + file(b'; filename="a\nb"') + END), 400,
         "/body/file", "fileNameControl", "U+000A"),
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
    Case("a filename that is not UTF-8", upload(MODULE + file(b'; filename="\xff"') + END), 400,
         "/body/file", "fileNameCharset", "\\xff"),
    Case("a surrogate filename", upload(MODULE + file(b'; filename="\xed\xa0\x80"') + END), 400,
         "/body/file", "fileNameCharset"),
    Case("a filename in GBK", upload(MODULE + file(b'; filename="\xc3\xfb\xb5\xa5"') + END), 400,
         "/body/file", "fileNameCharset", "名单 (GBK)"),
    Case("a malformed RFC 5987 filename", upload(MODULE + file(b"; filename*=UTF-8''%") + END), 400,
         "/body/file", "fileNameExtended"),
    Case("an encoded word that no charset decodes", upload(
        MODULE + file(b'; filename="=?UTF-8?B?//8=?="') + END
    ), 400, "/body/file", "fileNameWord"),
    Case("a filename of 5,000 bytes", upload(
        MODULE + file(b'; filename="%b"' % (b"x" * 5000)) + END
    ), 400, "/body/file", "maxFileName", "5000"),
    bad_form("a filename of 20,000 bytes", MODULE + file(b'; filename="%b"' % (b"x" * 20_000))
              + END, "header length"),
    Case("900,000 times CR", upload(MODULE + file(content=b"\r" * 900_000) + END), 200),
    Case("200,000 near boundaries", upload(MODULE + file(content=b"\r\n--" * 200_000) + END), 200),
]  # fmt: skip

CASES = BOUNDARY_CASES + PART_CASES + FILE_PART_CASES
