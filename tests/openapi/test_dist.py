"""The committed documents are what the contract gives, and their checksums are right."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

from openapi import dist
from openapi.request_collections import files
from tests.openapi.walking import Node, load_yaml

DOCUMENTS = sorted(path.name for path in dist.FOLDER.glob("*.*") if path.suffix != ".md")


@pytest.fixture(scope="module")
def rendered() -> dict[str, bytes]:
    """The files that the command writes, by name."""
    return dict(dist.render_documents())


def test_the_committed_documents_are_up_to_date(rendered: dict[str, bytes]) -> None:
    """After a change of the contract, `python -m openapi.dist` writes them again."""
    stale = [n for n, content in rendered.items() if (dist.FOLDER / n).read_bytes() != content]
    assert not stale, "run python -m openapi.dist"
    assert {*DOCUMENTS, dist.CHECKSUMS_FILE} == {*rendered}


@pytest.mark.whole
def test_yaml_and_json_of_a_document_are_equal(rendered: dict[str, bytes]) -> None:
    """Each language and document exists in both formats."""
    read: Node = {}
    for name, content in rendered.items():
        if name.endswith(".json"):
            read[name] = json.loads(content)
            assert load_yaml(rendered[name.replace(".json", ".yaml")].decode()) == read[name]
    assert len(read) == 6


def test_the_checksums_are_those_of_the_files() -> None:
    """`sha256sum --check SHA256SUMS` accepts them."""
    lines = (dist.FOLDER / dist.CHECKSUMS_FILE).read_text(encoding="utf-8").splitlines()
    assert sorted(line.split("  ")[1] for line in lines) == DOCUMENTS
    for line in lines:
        digest, name = line.split("  ")
        assert hashlib.sha256((dist.FOLDER / name).read_bytes()).hexdigest() == digest


def test_the_readme_names_every_document() -> None:
    """It says in both languages which is for clients, and which for reading."""
    text = (dist.FOLDER / "README.md").read_text(encoding="utf-8")
    for part in text.split("\n## ")[1:]:
        assert {*re.findall(r"`([a-z-]+)\.\{zh,en\}\.\{yaml,json\}`", part)} == {*dist.CLIENTS}


def test_check_names_stale_files_and_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--check` exits with 1; the command itself writes the files."""
    small = [("openapi.zh.json", b"{}\n"), ("SHA256SUMS", b"-\n")]
    monkeypatch.setattr(dist, "render_documents", lambda: iter(small))
    monkeypatch.setattr(dist, "FOLDER", tmp_path / "dist")
    monkeypatch.setattr(files, "render_collections", lambda: iter([("en/a.http", b"a")]))
    monkeypatch.setattr(dist.stale_files, "__defaults__", (tmp_path / "dist",))
    assert dist.main(["--check"]) == 1
    assert "openapi.zh.json, SHA256SUMS, collections/en/a.http; run" in capsys.readouterr().err
    assert dist.main([]) == 0
    assert dist.main(["--check"]) == 0
    (tmp_path / "dist/SHA256SUMS").write_bytes(b"other")
    assert dist.main(["--check"]) == 1
