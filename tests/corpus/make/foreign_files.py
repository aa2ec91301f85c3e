"""Files of other formats under the names of workbooks, by hand."""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import zlib
from collections.abc import Callable

from tests.corpus.make.archives import zip_parts
from tests.corpus.make.lists import HEADER, LIST, MEMBERS
from tests.corpus.make.text_files import delimited

MIME_HEAD = (
    b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n'
    b"--b\r\nContent-Type: text/html\r\n\r\n"
)
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"


def html_table(charset: str = "utf-8") -> bytes:
    """Return a page with the list, as web applications send it for Excel."""
    rows = "".join(
        "<tr>" + "".join(f"<td>{value}</td>" for value in row) + "</tr>\n" for row in LIST
    )
    head = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">'
    office = 'xmlns:x="urn:schemas-microsoft-com:office:excel"'
    page = f"<html {office}><head>{head}</head><body><table>\n{rows}</table></body></html>\n"
    return page.encode(charset)


def xml_spreadsheet() -> bytes:
    """Return the list as XML Spreadsheet 2003."""
    rows = "".join(
        "<Row>"
        + "".join(f'<Cell><Data ss:Type="String">{value}</Data></Cell>' for value in row)
        + "</Row>\n"
        for row in LIST
    )
    return (
        '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
        ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">\n'
        f'<Worksheet ss:Name="名单"><Table>\n{rows}</Table></Worksheet></Workbook>\n'
    ).encode()


def png() -> bytes:
    """Return a picture of one white pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        sum_ = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", sum_)

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0\xff")
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def _office_document(main_type: str, part: str) -> bytes:
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    return zip_parts({
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/{part}" ContentType="{main_type}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1"'
        f' Type="{relation}" Target="{part}"/></Relationships>',
        part: "<document/>",
    })  # fmt: skip


def _dbf() -> bytes:
    fields = [name.encode("ascii", "ignore")[:10] or b"GIFT" for name in HEADER]
    width = 20
    head = struct.pack("<BBBBIHH20x", 3, 125, 1, 1, len(MEMBERS), 33 + 32 * len(fields),
                       1 + width * len(fields))  # fmt: skip
    described = b"".join(
        name.upper().ljust(11, b"\0") + b"C" + bytes(4) + bytes([width]) + bytes(15)
        for name in fields
    )
    rows = b"".join(
        b" " + b"".join(str(value).encode("gbk").ljust(width) for value in row) for row in MEMBERS
    )
    return head + described + b"\r" + rows + b"\x1a"


def _tar() -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        content = delimited(LIST).encode()
        entry = tarfile.TarInfo("list.csv")
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    return target.getvalue()


def _owner_file() -> bytes:
    """Return the hidden file that Excel keeps beside an open workbook, with the user's name."""
    name = "张丽"
    narrow = bytes([2 * len(name)]) + name.encode("gbk")
    wide = struct.pack("<H", len(name)) + name.encode("utf-16-le")
    return narrow.ljust(55, b" ") + wide + b" \0" * ((110 - len(wide)) // 2)


def _rtf() -> bytes:
    lines = "".join("\\tab ".join(map(str, row[:3])) + "\\par\n" for row in LIST)
    return f"{{\\rtf1\\ansi\n{lines}}}\n".encode()


RECIPES: dict[str, Callable[[], bytes]] = {
    "foreign/html-table.xls": html_table,
    "foreign/html-table-gbk.xls": lambda: html_table("gbk"),
    "foreign/html-table-named-xlsx.xlsx": lambda: b"\xef\xbb\xbf\r\n" + html_table(),
    "foreign/html-fragment.xls": lambda: b"<table><tr><td>userId</td></tr></table>",
    "foreign/login-page.xlsx": "<!DOCTYPE html>\n<title>请登录</title>\n".encode,
    "foreign/mhtml.xls": lambda: MIME_HEAD + html_table() + b"\r\n--b--\r\n",
    "foreign/xml-spreadsheet.xls": xml_spreadsheet,
    "foreign/xml-spreadsheet-named-xlsx.xlsx": xml_spreadsheet,
    "foreign/rows.xml": lambda: b'<?xml version="1.0"?><rows><row userId="U90001"/></rows>',
    "foreign/records.json": lambda: b'[{"userId": "U90001", "nickname": "a"}]\n',
    "foreign/json-named-csv.csv": lambda: b'{"members": [{"userId": "U90001"}]}\n',
    "foreign/picture.png": png,
    "foreign/picture-named-xlsx.xlsx": png,
    "foreign/photo-named-xls.xls": lambda: b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1" + bytes(200),
    "foreign/document.docx": lambda: _office_document(WORD, "word/document.xml"),
    "foreign/document-named-xlsx.xlsx": lambda: _office_document(WORD, "word/document.xml"),
    "foreign/slides.pptx": lambda: _office_document(SLIDES, "ppt/presentation.xml"),
    "foreign/rich-text.rtf": _rtf,
    "foreign/list-in-a-zip.zip": lambda: zip_parts({"list.csv": delimited(LIST)}),
    "foreign/list-in-a-zip-named-xlsx.xlsx": lambda: zip_parts({"名单.csv": delimited(LIST)}),
    "foreign/list-in-gzip.csv.gz": lambda: gzip.compress(delimited(LIST).encode(), mtime=0),
    "foreign/list-in-tar.tar": _tar,
    "foreign/rar-named-xlsx.xlsx": lambda: b"Rar!\x1a\x07\x01\0" + bytes(100),
    "foreign/seven-zip.7z": lambda: b"7z\xbc\xaf\x27\x1c\0\x04" + bytes(100),
    "foreign/numbers.numbers": lambda: zip_parts({
        "Index/Document.iwa": bytes(40), "Index/Tables/DataList.iwa": bytes(40),
        "Metadata/Properties.plist": "<plist/>",
    }),
    "foreign/dbase.dbf": _dbf,
    "foreign/random-bytes.xlsx": lambda: bytes((7 * n * n + 13 * n) % 256 for n in range(2_000)),
    "foreign/program-named-xlsx.xlsx": lambda: b"MZ\x90\0" + bytes(500) + b"PE\0\0" + bytes(100),
    "foreign/owner-file.xlsx": _owner_file,
    "foreign/sylk.slk": lambda: b"ID;PWXL;N;E\r\nC;Y1;X1;K\"userId\"\r\nE\r\n",
    "foreign/empty.xlsx": lambda: b"",
    "foreign/empty.csv": lambda: b"",
}  # fmt: skip
