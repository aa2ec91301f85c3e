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
from contract_tests.rules.probe_registry import ProbeRegistry

probes = ProbeRegistry()
UPLOAD, DOWNLOAD = "uploadFile", "getFile"
UPLOAD_FORM = {"moduleName": "probe"}
SHORT_PATH = "/api/file/{id}"
"""Path of a file in the examples (F1)."""
UNKNOWN_PATH_STATUSES = (401, 403, 404, 405)
"""Statuses for a path that a server, or the gateway before it, does not have."""


def upload_unique_file(
    api: ApiClient, name: str = "report.pdf", kind: str = ""
) -> tuple[bytes, dict[str, Any]]:
    """Upload bytes that nobody has uploaded before; return them and the response."""
    # Line breaks and all byte values: a text mode or a decoding on the way would change them.
    content = f"{api.unique_name()}\r\n".encode() * 300 + bytes(range(256))
    return content, upload_file(api, content, name, kind)


@probes.accepted("FI-01")
def accepts_upload_with_one_letter_file_name(api: ApiClient) -> None:
    """Upload a file with a name of one character."""
    upload_file(api, b"a", "a", exactly=True)


@probes.refused("FI-01")
def refuses_upload_without_file_name(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Upload a file with an empty name, a blank name, and no name."""
    # With None, requests sends the part without `filename`, as a plain field.
    for name in ("", "  ", None):
        yield "/body/file", api.call(UPLOAD, upload={"file": (name, b"a")}, form=UPLOAD_FORM)


@probes.accepted("FI-02")
def accepts_upload_of_one_byte(api: ApiClient) -> None:
    """Upload a file of one byte."""
    expect_equal(upload_file(api, b"\0")["fileSize"], 1, "fileSize")


@probes.refused("FI-02")
def refuses_upload_of_empty_file(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Upload a file without content."""
    yield "/body/file", api.call(UPLOAD, upload={"file": ("a.txt", b"")}, form=UPLOAD_FORM)


@probes.accepted("FI-03")
def accepts_module_names_of_1_and_50_characters(api: ApiClient) -> None:
    """Upload with module names of letters, digits and underscores, with 1 and 50 characters."""
    for name in ("n", "_", "aZ09_" * 10):
        api.call_json(UPLOAD, upload={"file": (api.unique_name(), b"a")}, form={"moduleName": name})


@probes.refused("FI-03")
def refuses_upload_with_invalid_module_name(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Upload with a module name that is too long, empty, or has other characters."""
    # "a\n", since `$` in most regular expressions also matches before a final line break.
    for name in ("n" * 51, "", "a-b", "a b", "模块", "a\n"):
        answer = api.call(UPLOAD, upload={"file": ("a.txt", b"a")}, form={"moduleName": name})
        yield "/body/moduleName", answer


@probes.accepted("FI-04", observes=("same-file-twice",))
def signature_of_same_file_content_is_equal(api: ApiClient) -> None:
    """Upload the same bytes twice, then others, and compare signatures and ids.

    The same bytes may get the same id, others must not.
    """
    content, file = upload_unique_file(api)
    # The documents allow either case (F5).
    expect_equal(file["signature"].lower(), sha256(content).hexdigest(), "signature")
    expect_equal(file["fileSize"], len(content), "fileSize")
    again = upload_file(api, content, "again.bin")
    expect_equal(again["signature"], file["signature"], "the signature of the same bytes")
    value = "same-id" if again["id"] == file["id"] else "new-id"
    answer = api.answers[-1]
    other = upload_unique_file(api)[1]
    expect(other["id"] not in (file["id"], again["id"]), "other bytes got the same id")
    api.observe("same-file-twice", value, answer)


@probes.accepted("FI-05")
def downloads_what_was_uploaded(api: ApiClient) -> None:
    """Upload files and download them a second later: bytes, size, time and name."""
    for name in ("report.pdf", "季度 报告.pdf"):
        content = f"{api.unique_name()} \r\n".encode()
        file = upload_file(api, content, name)
        # Otherwise Last-Modified could be the time of the download and still look right.
        api.wait_one_second()
        answer = api.call_ok(DOWNLOAD, id=file["id"])
        expect(answer.content == content, "the bytes are not those that were uploaded")
        expect_equal(answer.header("Content-Length"), str(len(content)), "Content-Length")
        # HTTP dates have seconds, createTime has milliseconds.
        modified = parsedate_to_datetime(answer.header("Last-Modified")).timestamp()
        expect_equal(int(modified), file["createTime"] // 1000, "Last-Modified")
        disposition = answer.header("Content-Disposition")
        # A name that is not ASCII is percent-encoded (RFC 6266, `filename*`).
        kept = name in disposition or quote(name, safe="") in disposition
        expect(kept, f"{name} is not in Content-Disposition: {disposition}")


@probes.accepted("FI-05", observes=("short-file-path",))
def observes_download_by_path_of_examples(api: ApiClient) -> None:
    """Download a file by its path, then by the one in the examples, which may not exist."""
    content, file = upload_unique_file(api)
    expect(api.call_ok(DOWNLOAD, id=file["id"]).content == content, "other bytes")
    answer = api.call(DOWNLOAD, id=file["id"], path=SHORT_PATH)
    if api.is_success(answer):
        expect(answer.content == content, f"other bytes at {SHORT_PATH}")
        api.observe("short-file-path", "served", answer)
        return
    expect(answer.status in UNKNOWN_PATH_STATUSES, f"neither served nor unknown: {answer}")
    api.observe("short-file-path", "absent", answer)


@probes.accepted("FI-06")
def accepts_download_without_token(api: ApiClient) -> None:
    """Download a file without an Authorization header, and with a wrong one."""
    content, file = upload_unique_file(api)
    for headers in ({}, {"Authorization": "Bearer wrong"}):
        answer = api.call_ok(DOWNLOAD, id=file["id"], headers=headers)
        expect("Authorization" in headers or answer.content == content, "other bytes")


@probes.accepted("FI-07")
def accepts_upload_with_file_and_module_name(api: ApiClient) -> None:
    """Upload with a file and a module name."""
    api.call_json(UPLOAD, upload={"file": (api.unique_name(), b"a")}, form=UPLOAD_FORM)


@probes.refused("FI-07")
def refuses_upload_without_file_or_module_name(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Upload only a file, and only a module name."""
    yield "/body/moduleName", api.call(UPLOAD, upload={"file": ("a.txt", b"a")})
    yield "/body/file", api.call(UPLOAD, upload={"moduleName": (None, b"probe")})


@probes.accepted("FI-08")
def accepts_upload_of_any_file_type(api: ApiClient) -> None:
    """Upload files with known, unknown and no extensions, and with various media types."""
    kinds = {
        "a.png": "image/png",
        "a.exe": "application/x-msdownload",
        "a.unheard-of": "x-unheard/of",
        "没有扩展名": "",
    }
    for name, kind in kinds.items():
        upload_file(api, api.unique_name().encode(), name, kind)


@probes.accepted("FI-09")
def keeps_file_name_of_upload_unchanged(api: ApiClient) -> None:
    """Upload files whose names have Chinese characters, spaces and several dots."""
    for name in ("report.pdf", "四月 会员名单.v2.xlsx", "a.tar.gz"):
        content = api.unique_name().encode()  # a server may keep the first name of equal bytes
        expect_equal(upload_file(api, content, name, exactly=True)["fileName"], name, "fileName")


@probes.accepted("FI-10")
def download_has_media_type_of_the_file(api: ApiClient) -> None:
    """Download files whose type follows from the content, the extension, or the declared type."""
    for begins, name, declared, expected in (
        # In this order: how the content begins, the extension, the declared type (F9).
        ("%PDF-1.7\n", "a.txt", "text/plain", "application/pdf"),
        ("", "a.png", "", "image/png"),
        ("", "a.pdf", "application/octet-stream", "application/pdf"),
        ("", "a.bin", "image/png", "image/png"),
    ):
        file = upload_file(api, f"{begins}{api.unique_name()}".encode(), name, declared)
        answer = api.call_ok(DOWNLOAD, id=file["id"])
        expect_equal(answer.media_type, expected, f"the type of {name}, declared {declared!r}")


@probes.accepted("FI-11")
def download_is_inline_and_cacheable(api: ApiClient) -> None:
    """Download a file and read Content-Disposition and Cache-Control."""
    answer = api.call_ok(DOWNLOAD, id=upload_unique_file(api)[1]["id"])
    shown = answer.header("Content-Disposition").lower()
    expect(shown.startswith("inline"), f"Content-Disposition is {shown}")
    cached = {part.strip() for part in answer.header("Cache-Control").split(",")}
    expect_equal(cached, {"public", "max-age=31536000"}, "Cache-Control")


@probes.accepted("FI-12")
def download_supports_ranges_and_validators(api: ApiClient) -> None:
    """Request bytes 1 to 3 and the last two, then use the validators of the first response."""
    content, file = upload_unique_file(api)
    whole = api.call_ok(DOWNLOAD, id=file["id"])
    size = len(content)
    # "-2" is the last two bytes (RFC 9110, 14.1.2), which a simple parser reads as 0 to 2.
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
def accepts_range_of_last_byte_of_file(api: ApiClient) -> None:
    """Request a range that begins at the last byte."""
    content, file = upload_unique_file(api)
    last = {"Range": f"bytes={len(content) - 1}-"}
    answer = api.call(DOWNLOAD, id=file["id"], headers=last)
    expect_equal((answer.status, answer.content), (206, content[-1:]), "the last byte")


@probes.refused("FI-13", status=416)
def refuses_range_beyond_end_of_file(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Request ranges that begin just beyond the end and far beyond it."""
    content, file = upload_unique_file(api)
    for start in (len(content), len(content) * 2):
        headers = {"Range": f"bytes={start}-"}
        yield "/header/Range", api.call(DOWNLOAD, id=file["id"], headers=headers)


@probes.accepted("FI-14")
def stores_file_of_one_megabyte_completely(api: ApiClient) -> None:
    """Upload a file of one megabyte, and download it and the file before it."""
    before, first = upload_unique_file(api)
    # Large enough to arrive in many reads, so that a lost one would show.
    content = api.unique_name().encode() + bytes(1_000_000)
    file = upload_file(api, content)
    expect_equal(file["fileSize"], len(content), "fileSize")
    # The file before it as well: FI-14 protects what is already stored.
    for stored, expected in ((file, content), (first, before)):
        answer = api.call_ok(DOWNLOAD, id=stored["id"])
        expect(answer.content == expected, f"file {stored['id']} is not what was uploaded")
