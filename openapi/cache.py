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

Fingerprint = tuple[tuple[str, int, int], ...]
"""Path, modification time in nanoseconds and length of every source; 0 and -1 of one not there."""


def fingerprint_of(sources: Iterable[Path], folder: Path) -> Fingerprint:
    """Return the present state of these files, by their paths from `folder`, in that order."""
    return tuple(
        (os.path.relpath(source, folder), *_mtime_and_size(source)) for source in sorted(sources)
    )


def _mtime_and_size(source: Path) -> tuple[int, int]:
    try:
        about = source.stat()
    except (OSError, ValueError):
        return 0, -1
    return about.st_mtime_ns, about.st_size


def cache_file(name: str, folder: Path) -> Path:
    """Return the file that keeps what came of the sources in a folder."""
    return folder / "__pycache__" / f"{name}.json"


def read_cache(file: Path, folder: Path) -> tuple[dict[str, Any], frozenset[Path]] | None:
    """The document that was kept, and its sources, in `folder`.

    None when a source has changed, and when what was kept is damaged or not there.
    """
    try:
        kept = json.loads(file.read_bytes())
        document: dict[str, Any] = kept["document"]
        stamp = [*map(tuple, kept["stamp"])]
        unchanged = all(
            _mtime_and_size(folder / name) == (time, size) for name, time, size in stamp
        )
    except (OSError, ValueError, LookupError, TypeError):
        return None
    files = frozenset(folder / name for name, *_ in stamp)
    return (document, files) if stamp and unchanged else None


def write_cache(file: Path, stamp: Fingerprint, document: dict[str, Any]) -> None:
    """Keep a document, where that is possible; whoever reads meanwhile finds the one before."""
    if sys.dont_write_bytecode:
        return
    text = json.dumps({"stamp": stamp, "document": document}, ensure_ascii=False)
    written = file.with_name(f"{file.name}.{os.getpid()}")
    with suppress(OSError):  # an installation may be read-only
        file.parent.mkdir(exist_ok=True)
        written.write_text(text, encoding="utf-8")
        written.replace(file)
