"""Loading the contract as one document: join its files, check, translate, add the rules."""

from __future__ import annotations

import pickle
import posixpath
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from openapi.cache import Fingerprint, cache_file_path, fingerprint_of, read_cache, write_cache
from openapi.loader import ContractError
from openapi.overlay import apply_overlay
from openapi.references import Bundler
from openapi.rules import add_rules
from openapi.strictness import loosen
from openapi.validation import check_document, check_version, complete_document

__all__ = ["ContractError", "Language", "StrictnessLevel", "load", "source_files"]

Language = Literal["zh", "en"]
StrictnessLevel = Literal["curated", "documented"]
CONTRACT_FOLDER = Path(__file__).parent.resolve()
ROOT_FILE = CONTRACT_FOLDER / "openapi.yaml"
OVERLAYS_KEY = "x-overlays"
"""Root key with the overlay of each language; removed from the bundle."""


def load(
    root: str | Path = ROOT_FILE,
    *,
    lang: Language = "zh",
    strictness: StrictnessLevel = "curated",
    lenient: bool = False,
) -> dict[str, Any]:
    """Return the bundled contract: one OpenAPI 3.0 document without external references.

    root: the only file that is read, apart from those that its references lead to. The schemas,
        parameters and responses of other files are moved to `components`.
    lang: the language of the texts, if the contract has an overlay for it (`x-overlays`).
    strictness: `documented` removes every constraint that the documents do not state
        (`x-inferred`), to compare a server only with what its provider has promised.
    lenient: for contracts from elsewhere. An operation without an operationId gets one, and an
        error in a single operation is left to `openapi.find_operation_faults`.

    The business rules, if any, are the root's `x-rules`; each operation has the ids of its rules in
    `x-rules`, and their sentences in its description. The files are read once per process for each
    combination of arguments, and again when one has changed; each call returns a new dict.

    Raises ContractError with file, line, JSON pointer and reason.
    """
    path = Path(root).resolve()
    content = _cached_contract(path, lang, strictness, lenient).content()
    document: dict[str, Any] = pickle.loads(content)  # noqa: S301 - our own bytes
    return document


def source_files(root: str | Path = ROOT_FILE) -> frozenset[Path]:
    """Return every file of the contract, including missing ones.

    For a broken contract, these are the files up to the first that cannot be read.
    """
    bundler = Bundler(Path(root).resolve())
    document: dict[str, Any] = {}
    with suppress(ContractError):
        document = bundler.bundle()
    named = document.get(OVERLAYS_KEY)
    overlays = named.values() if isinstance(named, dict) else ()
    return bundler.sources | {bundler.source_path(str(name)) for name in overlays}


class _CachedContract:
    """A bundled contract, with the state of its files when they were last read."""

    def __init__(
        self, root: Path, lang: Language, strictness: StrictnessLevel, lenient: bool
    ) -> None:
        self._choice = (root, lang, strictness, lenient)
        self._files: frozenset[Path] = frozenset()
        self._stamp: Fingerprint = ()
        self._content = b""

    def content(self) -> bytes:
        """Return the pickled document; it is read again when a file has changed."""
        # Pickled, because each caller gets a copy of its own, and `pickle.loads` is several times
        # as fast as `copy.deepcopy`.
        root, lang, strictness, lenient = self._choice
        if self._content and fingerprint_of(self._files, root.parent) == self._stamp:
            return self._content
        self._content = b""
        kept = cache_file_path(f"{root.stem}.{lang}.{strictness}", CONTRACT_FOLDER)
        # No cache file is written into a folder that is not part of this project.
        is_ours = root.parent == CONTRACT_FOLDER and not lenient
        found = read_cache(kept, CONTRACT_FOLDER) if is_ours else None
        document, files = found or _load_uncached(root, lang, strictness, lenient=lenient)
        self._files = files
        self._stamp = fingerprint_of(files, root.parent)
        self._content = pickle.dumps(document)
        if is_ours and not found:
            # The modules of this package count as sources: a new release bundles differently.
            write_cache(
                kept,
                fingerprint_of([*files, *CONTRACT_FOLDER.glob("*.py")], CONTRACT_FOLDER),
                document,
            )
        return self._content


@lru_cache(maxsize=8)  # two languages in two levels of strictness, for two contracts
def _cached_contract(
    root: Path, lang: Language, strictness: StrictnessLevel, lenient: bool
) -> _CachedContract:
    return _CachedContract(root, lang, strictness, lenient)


def _load_uncached(
    root: Path, lang: Language, strictness: StrictnessLevel, *, lenient: bool = False
) -> tuple[dict[str, Any], frozenset[Path]]:
    """Return the document and the files that were read for it."""
    bundler = Bundler(root)
    try:
        document = bundler.bundle()
        if not lenient:
            bundler.check_loops(document)
        check_version(document, root.name)
        named = document.pop(OVERLAYS_KEY, {})
        rules = document.pop("x-rules", None)
        (complete_document if lenient else check_document)(document, bundler.origin)
        if lang != "zh" and isinstance(named, dict) and lang in named:
            name = posixpath.normpath(str(named[lang]))
            apply_overlay(document, bundler.read_file(name), name)
        if strictness == "documented":
            loosen(document)
        # After the overlay, which replaces whole descriptions.
        if rules is not None:
            add_rules(document, rules, lang, bundler.origin, lenient=lenient)
    except ContractError as error:
        raise error.with_line(bundler.source_path(error.file)) from error
    except RecursionError as error:
        raise ContractError(root.name, "", "it is nested too deeply") from error
    return document, bundler.sources
