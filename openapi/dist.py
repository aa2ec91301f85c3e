"""Write the published documents to `openapi/dist/`, with their checksums, and the collections.

`python -m openapi.dist [--check]`
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from openapi.argument_parser import CommandLineParser
from openapi.command_runner import print_error, run_command
from openapi.languages import LANGUAGES
from openapi.published_documents import published_document
from openapi.request_collections.files import stale_collections, write_collections
from openapi.serialization import dump

PROGRAM = "python -m openapi.dist"
FOLDER = Path(__file__).parent / "dist"
CHECKSUMS_FILE = "SHA256SUMS"
COLLECTIONS = "collections"
"""Name of the folder with the collections of requests."""
CLIENTS = {"openapi": None, "client-auth": "auth", "client-business": "business"}
"""Names of the documents, each with its client; None is the whole contract."""
FORMATS = ("yaml", "json")
STALE = 1
"""Exit code of `--check` when a file is not up to date."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the documents, or compare them, and return the exit code."""
    return run_command(PROGRAM, lambda: _write_documents, arguments, interrupted=130)


def render_documents() -> Iterator[tuple[str, bytes]]:
    """Yield the name and content of each file of the folder; the checksums are the last one."""
    sums = []
    for stem, client in CLIENTS.items():
        for lang in LANGUAGES:
            document = published_document(client, lang=lang)
            for form in FORMATS:
                name, content = f"{stem}.{lang}.{form}", dump(document, form).encode()
                sums.append(f"{hashlib.sha256(content).hexdigest()}  {name}\n")
                yield name, content
    yield CHECKSUMS_FILE, "".join(sums).encode()


def stale_files(folder: Path = FOLDER) -> list[str]:
    """Return the names of files that are missing or differ from what the contract gives."""
    return [
        name
        for name, content in render_documents()
        if not (folder / name).is_file() or (folder / name).read_bytes() != content
    ]


def _write_documents(arguments: Sequence[str] | None) -> int:
    command_line = CommandLineParser(
        prog=PROGRAM, description="Write the published documents to openapi/dist/."
    )
    command_line.add_argument(
        "--check", action="store_true", help="only list the files that are not up to date"
    )
    if command_line.parse_args(arguments).check:
        stale = stale_files()
        stale += [f"{COLLECTIONS}/{name}" for name in stale_collections(FOLDER / COLLECTIONS)]
        if stale:
            print_error(PROGRAM, f"not up to date: {', '.join(stale)}; run {PROGRAM}")
        return STALE if stale else 0
    FOLDER.mkdir(exist_ok=True)
    for name, content in render_documents():
        (FOLDER / name).write_bytes(content)
    write_collections(FOLDER / COLLECTIONS)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
