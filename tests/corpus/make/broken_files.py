"""Files that were cut, damaged on their way, locked with a password, or made to do harm."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import msoffcrypto
from msoffcrypto.format.ooxml import OOXMLFile

from tests.corpus.make import xlsxwriter_files, xlwt_files
from tests.corpus.make.archives import SHEET1, unzip, with_parts, with_text, without_part, zip_parts
from tests.corpus.make.lists import LIST, SHEET, numbered_rows
from tests.corpus.make.ooxml_files import rows_xml, sheet_xml, workbook_parts
from tests.corpus.make.openpyxl_files import written
from tests.corpus.make.text_files import delimited

PASSWORD = "123456"
TEXTS = "xl/sharedStrings.xml"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
ZIP_BOMB_BYTES = 220 * 2**20


def _plain() -> bytes:
    return written(LIST)


def _large() -> bytes:
    return written(numbered_rows(400))


def _shared() -> bytes:
    """Return a workbook whose texts are in a part of their own."""
    return xlsxwriter_files.written(numbered_rows(400))


def _with_password(content: bytes) -> bytes:
    target = io.BytesIO()
    OOXMLFile(io.BytesIO(content)).encrypt(PASSWORD, target)
    if not msoffcrypto.OfficeFile(io.BytesIO(target.getvalue())).is_encrypted():
        raise ValueError("the file has no password")
    return target.getvalue()


def _locked_xls() -> bytes:
    # BOF is followed by FILEPASS (0x2F): what follows it is encrypted, and nobody needs to read it.
    content = xlwt_files.written((SHEET, LIST))
    begin = content.index(b"\x09\x08\x10\x00\x00\x06\x05\x00")
    end = begin + 20
    locked = b"\x2f\x00\x36\x00\x01\x00\x01\x00\x01\x00" + bytes(range(48))
    return content[:end] + locked + content[end + len(locked) :]


def _in_entry(content: bytes, name: str, change: Callable[[bytearray, int, int], None]) -> bytes:
    """Return the archive after a change to the packed bytes of an entry, from begin to end."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entry = archive.getinfo(name)
    changed = bytearray(content)
    names = int.from_bytes(content[entry.header_offset + 26 :][:2], "little")
    extra = int.from_bytes(content[entry.header_offset + 28 :][:2], "little")
    begin = entry.header_offset + 30 + names + extra
    change(changed, begin, begin + entry.compress_size)
    return bytes(changed)


def _flip(changed: bytearray, begin: int, end: int) -> None:
    for at in range(begin + (end - begin) // 3, end, 7):
        changed[at] ^= 0x55


def _zip_with_password() -> bytes:
    # The flag of encryption, as WinZip sets it; what is packed stays as it is.
    changed = bytearray(zip_parts({"list.csv": delimited(LIST)}))
    changed[6] |= 1
    changed[changed.index(b"PK\1\2") + 8] |= 1
    return bytes(changed)


def _other_method() -> bytes:
    changed = bytearray(_plain())
    at = 0
    while (at := changed.find(b"PK\1\2", at + 1)) > 0:
        changed[at + 10] = 93
    return bytes(changed)


def _locked_ods() -> bytes:
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return zip_parts({
        "mimetype": kind,
        "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{manifest}">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"'
        ' manifest:size="4000"><manifest:encryption-data manifest:checksum="AAAA"/>'
        "</manifest:file-entry></manifest:manifest>",
        "content.xml": bytes((31 * n * n + 7 * n) % 256 for n in range(900)),
    }, stored=("mimetype", "content.xml"))  # fmt: skip


def _doctype(entities: str, text: str) -> bytes:
    sheet = sheet_xml(rows_xml([["userId"], [text]]))
    head, _, rest = sheet.partition("<worksheet")
    return zip_parts(workbook_parts(f"{head}<!DOCTYPE worksheet [{entities}]><worksheet{rest}"))


RECIPES: dict[str, Callable[[], bytes]] = {
    "broken/password.xlsx": lambda: _with_password(_plain()),
    "broken/password-named-docx.docx": lambda: _with_password(_plain()),
    "broken/password-without-suffix": lambda: _with_password(_plain()),
    "broken/password.xls": _locked_xls,
    "broken/password-by-hand.ods": _locked_ods,
    "broken/password.zip": _zip_with_password,
    "broken/truncated-half.xlsx": lambda: _large()[: len(_large()) // 2],
    "broken/truncated-end.xlsx": lambda: _large()[:-100],
    "broken/truncated-start.xlsx": lambda: _large()[:300],
    "broken/truncated.xls": lambda: xlwt_files.written((SHEET, numbered_rows(400)))[:9_000],
    "broken/truncated-start.xls": lambda: xlwt_files.written((SHEET, LIST))[:400],
    "broken/without-its-first-bytes.xlsx": lambda: _large()[600:],
    "broken/bytes-before-the-archive.xlsx": lambda: b"\r\n\r\n" + _plain(),
    "broken/bytes-after-the-archive.xlsx": lambda: _plain() + b"\r\n" * 20,
    "broken/sheet-not-closed.xlsx": lambda: with_text(
        _plain(), SHEET1, lambda text: text[: len(text) // 2]
    ),
    "broken/sheet-no-xml.xlsx": lambda: with_parts(_plain(), {SHEET1: "no xml"}),
    "broken/sheet-empty-part.xlsx": lambda: with_parts(_plain(), {SHEET1: ""}),
    "broken/sheet-missing.xlsx": lambda: without_part(_plain(), SHEET1),
    "broken/sheet-bytes-flipped.xlsx": lambda: _in_entry(_large(), SHEET1, _flip),
    "broken/texts-bytes-flipped.xlsx": lambda: _in_entry(_shared(), TEXTS, _flip),
    "broken/texts-missing.xlsx": lambda: without_part(_shared(), TEXTS),
    "broken/text-index-beyond-the-last.xlsx": lambda: with_text(
        _shared(), SHEET1, lambda text: text.replace("<v>7</v>", "<v>99999</v>")
    ),
    "broken/workbook-part-missing.xlsx": lambda: without_part(_plain(), "xl/workbook.xml"),
    "broken/workbook-part-no-xml.xlsx": lambda: with_parts(_plain(), {"xl/workbook.xml": "<<<"}),
    "broken/relations-missing.xlsx": lambda: without_part(_plain(), "xl/_rels/workbook.xml.rels"),
    "broken/styles-no-xml.xlsx": lambda: with_parts(_plain(), {"xl/styles.xml": "<<<"}),
    "broken/no-directory-of-entries.xlsx": lambda: _plain()[: _plain().index(b"PK\1\2")],
    "broken/unknown-compression.xlsx": _other_method,
    "broken/empty-archive.xlsx": lambda: zip_parts({}),
    "broken/parts-swapped.xlsx": lambda: with_parts(
        _plain(), {SHEET1: unzip(_plain())["xl/workbook.xml"]}
    ),
    "broken/row-number-in-words.xlsx": lambda: with_text(
        _plain(), SHEET1, lambda text: text.replace('r="A2"', 'r="A zwei"')
    ),
    "limits/unpacked-220-mb.xlsx": lambda: with_parts(
        _plain(), {"xl/media/image1.bmp": bytes(ZIP_BOMB_BYTES)}
    ),
    "limits/billion-laughs.xlsx": lambda: _doctype('<!ENTITY l0 "ha">' + LAUGHS, "&l9;"),
    "limits/file-of-the-machine.xlsx": lambda: _doctype(
        '<!ENTITY a SYSTEM "file:///etc/hostname">', "&a;"
    ),
}
