"""The bundled contract of an earlier start, kept beside Python's own bytecode.

To read and join the contract's files takes a third of a mock's start; to read what came of it, a
tenth of that. As with bytecode, what is kept counts only as long as its sources are as they were,
by name, time and length.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

Stamp = tuple[tuple[str, int, int], ...]
"""Path, modification time in nanoseconds and length of every source."""


def stamp_of(sources: Iterable[Path]) -> Stamp:
    """What these files are at this moment, in the order of their names."""
    found = ((source, source.stat()) for source in sorted(sources))
    return tuple((str(source), about.st_mtime_ns, about.st_size) for source, about in found)


def read_kept(file: Path, stamp: Stamp) -> dict[str, Any] | None:
    """The document that was kept for these sources; None when there is none, or it is damaged."""
    try:
        kept = json.loads(file.read_bytes())
        document: dict[str, Any] = kept["document"]
        return document if kept["stamp"] == [*map(list, stamp)] else None
    except (OSError, ValueError, LookupError, TypeError):
        return None


def keep(file: Path, stamp: Stamp, document: dict[str, Any]) -> None:
    """Keep a document, where that is possible; whoever reads meanwhile finds the one before."""
    if sys.dont_write_bytecode:
        return
    text = json.dumps({"stamp": stamp, "document": document}, ensure_ascii=False)
    written = file.with_name(f"{file.name}.{os.getpid()}")
    with suppress(OSError):  # an installation may be read-only
        file.parent.mkdir(exist_ok=True)
        written.write_text(text, encoding="utf-8")
        written.replace(file)
