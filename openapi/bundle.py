"""The contract as one document: its files joined, checked, translated, its rules written in."""

from __future__ import annotations

import pickle
import posixpath
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from openapi.cache import Fingerprint, cache_file, fingerprint_of, read_cache, write_cache
from openapi.loader import ContractError
from openapi.overlay import apply_overlay
from openapi.references import Bundler
from openapi.rules import write_rules
from openapi.strictness import loosen
from openapi.validation import check_document, check_version, complete_document

__all__ = ["ContractError", "Language", "StrictnessLevel", "load", "source_files"]

Language = Literal["zh", "en"]
StrictnessLevel = Literal["curated", "documented"]
CONTRACT_FOLDER = Path(__file__).parent.resolve()
ROOT_FILE = CONTRACT_FOLDER / "openapi.yaml"
OVERLAYS_KEY = "x-overlays"
"""Where a contract names the overlays of its languages; it is not part of the bundle."""


def load(
    root: str | Path = ROOT_FILE,
    *,
    lang: Language = "zh",
    strictness: StrictnessLevel = "curated",
    lenient: bool = False,
) -> dict[str, Any]:
    """The bundled contract: one OpenAPI 3.0 document without external references.

    Read are the file `root` and what its references lead to, no other. Every schema, parameter and
    response of another file that is used stands under `components`. Business rules, if there are
    any, stand under the root's `x-rules`, and each operation names its own in `x-rules` and lists
    them in its description. `lang` chooses the language of the texts, where the contract names an
    overlay for it (`x-overlays`). `strictness="documented"` takes back every constraint that the
    documents do not state (`x-inferred`): for holding a server against what its provider has
    promised, no more. `lenient` is for contracts that others wrote: an operation without an
    operationId gets one, and what is wrong with one operation is no error of the whole
    (`openapi.operation_faults`). The files are read once a process for each choice; each call
    returns a fresh dict.

    Raises ContractError naming file, line, JSON pointer and reason.
    """
    path = Path(root).resolve()
    content = _cached_contract(path, lang, strictness, lenient).content()
    document: dict[str, Any] = pickle.loads(content)  # noqa: S301 - our own bytes
    return document


def source_files(root: str | Path = ROOT_FILE) -> frozenset[Path]:
    """Return every file that the contract is made of, including missing ones.

    Of a contract that is broken: every file up to the one that stops its reader.
    """
    bundler = Bundler(Path(root).resolve())
    document: dict[str, Any] = {}
    with suppress(ContractError):
        document = bundler.bundle()
    named = document.get(OVERLAYS_KEY)
    overlays = named.values() if isinstance(named, dict) else ()
    return bundler.sources | {bundler.path(str(name)) for name in overlays}


class _CachedContract:
    """A contract as it was when its files were last read."""

    def __init__(
        self, root: Path, lang: Language, strictness: StrictnessLevel, lenient: bool
    ) -> None:
        self._choice = (root, lang, strictness, lenient)
        self._files: frozenset[Path] = frozenset()
        self._stamp: Fingerprint = ()
        self._content = b""

    def content(self) -> bytes:
        """The pickled document, read anew when a file has changed."""
        root, lang, strictness, lenient = self._choice
        if self._content and fingerprint_of(self._files, root.parent) == self._stamp:
            return self._content
        self._content = b""
        kept = cache_file(f"{root.stem}.{lang}.{strictness}", CONTRACT_FOLDER)
        # A folder of others gets no file of ours.
        is_ours = root.parent == CONTRACT_FOLDER and not lenient
        found = read_cache(kept, CONTRACT_FOLDER) if is_ours else None
        document, files = found or _load_uncached(root, lang, strictness, lenient=lenient)
        self._files = files
        self._stamp = fingerprint_of(files, root.parent)
        self._content = pickle.dumps(document)
        if is_ours and not found:
            write_cache(
                kept,
                fingerprint_of([*files, *CONTRACT_FOLDER.glob("*.py")], CONTRACT_FOLDER),
                document,
            )
        return self._content


@lru_cache(maxsize=8)
def _cached_contract(
    root: Path, lang: Language, strictness: StrictnessLevel, lenient: bool
) -> _CachedContract:
    return _CachedContract(root, lang, strictness, lenient)


def _load_uncached(
    root: Path, lang: Language, strictness: StrictnessLevel, *, lenient: bool = False
) -> tuple[dict[str, Any], frozenset[Path]]:
    """The document, and the files that were read for it."""
    bundler = Bundler(root)
    try:
        document = bundler.bundle()
        check_version(document, root.name)
        named = document.pop(OVERLAYS_KEY, {})
        rules = document.pop("x-rules", None)
        (complete_document if lenient else check_document)(document, bundler.origin)
        if lang != "zh" and isinstance(named, dict) and lang in named:
            name = posixpath.normpath(str(named[lang]))
            apply_overlay(document, bundler.file(name), name)
        if strictness == "documented":
            loosen(document)
        if rules is not None:
            write_rules(document, rules, lang, bundler.origin, lenient=lenient)
    except ContractError as error:
        raise error.with_line(bundler.path(error.file)) from error
    except RecursionError as error:
        raise ContractError(root.name, "", "it is nested too deeply") from error
    return document, bundler.sources
