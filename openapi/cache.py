"""Cache of contracts as they are used, stored beside Python's bytecode.

Reading and joining the contract's files takes a third of the mock's start; reading the cache takes
a tenth of that. Like bytecode, the cache is valid while its sources have the same names,
modification times and lengths.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

Fingerprint = tuple[tuple[str, int, int], ...]
"""Path, modification time in nanoseconds and length of each source; 0 and -1 if it is missing."""


def fingerprint_of(sources: Iterable[Path], folder: Path) -> Fingerprint:
    """Return the state of the files, sorted; paths are relative to `folder`."""
    return tuple(
        (os.path.relpath(source, folder), *mtime_and_size(source)) for source in sorted(sources)
    )


def mtime_and_size(source: Path) -> tuple[int, int]:
    """Return modification time in nanoseconds and length of a file; 0 and -1 if it is missing."""
    try:
        about = source.stat()
    except (OSError, ValueError):
        return 0, -1
    return about.st_mtime_ns, about.st_size


def cache_file_path(name: str, folder: Path) -> Path:
    """Return the path of the cache file for sources in `folder`."""
    return folder / "__pycache__" / f"{name}.json"


def read_cache(file: Path, folder: Path) -> tuple[dict[str, Any], frozenset[Path]] | None:
    """Return the cached document and the paths of its sources, which are below `folder`.

    None if a source has changed, or if the cache is missing or damaged.
    """
    try:
        kept = json.loads(file.read_bytes())
        document: dict[str, Any] = kept["document"]
        stamp = [*map(tuple, kept["stamp"])]
        unchanged = all(mtime_and_size(folder / name) == (time, size) for name, time, size in stamp)
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return None
    files = frozenset(folder / name for name, *_ in stamp)
    return (document, files) if stamp and unchanged else None


def cached_document(source: Path, build: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return `build()`, from the cache as long as the file that it reads is unchanged.

    The document must be JSON, and `build` must raise for a document that is not valid.
    """
    file = cache_file_path(source.stem, source.parent)
    if found := read_cache(file, source.parent):
        return found[0]
    stamp = fingerprint_of([source], source.parent)
    document = build()
    write_cache(file, stamp, document)
    return document


def write_cache(file: Path, stamp: Fingerprint, document: dict[str, Any]) -> None:
    """Write a document to the cache, if the folder is writable.

    The file is replaced in one step: a concurrent reader gets the old one or the new one.
    """
    if sys.dont_write_bytecode:  # a user who wants no bytecode wants no other cache either
        return
    # JSON, because loading a pickle runs code, and others may be able to write to the folder.
    text = json.dumps({"stamp": stamp, "document": document}, ensure_ascii=False)
    # A name for each process: tests start several mocks at once.
    written = file.with_name(f"{file.name}.{os.getpid()}")
    with suppress(OSError):  # an installation may be read-only
        file.parent.mkdir(exist_ok=True)
        written.write_text(text, encoding="utf-8")
        written.replace(file)
