"""Damage to files, as seeded random changes of their bytes and parts."""

from __future__ import annotations

import io
import random
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence

MAX_BASE_BYTES = 30_000
"""Larger files are not damaged: what takes long with them takes long undamaged."""
Mutation = Callable[[random.Random, bytes], bytes]
Parts = dict[str, bytes]


def truncate(rng: random.Random, content: bytes) -> bytes:
    """Return the beginning of a file."""
    return content[: rng.randrange(len(content))]


def flip_bits(rng: random.Random, content: bytes) -> bytes:
    """Return a file in which up to 16 bits are others."""
    changed = bytearray(content)
    for _ in range(rng.randint(1, 16)):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def replace_bytes(rng: random.Random, content: bytes) -> bytes:
    """Return a file in which a piece is random."""
    begin = rng.randrange(len(content))
    piece = rng.randbytes(rng.randint(1, 200))
    return content[:begin] + piece + content[begin + len(piece) :]


def remove_bytes(rng: random.Random, content: bytes) -> bytes:
    """Return a file without a piece."""
    begin = rng.randrange(len(content))
    return content[:begin] + content[begin + rng.randint(1, 500) :]


def repeat_bytes(rng: random.Random, content: bytes) -> bytes:
    """Return a file in which a piece occurs several times."""
    begin = rng.randrange(len(content))
    piece = content[begin : begin + rng.randint(1, 500)]
    return content[:begin] + piece * rng.randint(2, 20) + content[begin:]


def swap_parts(rng: random.Random, content: bytes) -> bytes:
    """Return an archive in which two parts have each other's content."""
    parts = _unzip(content)
    if len(parts) < 2:
        return truncate(rng, content)
    one, other = rng.sample(sorted(parts), 2)
    return _zip({**parts, one: parts[other], other: parts[one]})


def remove_part(rng: random.Random, content: bytes) -> bytes:
    """Return an archive without one of its parts."""
    parts = _unzip(content)
    if not parts:
        return remove_bytes(rng, content)
    missing = rng.choice(sorted(parts))
    return _zip({name: part for name, part in parts.items() if name != missing})


def damage_part(rng: random.Random, content: bytes) -> bytes:
    """Return an archive with one part damaged, and everything around it whole."""
    parts = {name: part for name, part in _unzip(content).items() if part}
    if not parts:
        return flip_bits(rng, content)
    name = rng.choice(sorted(parts))
    change = rng.choice(
        (truncate, flip_bits, replace_bytes, remove_bytes, repeat_bytes, change_number)
    )
    return _zip({**parts, name: change(rng, parts[name])})


def change_number(rng: random.Random, content: bytes) -> bytes:
    """Return a text in which a number is another one, such as one far too large."""
    places = [at for at, byte in enumerate(content) if 0x30 <= byte <= 0x39]
    if not places:
        return flip_bits(rng, content)
    at = rng.choice(places)
    number = rng.choice((b"0", b"-1", b"1e999", b"99999999999", b"1048577", b"nan", b"2147483648"))
    return content[:at] + number + content[at + 1 :]


MUTATIONS: Sequence[Mutation] = (
    truncate,
    flip_bits,
    replace_bytes,
    remove_bytes,
    repeat_bytes,
    swap_parts,
    remove_part,
    damage_part,
    damage_part,
    change_number,
)
"""All kinds of damage; the one that reaches the readers of XML is drawn twice as often."""


def _unzip(content: bytes) -> Parts:
    """Return the parts of an archive; none if the file is no archive that can be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, OSError, ValueError):
        return {}


def _zip(parts: Mapping[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name), part)
    return written.getvalue()
