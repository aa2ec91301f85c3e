"""A start reads the bundle that an earlier one has cached, if no file has changed since."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import openapi
from openapi.cache import cache_file_path, cached_document
from tests.openapi.editing import copy_contract, edit_file

GROUP_FILE = "components/schemas/notice-groups.yaml"
LOADED, EDITED = "type: object", "type: number"
"""A text of the file above, and another one of the same length."""


def copy_package(to: Path, source: Path = Path(openapi.__file__).parent) -> Path:
    """Return a copy of a package with the modification times of its files."""
    return Path(shutil.copytree(source, to, ignore=shutil.ignore_patterns("dist", "*.pyc")))


@pytest.fixture(scope="module")
def first_document() -> str:
    """The document that a start without a cache prints."""
    return openapi.dump(openapi.published_document(), "json")


@pytest.fixture(scope="module")
def started_package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package `openapi` that has been started once."""
    package = copy_package(tmp_path_factory.mktemp("started") / "openapi")
    for old in cache_files(package):
        old.unlink()
    load_in_new_process(package)
    return package


@pytest.fixture
def package(tmp_path: Path, started_package: Path) -> Path:
    """A copy of the started package, with its cache: it may be moved."""
    return copy_package(tmp_path / "openapi", started_package)


def run_python(package: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python with a copy of the package in place of ours."""
    environment = {n: v for n, v in os.environ.items() if n != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=package.parent,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def start_process(package: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m openapi` with a copy of the package."""
    return run_python(package, "-m", "openapi", "--format", "json", *options)


def load_in_new_process(package: Path, *options: str) -> str:
    """Return the document that a new process prints."""
    done = start_process(package, *options)
    assert done.returncode == 0, done.stderr
    return done.stdout


def edit_unnoticed(file: Path, old: str, new: str) -> None:
    """Replace a text of a file, whose modification time stays."""
    before = file.stat()
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def cache_files(package: Path) -> list[Path]:
    """Return the files of the cache."""
    return [*package.glob("__pycache__/*.json")]


def test_a_second_start_reads_what_the_first_one_kept(package: Path, first_document: str) -> None:
    """It does not see an edit that leaves time and length of a file, or a file without references.

    The document is the same, including the order of keys.
    """
    edit_unnoticed(package / GROUP_FILE, LOADED, EDITED)
    (package / "paths/more.yaml").write_text("{", encoding="utf-8")
    assert load_in_new_process(package) == first_document


@pytest.mark.whole
def test_each_language_and_strictness_is_kept_by_itself(package: Path, first_document: str) -> None:
    """Starts with other options neither use nor replace it."""
    choices = (("--lang", "en"), ("--strictness", "documented"))
    others = [load_in_new_process(package, *options) for options in choices]
    edit_unnoticed(package / GROUP_FILE, LOADED, EDITED)
    assert load_in_new_process(package) == first_document
    assert [load_in_new_process(package, *options) for options in choices] == others
    assert len({first_document, *others}) == 3


@pytest.mark.parametrize("change", ["time", "length", "code"])
def test_a_change_of_any_source_is_read(package: Path, first_document: str, change: str) -> None:
    """A changed modification time or length of a file, or a changed module of the package."""
    edit_unnoticed(package / GROUP_FILE, LOADED, EDITED)
    if change == "length":
        edit_unnoticed(package / GROUP_FILE, EDITED, f"{EDITED} ")
    else:
        changed = {"time": GROUP_FILE, "code": "bundler.py"}[change]
        os.utime(package / changed, ns=(1, 1))
    assert load_in_new_process(package) != first_document


def test_a_file_that_is_gone_is_missed(package: Path) -> None:
    """The cache does not stand for it."""
    (package / GROUP_FILE).unlink()
    done = start_process(package)
    assert done.returncode == 2
    assert f"{GROUP_FILE}: no such file" in done.stderr


@pytest.mark.whole
@pytest.mark.parametrize(
    "damage",
    [b"", b'{"stamp": [], "document": {}}', b"\xff", b"[" * 100_000],
    ids=["empty", "without sources", "not UTF-8", "nested deeply"],
)
def test_a_damaged_cache_is_written_again(
    package: Path, first_document: str, damage: bytes
) -> None:
    """The files are read once more, and only once."""
    (kept,) = cache_files(package)
    kept.write_bytes(damage)
    assert load_in_new_process(package) == first_document
    edit_unnoticed(package / GROUP_FILE, LOADED, EDITED)
    assert load_in_new_process(package) == first_document


def test_a_contract_of_a_user_is_not_kept(
    package: Path, first_document: str, tmp_path: Path
) -> None:
    """It neither uses nor replaces what is kept of ours, and nothing is written beside it."""
    users = copy_contract(tmp_path / "users")
    edit_file(users, GROUP_FILE, LOADED, EDITED)
    before = {*users.parent.rglob("*")}
    code = f"import openapi; print(openapi.dump(openapi.load({str(users)!r}), 'json'), end='')"
    for _ in range(2):
        done = run_python(package, "-c", code)
        assert done.stdout not in ("", openapi.dump(openapi.load(), "json")), done.stderr
    assert {*users.parent.rglob("*")} == before
    assert load_in_new_process(package) == first_document


def test_nothing_is_kept_where_python_keeps_nothing(package: Path) -> None:
    """PYTHONDONTWRITEBYTECODE disables the cache, too."""
    (kept,) = cache_files(package)
    kept.unlink()
    done = run_python(package, "-B", "-c", "import openapi; openapi.load()")
    assert done.returncode == 0, done.stderr
    assert not cache_files(package)


def test_a_folder_that_cannot_be_written_is_no_harm(package: Path, first_document: str) -> None:
    """An installation may be read-only; here, the folder of the cache is a file."""
    shutil.rmtree(package / "__pycache__")
    (package / "__pycache__").write_bytes(b"")
    assert load_in_new_process(package) == first_document


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of which a document is made, on a machine where Python keeps bytecode."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    made = tmp_path / "other.yaml"
    made.write_text("a: 1", encoding="utf-8")
    return made


def read_cached(source: Path) -> tuple[object, bool]:
    """Return the document, and whether the file was read for it."""
    reads: list[Path] = []

    def build() -> dict[str, object]:
        reads.append(source)
        return {"read": source.read_text(encoding="utf-8")}

    return cached_document(source, build)["read"], bool(reads)


def test_another_document_is_kept_until_its_file_changes(source: Path) -> None:
    """The contract of the control plane is read by this, which saves a tenth of the start."""
    assert read_cached(source) == ("a: 1", True)
    assert read_cached(source) == ("a: 1", False)
    source.write_text("a: 23", encoding="utf-8")
    assert read_cached(source) == ("a: 23", True)
    cache_file_path(source.stem, source.parent).write_bytes(b"{")
    assert read_cached(source) == ("a: 23", True)


def test_a_document_that_is_not_valid_is_not_kept(source: Path) -> None:
    """It is refused at every start."""

    def refuse() -> dict[str, object]:
        raise openapi.ContractError(source.name, "", "is not valid")

    for _ in range(2):
        with pytest.raises(openapi.ContractError):
            cached_document(source, refuse)
    assert not cache_file_path(source.stem, source.parent).exists()
