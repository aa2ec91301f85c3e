"""Probes of upload and download (L211-L246)."""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from contract_tests.rules.client import Api
from contract_tests.rules.factories import new_file
from contract_tests.rules.outcome import Attempt, expect, expect_equal
from contract_tests.rules.registry import Probes

probes = Probes()
UPLOAD, DOWNLOAD = "uploadFile", "getFile"
FORM = {"moduleName": "probe"}


def sent(api: Api, name: str = "report.pdf", kind: str = "") -> tuple[bytes, dict[str, Any]]:
    """New bytes that nobody has uploaded before, and what their upload answered."""
    content = f"{api.name()}\r\n".encode() * 300 + bytes(range(256))
    return content, new_file(api, content, name, kind)


@probes.accepted("FI-01")
def a_file_with_a_name(api: Api) -> None:
    """The shortest one."""
    new_file(api, b"a", "a", exactly=True)


@probes.refused("FI-01")
def a_file_without_a_name(api: Api) -> Iterator[Attempt]:
    """An empty name, one of blanks, and a part that names none."""
    for name in ("", "  ", None):
        yield "/body/file", api.call(UPLOAD, upload={"file": (name, b"a")}, form=FORM)


@probes.accepted("FI-02")
def a_file_of_one_byte(api: Api) -> None:
    """The smallest content."""
    expect_equal(new_file(api, b"\0")["fileSize"], 1, "fileSize")


@probes.refused("FI-02")
def an_empty_file(api: Api) -> Iterator[Attempt]:
    """No bytes."""
    yield "/body/file", api.call(UPLOAD, upload={"file": ("a.txt", b"")}, form=FORM)


@probes.accepted("FI-03")
def module_names_of_1_and_of_50_characters(api: Api) -> None:
    """Letters, digits and underscores."""
    for name in ("n", "_", "aZ09_" * 10):
        api.ok(UPLOAD, upload={"file": (api.name(), b"a")}, form={"moduleName": name})


@probes.refused("FI-03")
def another_module_name(api: Api) -> Iterator[Attempt]:
    """Too long, empty, and with characters that are not allowed."""
    for name in ("n" * 51, "", "a-b", "a b", "模块", "a\n"):
        answer = api.call(UPLOAD, upload={"file": ("a.txt", b"a")}, form={"moduleName": name})
        yield "/body/moduleName", answer


@probes.accepted("FI-04")
def the_signature_is_the_sha_256(api: Api) -> None:
    """Of the bytes, as 64 hexadecimal digits; the same for the same bytes, under a new id."""
    content, file = sent(api)
    expect_equal(file["signature"].lower(), sha256(content).hexdigest(), "signature")
    expect_equal(file["fileSize"], len(content), "fileSize")
    again = new_file(api, content, "again.bin")
    expect_equal(again["signature"], file["signature"], "the signature of the same bytes")
    expect(again["id"] != file["id"], "the same bytes got the same id")


