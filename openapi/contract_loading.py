"""Loading the contract as one document: join its files, check, translate, add the rules."""

from __future__ import annotations

import pickle
import posixpath
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from openapi.bundler import Bundler
from openapi.cache import Fingerprint, cache_file_path, fingerprint_of, read_cache, write_cache
from openapi.document_shape import CLIENTS_KEY, READINGS_KEY
from openapi.languages import Language
from openapi.loader import ContractError
from openapi.overlay import apply_overlay
from openapi.rules import add_rules, find_malformed_rule
from openapi.strictness import remove_inferred_constraints
from openapi.validation import add_missing_required_parts, check_document, check_version

__all__ = ["ContractError", "Language", "StrictnessLevel", "load", "source_files"]

StrictnessLevel = Literal["curated", "documented"]
ContractForm = Literal["published", "exact", "all", "strict"]
"""Forms of the contract that are named; a choice of readings is another one."""
CONTRACT_FOLDER = Path(__file__).parent.resolve()
ROOT_FILE = CONTRACT_FOLDER / "openapi.yaml"
OVERLAYS_KEY = "x-overlays"
"""Root key with the overlay of each language; removed from the bundle."""


def load(
    root: str | Path = ROOT_FILE,
    *,
    lang: Language = "zh",
    strictness: StrictnessLevel = "curated",
    readings: ContractForm | Mapping[str, str] = "published",
    lenient: bool = False,
) -> dict[str, Any]:
    """Return the bundled contract: one OpenAPI 3.0 document without external references.

    root: the only file that is read, apart from those that its references lead to. The schemas,
        parameters and responses of other files are moved to `components`.
    lang: the language of the texts, if the contract has an overlay for it (`x-overlays`).
    strictness: `documented` removes every constraint that the documents do not state
        (`x-inferred`), to compare a server only with what its provider has promised.
    readings: `published` is for readers and generators: the default answers to the open questions,
        with null wherever a client may meet it. `exact` is narrowed to the default answers, `all`
        is the superset of all answers, and `strict` allows only requests that are valid under every
        answer; an object has an answer, or `any`, for each question. All but the published form
        have the answers at the root, in `x-readings`. A contract from elsewhere has no questions.
    lenient: for contracts from elsewhere. An operation without an operationId gets one, and an
        error in a single operation is left to `openapi.find_operation_faults`.

    The business rules, if any, are the root's `x-rules`; each operation has the ids of its rules in
    `x-rules`, and their sentences in its description. The files are read once per process for each
    combination of arguments, and again when one has changed; each call returns a new dict.

    Raises ContractError with file, line, JSON pointer and reason.
    """
    path = Path(root).resolve()
    chosen = readings if isinstance(readings, str) else frozenset(readings.items())
    content = _cached_contract(path, lang, strictness, chosen, lenient).content()
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
    questions = document.get(READINGS_KEY)
    names = [*overlays, *([questions] if isinstance(questions, str) else [])]
    return bundler.sources | {bundler.source_path(str(name)) for name in names}


class _CachedContract:
    """A bundled contract, with the state of its files when they were last read."""

    def __init__(
        self,
        root: Path,
        lang: Language,
        strictness: StrictnessLevel,
        readings: _Chosen,
        lenient: bool,
    ) -> None:
        self._choice = (root, lang, strictness, readings, lenient)
        self._files: frozenset[Path] = frozenset()
        self._stamp: Fingerprint = ()
        self._content = b""

    def content(self) -> bytes:
        """Return the pickled document; it is read again when a file has changed."""
        # Pickled, because each caller gets a copy of its own, and `pickle.loads` is several times
        # as fast as `copy.deepcopy`.
        root, lang, strictness, readings, lenient = self._choice
        if self._content and fingerprint_of(self._files, root.parent) == self._stamp:
            return self._content
        self._content = b""
        kept = cache_file_path(f"{root.stem}.{lang}.{strictness}.{readings}", CONTRACT_FOLDER)
        # No cache file is written into a folder that is not part of this project, and none for one
        # of the many choices of readings.
        is_ours = root.parent == CONTRACT_FOLDER and not lenient and isinstance(readings, str)
        found = read_cache(kept, CONTRACT_FOLDER) if is_ours else None
        document, files = found or _load_uncached(root, lang, strictness, readings, lenient=lenient)
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


