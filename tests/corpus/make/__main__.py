"""The command that writes the files of the corpus: `make corpus-files`."""

from __future__ import annotations

import argparse
import importlib
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
import zlib
from pathlib import Path

from tests.corpus.make.archives import MOMENT, unzip

HERE = Path(__file__).parent
FILES = HERE.parent / "files"
MODULES = (
    "openpyxl_files",
    "openpyxl_structure",
    "xlsxwriter_files",
    "pandas_files",
    "xlwt_files",
    "text_files",
    "ooxml_files",
    "foreign_files",
    "broken_files",
    "export_files",
)
"""Modules with recipes: bytes by name of file."""
NODE_SCRIPTS = ("sheetjs.js", "exceljs.js")
UNREADABLE = (
    zipfile.BadZipFile, NotImplementedError, ValueError, RuntimeError, zlib.error, EOFError, OSError
)  # fmt: skip
"""Exceptions of reading a damaged archive, or a file that is no archive."""
NEVER_SAME = re.compile(r"password|libreoffice-pdf|(libreoffice|-as-).*\.(xls|ods|ots|pdf)$")
"""Files whose bytes are never the same twice: keys are random, LibreOffice writes moments."""


def main() -> int:
    """Write the files that are missing or have other content; return an exit code."""
    options = _build_parser().parse_args()
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder)
        _run_recipes(made)
        for script in NODE_SCRIPTS:
            subprocess.run([options.node, HERE / script, made], check=True)
        _run_libreoffice(options.uno_python, made)
        _replace_files(made, force=options.force)
    return 0


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="make corpus-files",
        description="Write the member files of the corpus. A file stays as it is unless its content"
        " has changed, apart from the moments at which programs say that they saved it.",
    )
    parser.add_argument("--node", default="node", help="Node.js; NODE_PATH has the packages")
    parser.add_argument(
        "--uno-python",
        default="/usr/bin/python3",
        help="a Python that has LibreOffice's module uno (default: %(default)s)",
    )
    parser.add_argument(
        "--force",
        action="store_true",
        help="write all files; those with a password and those of LibreOffice are otherwise kept",
    )
    return parser


def _run_recipes(folder: Path) -> None:
    for name in MODULES:
        for file, recipe in importlib.import_module(f"tests.corpus.make.{name}").RECIPES.items():
            target = folder / file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(recipe())


def _run_libreoffice(python: str, folder: Path) -> None:
    script = str(HERE / "libreoffice.py")
    subprocess.run([python, "-I", script, str(folder), str(folder)], check=True)


def _replace_files(made: Path, *, force: bool) -> None:
    new = {path.relative_to(made): path for path in made.rglob("*") if path.is_file()}
    for path in sorted(FILES.rglob("*")):
        if path.is_file() and path.relative_to(FILES) not in new:
            path.unlink()
            print(f"removed {path.relative_to(FILES)}")
    for name, path in sorted(new.items()):
        target = FILES / name
        if force or not target.exists() or not _has_same_content(name, target, path):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
            print(f"wrote {name}")


def _has_same_content(name: Path, one: Path, other: Path) -> bool:
    """Return whether two files differ at most in moments and random keys."""
    if NEVER_SAME.search(name.name) or one.read_bytes() == other.read_bytes():
        return True
    try:
        parts, others = unzip(one.read_bytes()), unzip(other.read_bytes())
    except UNREADABLE:
        return _without_moments(one.read_bytes()) == _without_moments(other.read_bytes())
    return [*map(_without_moments, parts.values())] == [*map(_without_moments, others.values())]


def _without_moments(content: bytes) -> bytes:
    return MOMENT.sub(b"", content)


if __name__ == "__main__":
    sys.exit(main())
