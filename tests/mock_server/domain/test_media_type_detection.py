"""Detection of media types, and how browsers treat downloads."""

from __future__ import annotations

import gzip
import io
import mimetypes
import zipfile
from collections.abc import Iterator
from importlib import reload
from pathlib import Path

import pytest
from werkzeug.http import parse_options_header

from mock_server.domain import media_type_detection
from mock_server.member_files.xlsx_writer import write_workbook
from tests.mock_server.member_files.writers import ole2_file
from tests.mock_server.pages.browser import open_page
from tests.mock_server.uploads import upload_file
from tests.serving import RunningMock

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n"

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
UNKNOWN_TYPE = "application/octet-stream"
JPEG_CONTENT = b"\xff\xd8\xff\xe0\0\x10JFIF\0"
TEXT_CONTENT = "到店须知".encode()


def zip_archive(*names: str) -> bytes:
    """Return a zip archive with these files."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as target:
        for name in names:
            target.writestr(name, "x")
    return written.getvalue()


def opc_file(*parts: str) -> bytes:
    """Return an archive with these parts, and those that every Office document has."""
    return zip_archive("_rels/.rels", *parts, "[Content_Types].xml")


MEDIA_TYPE_CASES = [
    # By content, whatever the name and the declared type.
    ("a.png", "", PNG, "image/png"),
    ("a.txt", "text/plain", PNG, "image/png"),
    ("a", "", JPEG_CONTENT, "image/jpeg"),
    ("a.png", "image/png", JPEG_CONTENT, "image/jpeg"),
    ("a.gif", "", b"GIF89a\1\0\1\0\0\0\0;", "image/gif"),
    ("a.bmp", "", b"BM\x1e\0\0\0\0\0\0\0\x1a\0\0\0", "image/bmp"),
    ("a.html", "text/html", PDF, "application/pdf"),
    ("名单", "", write_workbook(["memberId"], [[1001]]), XLSX),
    ("名单.xls", "application/vnd.ms-excel", write_workbook(["memberId"], [[1001]]), XLSX),
    ("a.tar.gz", "application/x-tar", gzip.compress(b"a", mtime=0), "application/gzip"),
    ("a", "", zip_archive("a"), "application/zip"),
    # A zip archive with a more specific name.
    (
        "a.docx",
        "",
        zip_archive("a"),
        DOCX,
    ),
    ("a.png", "image/png", zip_archive("a"), "application/zip"),
    # Office documents: the kind by their parts, templates and macros by the name.
    ("名单", "", opc_file("xl/workbook.xml"), XLSX),
    ("名单.zip", "", opc_file("xl/workbook.xml"), XLSX),
    ("名单.docx", "", opc_file("xl/workbook.xml"), XLSX),
    (
        "名单.XLSM",
        "",
        opc_file("xl/workbook.xml"),
        "application/vnd.ms-excel.sheet.macroenabled.12",
    ),
    ("a.docx", "", opc_file("word/document.xml"), DOCX),
    ("a.docx", "", opc_file("word/document.xml")[:-30], DOCX),
    ("a", "", opc_file("word/document.xml", "word/embeddings/xl/b.xlsx"), DOCX),
    ("a.pptx", "", opc_file("ppt/presentation.xml"), PPTX),
    ("a.xls", "", ole2_file("Workbook"), "application/vnd.ms-excel"),
    ("a", "", ole2_file("Book"), "application/vnd.ms-excel"),
    ("a.doc", "", ole2_file("1Table", "\x05Data", "x", "WordDocument"), "application/msword"),
    ("a.ppt", "", ole2_file("PowerPoint Document"), "application/vnd.ms-powerpoint"),
    ("a.docx", "", ole2_file("EncryptionInfo", "EncryptedPackage"), DOCX),
    ("a.xlsx", "", ole2_file("a", "b", "c", "d", "e", "f", "g", "h", "EncryptedPackage"), XLSX),
    ("a.bin", "", ole2_file("EncryptedPackage"), "application/x-ole-storage"),
    ("a.docx", "", ole2_file("Workbook")[:20], "application/x-ole-storage"),
    # By name, if the content is only text.
    ("a.csv", "application/vnd.ms-excel", b"\xc3\xfb,a", "text/csv"),
    ("a.json", "text/plain", b"{}", "application/json"),
    ("a.html", "", b"<p>a", "text/html; charset=utf-8"),
    ("a.js", "", b"a()", "text/javascript; charset=utf-8"),
    ("a.tsv", "", b"a\tb", "text/tab-separated-values; charset=utf-8"),
    ("a.yaml", "", b"a: b", "application/yaml"),
    ("a.log", "", b"a", "text/plain; charset=utf-8"),
    ("a.svg", "", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
    ("A.PNG", "", b"no picture", "image/png"),
    ("data:image/png,.json", "", b"{}", "application/json"),
    # "BM", "II" and the like begin texts too.
    ("车主.csv", "", b"BMW,Audi", "text/csv; charset=utf-8"),
    ("a", "", b"BMW,Audi", UNKNOWN_TYPE),
    # By name, if the content is neither known nor text.
    ("a.css.bz2", "", b"nothing known", "application/x-bzip2"),
    # As declared.
    ("a.unheard-of", "x-unheard/of", b"a", "x-unheard/of"),
    ("a", "Text/Plain; charset=gbk", b"\xc3\xfb", "text/plain"),
    ("a.bin", "image/png", b"a", "image/png"),
    # Unknown.
    ("a.unheard-of", UNKNOWN_TYPE, b"\0", UNKNOWN_TYPE),
    ("a", "text/html\r\nX-Evil: 1", b"a", UNKNOWN_TYPE),
    ("a", "*", b"a", UNKNOWN_TYPE),
    # Texts that are UTF-8, and one that is not.
    ("a.txt", "", TEXT_CONTENT, "text/plain; charset=utf-8"),
    ("a.md", "", TEXT_CONTENT, "text/markdown; charset=utf-8"),
    ("a.txt", "", TEXT_CONTENT * 5_000, "text/plain; charset=utf-8"),
    ("a.txt", "", b"a" + TEXT_CONTENT * 5_000, "text/plain; charset=utf-8"),
    ("a.txt", "", TEXT_CONTENT[:-1], "text/plain"),
    ("a.txt", "", "到店须知".encode("gb18030"), "text/plain"),
]


@pytest.mark.parametrize(("name", "declared", "content", "expected"), MEDIA_TYPE_CASES)
def test_the_type_is_that_of_the_content_then_of_the_name_then_as_declared(
    name: str, declared: str, content: bytes, expected: str
) -> None:
    """FI-10: the content decides, else the name, else the declared type."""
    assert media_type_detection.detect_media_type(name, declared, content) == expected


@pytest.fixture
def system_mime_types(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A machine whose `/etc/mime.types` has an additional type."""
    known = tmp_path / "mime.types"
    known.write_text("image/unheard-of unheard-of\n", encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(mimetypes, "knownfiles", [str(known)])
        mimetypes.init()
        reload(media_type_detection)
        yield
    mimetypes.init()
    reload(media_type_detection)


@pytest.mark.usefixtures("system_mime_types")
def test_the_type_does_not_depend_on_the_machine() -> None:
    """The machine's own table of types has no effect."""
    assert mimetypes.guess_type("a.unheard-of")[0] == "image/unheard-of"
    assert media_type_detection.detect_media_type("a.unheard-of", "", b"a") == UNKNOWN_TYPE


@pytest.mark.parametrize(
    "name",
    ["report.pdf", "季度 报告.pdf", 'a"b.txt', "100%.txt", "💐.png", "a;b=c.txt", "'.txt"],
)
def test_a_download_keeps_the_name(shared_mock: RunningMock, name: str) -> None:
    """`filename` has the name, and `filename*` (RFC 5987) if it is not ASCII (L242)."""
    made = upload_file(shared_mock, b"a", name)
    header = shared_mock.anonymous.get(made.path).headers["Content-Disposition"]
    kind, parameters = parse_options_header(header)
    assert made.answer["fileName"] == name
    assert (kind, parameters["filename"]) == ("inline", name)


@pytest.mark.parametrize("part", [{}, {"Range": "bytes=0-3"}], ids=["whole", "part"])
@pytest.mark.parametrize("name", ["page.html", "picture.svg", "a.png", "a"])
def test_whatever_is_served_is_sandboxed(
    shared_mock: RunningMock, name: str, part: dict[str, str]
) -> None:
    """Headers stop the browser from guessing a type and from running scripts (F13)."""
    made = upload_file(shared_mock, b"<script>alert(1)</script>", name)
    headers = shared_mock.anonymous.get(made.path, headers=part).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    policy = [words.split() for words in headers["Content-Security-Policy"].split(";")]
    assert ["default-src", "'none'"] in policy
    assert ["sandbox"] in policy
    assert not [words for words in policy if words[0].startswith("script-src")]


def test_a_page_that_was_uploaded_is_shown_and_its_script_does_not_run(
    shared_mock: RunningMock, tmp_path: Path
) -> None:
    """A browser shows text and style, runs no script and loads nothing (F13)."""
    page = (
        "<!doctype html><style>p { color: red }</style><p id='is'>到店须知</p>"
        "<img src='/api/v1/file/602'><script>document.title = 'it ran'</script>"
    )
    made = upload_file(shared_mock, page.encode(), "须知.html")
    seen = open_page(shared_mock.address + made.path, tmp_path)
    assert "到店须知</p>" in seen.dom
    assert "<title>it ran" not in seen.dom
    assert any("Blocked script execution" in line for line in seen.console)
    assert not any("inline style" in line for line in seen.console)
    assert f"{shared_mock.address}/api/v1/file/602" not in seen.requested


@pytest.mark.parametrize("sent", [opc_file("xl/workbook.xml"), ole2_file(*"abcdefgh", "Workbook")])
def test_a_damaged_document_has_some_type(sent: bytes) -> None:
    """Wherever a document is cut or a byte is changed, nothing is raised, and a type is found."""
    for place in range(0, len(sent), 3):
        media_type_detection.detect_media_type("a.xlsx", "", sent[:place])
        changed = sent[:place] + b"\xff" + sent[place + 1 :]
        assert media_type_detection.detect_media_type("a.xlsx", "", changed)
