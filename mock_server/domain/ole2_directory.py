"""The directory of an OLE2 file (MS-CFB), which names its streams.

The formats of Office from before 2007 are OLE2 files, and so is every document with a password.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

OLE2_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEADER_BYTES = 512
ENTRY_BYTES = 128
MAX_DIRECTORY_SECTORS = 64
"""Sectors of the directory that are read: 256 streams or more."""
LAST_SECTOR = 0xFFFFFFFA
"""The greatest number of a sector; greater ones mark the end of a chain, for example."""


def read_stream_names(content: bytes) -> set[str]:
    """Return the names of an OLE2 file's streams and storages; a damaged file may have fewer."""
    found = set()
    for sector in _directory_sectors(content):
        for start in range(0, len(sector) - ENTRY_BYTES + 1, ENTRY_BYTES):
            # In bytes, with a NUL at the end.
            (size,) = struct.unpack_from("<H", sector, start + 64)
            if 2 < size <= 64:
                found.add(sector[start : start + size - 2].decode("utf-16-le", "replace"))
    return found


def lacks_directory(content: bytes) -> bool:
    """Return whether an OLE2 file ends before its directory, because it was cut."""
    if len(content) < HEADER_BYTES:
        return True
    (shift,) = struct.unpack_from("<H", content, 30)
    (sector,) = struct.unpack_from("<I", content, 48)
    return shift in (9, 12) and sector <= LAST_SECTOR and (sector + 1) << shift >= len(content)


def _directory_sectors(content: bytes) -> Iterator[bytes]:
    """Yield the sectors of the directory in the order of their chain."""
    if len(content) < HEADER_BYTES:
        return
    (shift,) = struct.unpack_from("<H", content, 30)
    (sector,) = struct.unpack_from("<I", content, 48)
    if shift not in (9, 12):
        return
    for _ in range(MAX_DIRECTORY_SECTORS):
        if sector > LAST_SECTOR:
            return
        start = (sector + 1) << shift
        yield content[start : start + (1 << shift)]
        sector = _next_sector(content, shift, sector)


def _next_sector(content: bytes, shift: int, sector: int) -> int:
    """Return the sector that follows in a chain, by the file allocation table."""
    entries = 1 << (shift - 2)
    place = sector // entries
    if place >= 109:  # further sectors of the table are listed elsewhere, in files of 7 MB or more
        return LAST_SECTOR + 1
    (table,) = struct.unpack_from("<I", content, 76 + 4 * place)
    at = ((table + 1) << shift) + 4 * (sector % entries)
    if table > LAST_SECTOR or at + 4 > len(content):
        return LAST_SECTOR + 1
    following: int = struct.unpack_from("<I", content, at)[0]
    return following
