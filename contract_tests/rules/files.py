"""Probes of upload and download (L211-L246)."""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from contract_tests.rules.client import ApiClient
from contract_tests.rules.factories import upload_file
from contract_tests.rules.outcome import ExpectedRefusal, expect, expect_equal
from contract_tests.rules.registry import ProbeRegistry

probes = ProbeRegistry()
UPLOAD, DOWNLOAD = "uploadFile", "getFile"
UPLOAD_FORM = {"moduleName": "probe"}


def upload_unique_file(
    api: ApiClient, name: str = "report.pdf", kind: str = ""
) -> tuple[bytes, dict[str, Any]]:
    """New bytes that nobody has uploaded before, and what their upload answered."""
    content = f"{api.unique_name()}\r\n".encode() * 300 + bytes(range(256))
    return content, upload_file(api, content, name, kind)


@probes.accepted("FI-01")
def a_file_with_a_name(api: ApiClient) -> None:
    """The shortest one."""
    upload_file(api, b"a", "a", exactly=True)


@probes.refused("FI-01")
def a_file_without_a_name(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """An empty name, one of blanks, and a part that names none."""
    for name in ("", "  ", None):
        yield "/body/file", api.call(UPLOAD, upload={"file": (name, b"a")}, form=UPLOAD_FORM)


@probes.accepted("FI-02")
def a_file_of_one_byte(api: ApiClient) -> None:
    """The smallest content."""
    expect_equal(upload_file(api, b"\0")["fileSize"], 1, "fileSize")


@probes.refused("FI-02")
def an_empty_file(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """No bytes."""
    yield "/body/file", api.call(UPLOAD, upload={"file": ("a.txt", b"")}, form=UPLOAD_FORM)


@probes.accepted("FI-03")
def module_names_of_1_and_of_50_characters(api: ApiClient) -> None:
    """Letters, digits and underscores."""
    for name in ("n", "_", "aZ09_" * 10):
        api.call_json(UPLOAD, upload={"file": (api.unique_name(), b"a")}, form={"moduleName": name})


@probes.refused("FI-03")
def an_invalid_module_name(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Too long, empty, and with characters that are not allowed."""
    for name in ("n" * 51, "", "a-b", "a b", "模块", "a\n"):
        answer = api.call(UPLOAD, upload={"file": ("a.txt", b"a")}, form={"moduleName": name})
        yield "/body/moduleName", answer


@probes.accepted("FI-04")
def the_signature_is_the_sha_256(api: ApiClient) -> None:
    """Of the bytes, as 64 hexadecimal digits; the same for the same bytes, under a new id."""
    content, file = upload_unique_file(api)
    expect_equal(file["signature"].lower(), sha256(content).hexdigest(), "signature")
    expect_equal(file["fileSize"], len(content), "fileSize")
    again = upload_file(api, content, "again.bin")
    expect_equal(again["signature"], file["signature"], "the signature of the same bytes")
    expect(again["id"] != file["id"], "the same bytes got the same id")


@probes.accepted("FI-05")
def a_download_is_what_was_uploaded(api: ApiClient) -> None:
    """Bytes, size, time and name; the bytes to the last blank, the time a second later too."""
    for name in ("report.pdf", "季度 报告.pdf"):
        content = f"{api.unique_name()} \r\n".encode()
        file = upload_file(api, content, name)
        api.wait_one_second()
        answer = api.call_ok(DOWNLOAD, id=file["id"])
        expect(answer.content == content, "the bytes are not those that were uploaded")
        expect_equal(answer.header("Content-Length"), str(len(content)), "Content-Length")
        modified = parsedate_to_datetime(answer.header("Last-Modified")).timestamp()
        expect_equal(int(modified), file["createTime"] // 1000, "Last-Modified")
        disposition = answer.header("Content-Disposition")
        kept = name in disposition or quote(name, safe="") in disposition
        expect(kept, f"{name} is not in Content-Disposition: {disposition}")


@probes.accepted("FI-06")
def a_download_without_a_token(api: ApiClient) -> None:
    """No Authorization at all, and one that is wrong."""
    content, file = upload_unique_file(api)
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        answer = api.call_ok(DOWNLOAD, id=file["id"], headers=headers)
        expect("Authorization" in headers or answer.content == content, "other bytes")


@probes.accepted("FI-07")
def an_upload_with_both_parts(api: ApiClient) -> None:
    """The file and its module."""
    api.call_json(UPLOAD, upload={"file": (api.unique_name(), b"a")}, form=UPLOAD_FORM)


@probes.refused("FI-07")
def an_upload_without_one_part(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Only the file, and only the module."""
    yield "/body/moduleName", api.call(UPLOAD, upload={"file": ("a.txt", b"a")})
    yield "/body/file", api.call(UPLOAD, upload={"moduleName": (None, b"probe")})


@probes.accepted("FI-08")
def files_of_any_type(api: ApiClient) -> None:
    """Known and unknown extensions, none, and any declared type."""
    kinds = {
        "a.png": "image/png",
        "a.exe": "application/x-msdownload",
        "a.unheard-of": "x-unheard/of",
        "没有扩展名": "",
    }
    for name, kind in kinds.items():
        upload_file(api, api.unique_name().encode(), name, kind)


@probes.accepted("FI-09")
def the_whole_file_name_is_kept(api: ApiClient) -> None:
    """Chinese characters, blanks, several dots."""
    for name in ("report.pdf", "四月 会员名单.v2.xlsx", "a.tar.gz"):
        expect_equal(upload_file(api, b"a", name, exactly=True)["fileName"], name, "fileName")


@probes.accepted("FI-10")
def a_download_has_the_type_of_the_file(api: ApiClient) -> None:
    """By its content; without a sign there, by the extension; an unknown one, as declared."""
    for begins, name, declared, expected in (
        ("%PDF-1.7\n", "a.txt", "text/plain", "application/pdf"),
        ("", "a.png", "", "image/png"),
        ("", "a.pdf", "application/octet-stream", "application/pdf"),
        ("", "a.bin", "image/png", "image/png"),
    ):
        file = upload_file(api, f"{begins}{api.unique_name()}".encode(), name, declared)
        answer = api.call_ok(DOWNLOAD, id=file["id"])
        expect_equal(answer.media_type, expected, f"the type of {name}, declared {declared!r}")


@probes.accepted("FI-11")
def a_download_is_inline_and_cacheable(api: ApiClient) -> None:
    """inline, and cached in public for a year."""
    answer = api.call_ok(DOWNLOAD, id=upload_unique_file(api)[1]["id"])
    shown = answer.header("Content-Disposition").lower()
    expect(shown.startswith("inline"), f"Content-Disposition is {shown}")
    cached = {part.strip() for part in answer.header("Cache-Control").split(",")}
    expect_equal(cached, {"public", "max-age=31536000"}, "Cache-Control")


@probes.accepted("FI-12")
def range_and_conditional_requests(api: ApiClient) -> None:
    """Bytes 1 to 3, the last two, and which these are; 304 with the first answer's validators."""
    content, file = upload_unique_file(api)
    whole = api.call_ok(DOWNLOAD, id=file["id"])
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
def a_range_of_the_last_byte_is_accepted(api: ApiClient) -> None:
    """A range that begins at the end of the file, just within."""
    content, file = upload_unique_file(api)
    last = {"Range": f"bytes={len(content) - 1}-"}
    answer = api.call(DOWNLOAD, id=file["id"], headers=last)
    expect_equal((answer.status, answer.content), (206, content[-1:]), "the last byte")


@probes.refused("FI-13", status=416)
def a_range_beyond_the_end_is_refused(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """A range that begins just beyond the file, and far beyond."""
    content, file = upload_unique_file(api)
    for start in (len(content), len(content) * 2):
        headers = {"Range": f"bytes={start}-"}
        yield "/header/Range", api.call(DOWNLOAD, id=file["id"], headers=headers)


@probes.accepted("FI-14")
def a_file_is_stored_whole(api: ApiClient) -> None:
    """One of a megabyte, and the one before it is still there."""
    before, first = upload_unique_file(api)
    content = api.unique_name().encode() + bytes(1_000_000)
    file = upload_file(api, content)
    expect_equal(file["fileSize"], len(content), "fileSize")
    for stored, expected in ((file, content), (first, before)):
        answer = api.call_ok(DOWNLOAD, id=stored["id"])
        expect(answer.content == expected, f"file {stored['id']} is not what was uploaded")
