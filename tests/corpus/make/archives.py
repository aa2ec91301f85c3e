"""Archives of workbooks: their parts, and changes to them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping

DATE = (2025, 1, 1, 0, 0, 0)
"""Date of all entries that are written here."""
SHEET1 = "xl/worksheets/sheet1.xml"
Parts = dict[str, bytes]
MOMENT = re.compile(rb"20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[+-][0-9:]+)?")
"""A moment as programs write into a file that they saved it."""


def unzip(content: bytes) -> Parts:
    """Return the entries of an archive in their order."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zip_parts(parts: Mapping[str, bytes | str], stored: tuple[str, ...] = ()) -> bytes:
    """Return an archive of these entries; those of `stored` are not compressed."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, part in parts.items():
            entry = zipfile.ZipInfo(name, DATE)
            entry.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(entry, part)
    return written.getvalue()


def without_moments(content: bytes) -> bytes:
    """Return an archive with the same moment in the properties of the document, and dates."""
    name = "docProps/core.xml"
    parts = unzip(content)
    return zip_parts({**parts, name: MOMENT.sub(b"2025-01-01T00:00:00Z", parts[name])})


def with_parts(content: bytes, parts: Mapping[str, bytes | str]) -> bytes:
    """Return a workbook with some parts replaced or added."""
    return zip_parts({**unzip(content), **parts})


def without_part(content: bytes, name: str) -> bytes:
    """Return a workbook that lacks a part."""
    return zip_parts({entry: part for entry, part in unzip(content).items() if entry != name})


def with_text(content: bytes, name: str, change: Callable[[str], str]) -> bytes:
    """Return a workbook with the text of a part changed. Raises ValueError if nothing changes."""
    parts = unzip(content)
    before = parts[name].decode()
    after = change(before)
    if after == before:
        raise ValueError(f"{name} is as it was")
    return zip_parts({**parts, name: after.encode()})
