"""The files beside the pages."""

from __future__ import annotations

import io
import zipfile

from openapi.documentation.downloads import DIST, load_downloads


def test_the_collections_of_a_language_are_one_zip_file() -> None:
    """It has the files of the folder under their names, and the same bytes each time."""
    for lang in ("zh", "en"):
        content = load_downloads()[f"collections.{lang}.zip"]
        assert content == load_downloads()[f"collections.{lang}.zip"]
        made = zipfile.ZipFile(io.BytesIO(content))
        assert {"hypers.http", "members.csv", "bruno/bruno.json"} <= {*made.namelist()}
        for name in made.namelist():
            assert made.read(name) == (DIST / "collections" / lang / name).read_bytes()


def test_the_checksums_are_a_download() -> None:
    """So are the documents; the README of the folder is not."""
    names = {*load_downloads()}
    assert {"SHA256SUMS", "openapi.zh.json", "client-auth.en.yaml"} <= names
    assert "README.md" not in names
