"""Joining the contract's files into one document, with its rules written into it."""

from __future__ import annotations

import pickle
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from openapi.kept import Stamp, keep, read_kept, stamp_of
from openapi.overlay import apply_overlay
from openapi.rules import write_rules
from openapi.source import ContractError, read_yaml, step, tokens
from openapi.strictness import loosen
from openapi.validity import check_document

__all__ = ["ContractError", "Language", "Strictness", "load"]

Language = Literal["zh", "en"]
Strictness = Literal["curated", "documented"]
HERE = Path(__file__).parent.resolve()
ROOT = HERE / "openapi.yaml"
LITERAL = frozenset({"example", "value", "default", "enum"})
"""Keys below which `$ref` is data, not a reference."""


def load(
    root: str | Path = ROOT, *, lang: Language = "zh", strictness: Strictness = "curated"
) -> dict[str, Any]:
    """The bundled contract: one OpenAPI 3.0.3 document without external references.

    Every schema, parameter and response of the component files that is used stands under
    `components`; the business rules stand under the root's `x-rules`, and each operation names
    its own in `x-rules` and lists them in its description. `lang` chooses the language of the
    texts. `strictness="documented"` takes back every constraint that the documents do not state
    (`x-inferred`): for holding a server against what its provider has promised, no more. The files
    are read once a process for each choice; each call returns a fresh dict.

    Raises ContractError naming file, JSON pointer and reason.
    """
    path = Path(root).resolve()
    stamp = stamp_of([*path.parent.rglob("*.yaml"), *HERE.glob("*.py")])
    content = _load(path, lang, strictness, stamp)
    document: dict[str, Any] = pickle.loads(content)  # noqa: S301 - our own bytes
    return document


@lru_cache(maxsize=4)
def _load(root: Path, lang: Language, strictness: Strictness, stamp: Stamp) -> bytes:
    if root.parent != HERE:  # a folder of somebody else's gets no file of ours
        return pickle.dumps(_bundled(root, lang, strictness))
    kept = HERE / f"__pycache__/{root.stem}.{lang}.{strictness}.json"
    document = read_kept(kept, stamp)
    if document is None:
        document = _bundled(root, lang, strictness)
        keep(kept, stamp, document)
    return pickle.dumps(document)


def _bundled(root: Path, lang: Language, strictness: Strictness) -> dict[str, Any]:
    bundler = _Bundler(root.parent)
    document = bundler.bundle(root.name)
    check_document(document, bundler.origin)
    if lang != "zh":
        apply_overlay(document, read_yaml(root.parent / f"overlays/{lang}.yaml", lang), lang)
    if strictness == "documented":
        loosen(document)
    write_rules(document, read_yaml(root.parent / "rules.yaml", "rules.yaml"), lang)
    return document


class _Bundler:
    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._files: dict[str, Any] = {}
        self._components: dict[str, dict[str, Any]] = {}
        self._origins: dict[str, tuple[str, str]] = {}

    def bundle(self, root: str) -> dict[str, Any]:
        document = self._walk(self._file(root), root, "", "")
        if not isinstance(document, dict):
            raise ContractError(root, "", "an OpenAPI document is an object")
        components = document.setdefault("components", {})
        for section, found in self._components.items():
            components.setdefault(section, {}).update(dict(sorted(found.items())))
        self._origins[""] = (root, "")
        return document

    def origin(self, pointer: str) -> tuple[str, str]:
        """The file, and the pointer in it, that a pointer of the bundle comes from."""
        prefix = pointer
        while prefix not in self._origins:
            prefix = prefix.rpartition("/")[0]
        file, start = self._origins[prefix]
        return file, start + pointer[len(prefix) :]

    def _file(self, name: str) -> Any:
        if name not in self._files:
            self._files[name] = read_yaml(self._directory / name, name)
        return self._files[name]

    def _walk(self, node: Any, file: str, pointer: str, out: str) -> Any:
        if isinstance(node, list):
            return [
                self._walk(item, file, step(pointer, i), step(out, i))
                for i, item in enumerate(node)
            ]
        if not isinstance(node, dict):
            return node
        if isinstance(node.get("$ref"), str):
            return self._reference(node["$ref"], file, pointer, out)
        result = {}
        for key, value in node.items():
            below = step(pointer, key)
            if key == "mapping" and isinstance(value, dict) and "propertyName" in node:
                result[key] = {
                    name: self._component(ref, file, below) for name, ref in value.items()
                }
            elif _literal(key, pointer):
                result[key] = value
            else:
                result[key] = self._walk(value, file, below, step(out, key))
        return result

    def _reference(self, ref: str, file: str, pointer: str, out: str) -> Any:
        if ref.startswith("#/components/") and file == "openapi.yaml":
            return {"$ref": ref}
        target_file, target = self._target(ref, file, pointer)
        if target_file.startswith("components/"):
            return {"$ref": self._component(ref, file, pointer)}
        self._origins[out] = (target_file, target)
        return self._walk(self._at(target_file, target, file, pointer), target_file, target, out)

    def _component(self, ref: str, file: str, pointer: str) -> str:
        """Take the target of `ref` into the bundle's components; return its new reference."""
        target_file, target = self._target(ref, file, pointer)
        section = target_file.split("/")[1].removesuffix(".yaml")
        name = tokens(target)[-1]
        reference = f"#/components/{section}/{name}"
        place = self._origins.setdefault(reference[1:], (target_file, target))
        if place != (target_file, target):
            raise ContractError(file, pointer, f"{name} stands in {place[0]} and {target_file}")
        found = self._components.setdefault(section, {})
        if name not in found:
            found[name] = None  # holds the place, so that a schema may refer to itself
            value = self._at(target_file, target, file, pointer)
            found[name] = self._walk(value, target_file, target, reference[1:])
        return reference

    def _target(self, ref: str, file: str, pointer: str) -> tuple[str, str]:
        name, _, fragment = ref.partition("#")
        if not name:
            return file, fragment
        parts: list[str] = []
        for part in (PurePosixPath(file).parent / name).parts:
            if part == ".." and not parts:
                raise ContractError(file, pointer, f"$ref {ref} leaves the contract's folder")
            parts = parts[:-1] if part == ".." else [*parts, part]
        return "/".join(parts), fragment

    def _at(self, target_file: str, target: str, file: str, pointer: str) -> Any:
        try:
            node = self._file(target_file)
        except ContractError as error:
            if error.file != target_file or (self._directory / target_file).exists():
                raise
            raise ContractError(file, pointer, f"$ref to {target_file}: no such file") from error
        for token in tokens(target):
            if not isinstance(node, dict) or token not in node:
                raise ContractError(
                    file, pointer, f"$ref to {target_file}#{target}: nothing is there"
                )
            node = node[token]
        return node


def _literal(key: str, pointer: str) -> bool:
    if key == "requestBody":
        return "/links/" in pointer
    return key in LITERAL and not pointer.endswith("/properties")