@probes.accepted("FI-05")
def a_download_is_what_was_uploaded(api: Api) -> None:
    """Bytes, size, time and name; the bytes to the last blank, the time a second later too."""
    for name in ("report.pdf", "季度 报告.pdf"):
        content = f"{api.name()} \r\n".encode()
        file = new_file(api, content, name)
        api.pass_a_second()
        answer = api.succeed(DOWNLOAD, id=file["id"])
        expect(answer.content == content, "the bytes are not those that were uploaded")
        expect_equal(answer.header("Content-Length"), str(len(content)), "Content-Length")
        modified = parsedate_to_datetime(answer.header("Last-Modified")).timestamp()
        expect_equal(int(modified), file["createTime"] // 1000, "Last-Modified")
        disposition = answer.header("Content-Disposition")
        kept = name in disposition or quote(name, safe="") in disposition
        expect(kept, f"{name} is not in Content-Disposition: {disposition}")


@probes.accepted("FI-06")
def a_download_without_a_token(api: Api) -> None:
    """No Authorization at all, and one that is wrong."""
    content, file = sent(api)
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        answer = api.succeed(DOWNLOAD, id=file["id"], headers=headers)
        expect("Authorization" in headers or answer.content == content, "other bytes")


@probes.accepted("FI-07")
def an_upload_with_both_parts(api: Api) -> None:
    """The file and its module."""
    api.ok(UPLOAD, upload={"file": (api.name(), b"a")}, form=FORM)


@probes.refused("FI-07")
def an_upload_without_one_of_them(api: Api) -> Iterator[Attempt]:
    """Only the file, and only the module."""
    yield "/body/moduleName", api.call(UPLOAD, upload={"file": ("a.txt", b"a")})
    yield "/body/file", api.call(UPLOAD, upload={"moduleName": (None, b"probe")})


@probes.accepted("FI-08")
def files_of_any_type(api: Api) -> None:
    """Known and unknown extensions, none, and any declared type."""
    kinds = {
        "a.png": "image/png",
        "a.exe": "application/x-msdownload",
        "a.unheard-of": "x-unheard/of",
        "没有扩展名": "",
    }
    for name, kind in kinds.items():
        new_file(api, api.name().encode(), name, kind)


@probes.accepted("FI-09")
def the_whole_file_name_is_kept(api: Api) -> None:
    """Chinese characters, blanks, several dots."""
    for name in ("report.pdf", "四月 会员名单.v2.xlsx", "a.tar.gz"):
        expect_equal(new_file(api, b"a", name, exactly=True)["fileName"], name, "fileName")


@probes.accepted("FI-10")
def a_download_has_the_type_of_the_file(api: Api) -> None:
    """By its content; without a sign there, by the extension; an unknown one, as declared."""
    for begins, name, declared, expected in (
        ("%PDF-1.7\n", "a.txt", "text/plain", "application/pdf"),
        ("", "a.png", "", "image/png"),
        ("", "a.pdf", "application/octet-stream", "application/pdf"),
        ("", "a.bin", "image/png", "image/png"),
    ):
        file = new_file(api, f"{begins}{api.name()}".encode(), name, declared)
        answer = api.succeed(DOWNLOAD, id=file["id"])
        expect_equal(answer.media_type, expected, f"the type of {name}, declared {declared!r}")


@probes.accepted("FI-11")
def a_download_is_shown_and_cached(api: Api) -> None:
    """inline, and cached in public for a year."""
    answer = api.succeed(DOWNLOAD, id=sent(api)[1]["id"])
    shown = answer.header("Content-Disposition").lower()
    expect(shown.startswith("inline"), f"Content-Disposition is {shown}")
    cached = {part.strip() for part in answer.header("Cache-Control").split(",")}
    expect_equal(cached, {"public", "max-age=31536000"}, "Cache-Control")


@probes.accepted("FI-12")
def a_part_of_a_file_and_nothing_new(api: Api) -> None:
    """Bytes 1 to 3, the last two, and which these are; 304 with the first answer's validators."""
    content, file = sent(api)
    whole = api.succeed(DOWNLOAD, id=file["id"])
    size = len(content)
    for asked, start, stop in (("bytes=1-3", 1, 4), ("bytes=-2", size - 2, size)):
        answer = api.call(DOWNLOAD, id=file["id"], headers={"Range": asked})
        expect_equal((answer.status, answer.content), (206, content[start:stop]), asked)
        told = answer.header("Content-Range")
        expect_equal(told, f"bytes {start}-{stop - 1}/{size}", f"Content-Range of {asked}")
    for name, value in (
        ("If-None-Match", whole.header("ETag")),
        ("If-Modified-Since", whole.header("Last-Modified")),
    ):
        answer = api.call(DOWNLOAD, id=file["id"], headers={name: value})
        expect_equal((answer.status, answer.content), (304, b""), name)


@probes.accepted("FI-13")
def the_last_byte_can_be_asked_for(api: Api) -> None:
    """A range that begins at the end of the file, just within."""
    content, file = sent(api)
    last = {"Range": f"bytes={len(content) - 1}-"}
    answer = api.call(DOWNLOAD, id=file["id"], headers=last)
    expect_equal((answer.status, answer.content), (206, content[-1:]), "the last byte")


@probes.refused("FI-13", status=416)
def the_byte_after_it_cannot(api: Api) -> Iterator[Attempt]:
    """A range that begins just beyond the file, and far beyond."""
    content, file = sent(api)
    for start in (len(content), len(content) * 2):
        headers = {"Range": f"bytes={start}-"}
        yield "/header/Range", api.call(DOWNLOAD, id=file["id"], headers=headers)


@probes.accepted("FI-14")
def a_file_is_stored_whole(api: Api) -> None:
    """One of a megabyte, and the one before it is still there."""
    before, first = sent(api)
    content = api.name().encode() + bytes(1_000_000)
    file = new_file(api, content)
    expect_equal(file["fileSize"], len(content), "fileSize")
    for stored, expected in ((file, content), (first, before)):
        answer = api.succeed(DOWNLOAD, id=stored["id"])
        expect(answer.content == expected, f"file {stored['id']} is not what was uploaded")
