"""Files of the contract that lie beside the pages."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

from openapi.contract_loading import CONTRACT_FOLDER

DIST = CONTRACT_FOLDER / "dist"
FOLDER = "contract"
"""Folder of the files, beside those of the languages."""
CLIENT_PREFIX = "client-"
COLLECTIONS = "collections"
"""Folder of the collections of requests, which become a zip file for each language."""
PUBLISHED = (".yaml", ".json", "")
"""Ends of the names of published files; the checksums have none."""


@dataclass(frozen=True, slots=True)
class ContractDownload:
    """A file, with its size in bytes."""

    name: str
    size: int

    @property
    def for_clients(self) -> bool:
        """Return whether the file is meant for generators of clients."""
        return self.name.startswith(CLIENT_PREFIX)

    @property
    def is_collection(self) -> bool:
        """Return whether the file has collections of requests."""
        return self.name.startswith(COLLECTIONS)


def load_downloads(folder: Path = DIST) -> dict[str, bytes]:
    """Return the content of each published file by its name."""
    files = sorted(path for path in folder.iterdir() if path.suffix in PUBLISHED)
    documents = {path.name: path.read_bytes() for path in files if path.is_file()}
    collections = sorted(path for path in folder.glob(f"{COLLECTIONS}/*") if path.is_dir())
    return documents | {f"{COLLECTIONS}.{each.name}.zip": _zip_folder(each) for each in collections}


def _zip_folder(folder: Path) -> bytes:
    """Return a zip file of a folder's files; the same files make the same bytes."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix())  # dated 1980
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            made.writestr(entry, path.read_bytes())
    return content.getvalue()