_Chosen = ContractForm | frozenset[tuple[str, str]]


@lru_cache(maxsize=16)  # languages, levels of strictness and forms, for two contracts
def _cached_contract(
    root: Path, lang: Language, strictness: StrictnessLevel, readings: _Chosen, lenient: bool
) -> _CachedContract:
    return _CachedContract(root, lang, strictness, readings, lenient)


def _load_uncached(
    root: Path,
    lang: Language,
    strictness: StrictnessLevel,
    readings: _Chosen = "published",
    *,
    lenient: bool = False,
) -> tuple[dict[str, Any], frozenset[Path]]:
    """Return the document and the files that were read for it."""
    bundler = Bundler(root)
    try:
        document = bundler.bundle()
        if not lenient:
            bundler.check_reference_loops(document)
        check_version(document, root.name)
        named = document.pop(OVERLAYS_KEY, {})
        rules = document.pop("x-rules", None)
        # In a bundle, the answers themselves stand here.
        questions = document.get(READINGS_KEY)
        if isinstance(questions, str):
            del document[READINGS_KEY]
        (add_missing_required_parts if lenient else check_document)(document, bundler.origin)
        if lang != "zh" and isinstance(named, dict) and lang in named:
            _translate(document, bundler, posixpath.normpath(str(named[lang])), rules, lang)
        if isinstance(questions, str):
            document["x-rules"] = rules
            _apply_readings(document, bundler.source_path(questions), readings, lang)
        if strictness == "documented":
            remove_inferred_constraints(document)
        # After the overlay, which replaces whole descriptions.
        if rules is not None:
            add_rules(document, rules, lang, bundler.origin, lenient=lenient)
    except ContractError as error:
        raise error.with_line(bundler.source_path(error.file)) from error
    except RecursionError as error:
        raise ContractError(root.name, "", "it is nested too deeply") from error
    sources = bundler.sources
    if isinstance(questions, str):
        sources |= {bundler.source_path(questions)}
    return document, sources


def _translate(
    document: dict[str, Any], bundler: Bundler, name: str, rules: Any, lang: Language
) -> None:
    """Apply the overlay in the file `name`, and translate the examples, in place."""
    # Imported here, because the contract in Chinese needs none of it.
    from openapi.example_translation import (  # noqa: PLC0415
        EXAMPLE_TEXTS_KEY,
        translate_errors,
        translate_example_texts,
    )

    overlay = bundler.read_file(name)
    apply_overlay(document, overlay, name)
    translate_example_texts(document, overlay.get(EXAMPLE_TEXTS_KEY, {}), name)
    if rules is not None and find_malformed_rule(rules) is None:
        translate_errors(document, rules, lang)


def _apply_readings(document: dict[str, Any], file: Path, chosen: _Chosen, lang: Language) -> None:
    """Change the contract, in place, to a form or to a choice of the readings in a file."""
    # Imported here, because a mock that starts from the cache needs none of it.
    from openapi.reading_changes import apply_readings  # noqa: PLC0415
    from openapi.reading_choice import (  # noqa: PLC0415
        all_readings,
        readings_with_defaults,
        strict_readings,
    )
    from openapi.readings import load_readings  # noqa: PLC0415

    if chosen != "published":  # clients of the platform are generated from that form only
        document.pop(CLIENTS_KEY, None)
    forms = {"exact": readings_with_defaults, "all": all_readings, "strict": strict_readings}
    if not isinstance(chosen, str):
        apply_readings(document, load_readings(file), dict(chosen), lang)
    else:
        readings = forms[chosen]() if chosen in forms else None
        questions = load_readings(file)
        apply_readings(document, questions, readings, lang, for_readers=chosen != "strict")
