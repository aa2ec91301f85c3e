"""Bundling: follow `$ref`s from file to file and join their targets into one document."""

from __future__ import annotations

import os
import pickle
import posixpath
import re
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from openapi.cache import mtime_and_size
from openapi.document_shape import COMPONENT_SECTIONS, FIELD_KINDS, is_extension
from openapi.loader import ContractError, read_yaml
from openapi.pointer import child_pointer, split_pointer
from openapi.unique_names import make_unique

SourceLocation = tuple[str, str]
"""A file, as its path relative to the root's folder, and a JSON pointer in it."""
URL_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
COMPONENT_POINTER = re.compile(r"/components/([^/]+)/[^/]+")
# OpenAPI 3.0.3 (Components Object) allows only the others.
INVALID_NAME_CHARACTERS = re.compile(r"[^A-Za-z0-9._-]+")
MAX_KEPT_SIZE = 2**18
"""Maximum number of bytes of a file whose content is kept in memory."""
MAX_REFERENCE_HOPS = 100
"""Maximum length of a chain of references that lead to references."""


class Bundler:
    """Joins a root file and every file that its references lead to into one document.

    A target in another file that has a section of `components` is moved there; any other target,
    such as a path, replaces its reference.
    """

    def __init__(self, root: Path) -> None:
        """Start from the file `root`, which is not read yet."""
        self._root = root
        self._files: dict[str, Any] = {}
        self._placed: dict[tuple[str, SourceLocation], str] = {}
        self._taken: dict[str, set[str]] = {}
        self._made: dict[str, dict[str, Any]] = {}
        self._origins: dict[str, SourceLocation] = {"": (root.name, "")}
        self._open: list[SourceLocation] = []

    def bundle(self) -> dict[str, Any]:
        """Read the files and return one document; raises ContractError."""
        name = self._root.name
        root = self.read_file(name)
        if not isinstance(root, dict):
            raise ContractError(name, "", "an OpenAPI document must be an object")
        self._register_components(root)
        document: dict[str, Any] = self._bundle_node(root, "document", (name, ""), "")
        components = document.setdefault("components", {})
        # Sorted by name, so that an edit which changes the order of use does not move everything.
        for section, found in self._made.items():
            components.setdefault(section, {}).update(dict(sorted(found.items())))
        return document

    def check_reference_loops(self, document: dict[str, Any]) -> None:
        """Raise ContractError for a component of the bundle that is only a reference to itself."""
        for section, entries in document["components"].items():
            if not isinstance(entries, dict):
                continue
            for name in entries:
                seen, at = set[str](), name
                while isinstance(entry := entries.get(at), dict) and "$ref" in entry:
                    seen.add(at)
                    at = split_pointer(str(entry["$ref"]))[-1]
                    if at in seen:
                        where = self.origin(child_pointer(f"/components/{section}", name))
                        raise ContractError(*where, "the $ref refers back to itself")

    def read_file(self, name: str) -> Any:
        """Return the content of a file, which is read once."""
        if name not in self._files:
            self._files[name] = None  # `--watch` waits for a missing file, so it is a source, too
            self._files[name] = _read_source(self.source_path(name), name)
        return self._files[name]

    def source_path(self, name: str) -> Path:
        """Return the path of a file."""
        return self._root.parent / name

    @property
    def sources(self) -> frozenset[Path]:
        """Return the paths of all files that were requested, including missing ones."""
        return frozenset(map(self.source_path, self._files))

    def origin(self, pointer: str) -> SourceLocation:
        """Return the source file and the pointer in it for a pointer of the bundle."""
        prefix = pointer
        while prefix not in self._origins:
            prefix = prefix.rpartition("/")[0]
        file, start = self._origins[prefix]
        return file, start + pointer[len(prefix) :]

    def _register_components(self, root: dict[str, Any]) -> None:
        """Record the names and places of the components that the root already has."""
        components, place = self._follow_references(
            root.get("components"), (self._root.name, "/components")
        )
        if not isinstance(components, dict):
            return
        for kind, section in COMPONENT_SECTIONS.items():
            start = (place[0], child_pointer(place[1], section))
            entries, (file, pointer) = self._follow_references(components.get(section), start)
            if not isinstance(entries, dict):
                continue
            self._taken[section] = set(entries)
            for name, entry in entries.items():
                reference = child_pointer(f"#/components/{section}", name)
                below = child_pointer(pointer, name)
                self._placed.setdefault((kind, (file, below)), reference)
                # `Pet: {$ref: schemas/Pet.yaml}`: other references to this file become `Pet`, too.
                if isinstance(entry, dict) and isinstance(ref := entry.get("$ref"), str):
                    target = self._parse_reference(ref, (file, below))
                    if target[0] != file:
                        self._placed.setdefault((kind, target), reference)

    def _bundle_node(self, node: Any, kind: str, place: SourceLocation, out: str) -> Any:
        file, pointer = place
        if kind[0] in "{[=" and isinstance(node, dict) and isinstance(node.get("$ref"), str):
            return self._inline_target(node["$ref"], kind, place, out)
        if kind[0] == "[" and isinstance(node, list):
            return [
                self._bundle_node(
                    item, kind[1:], (file, child_pointer(pointer, i)), child_pointer(out, i)
                )
                for i, item in enumerate(node)
            ]
        if kind[0] == "=" or not isinstance(node, dict):
            return node
        if kind[0] != "{" and isinstance(node.get("$ref"), str):
            return self._bundle_reference(node, kind, place, out)
        if kind == "discriminator":
            return self._bundle_discriminator(node, place)
        fields = FIELD_KINDS[kind] if kind[0] != "{" else {"*": kind[1:]}
        result = {}
        for key, value in node.items():
            known = fields.get(key) or (fields.get("*") if not is_extension(key, kind) else None)
            below = (file, child_pointer(pointer, key))
            result[key] = (
                self._bundle_node(value, known, below, child_pointer(out, key)) if known else value
            )
        return result

    def _bundle_reference(
        self, node: dict[str, Any], kind: str, place: SourceLocation, out: str
    ) -> Any:
        ref = node["$ref"]
        if kind not in COMPONENT_SECTIONS:
            found = self._inline_target(ref, kind, place, out)
            # OpenAPI 3.0 allows fields beside `$ref` only in a path item; they win.
            beside = {key: value for key, value in node.items() if key != "$ref"}
            if not beside or not isinstance(found, dict):
                return found
            return {**found, **self._bundle_node(beside, kind, place, out)}
        target = self._parse_reference(ref, place)
        reference = f"#{out}"
        if self._placed.get((kind, target)) == reference and target[0] != place[0]:
            # The entry of `components` itself, which would otherwise refer to itself.
            return self._inline_target(ref, kind, place, out)
        return {"$ref": self._component_reference(ref, kind, place)}

    def _inline_target(self, ref: str, kind: str, place: SourceLocation, out: str) -> Any:
        node, target = self._find_target(ref, place)
        if target in self._open:
            raise ContractError(*place, f"the $ref {ref} refers back to itself")
        self._open.append(target)
        self._origins[out] = target
        found = self._bundle_node(node, kind, target, out)
        self._open.pop()
        return found

    def _component_reference(self, ref: str, kind: str, place: SourceLocation) -> str:
        """Return the bundle's reference to the target of `ref`, which is added if it is new."""
        section = COMPONENT_SECTIONS[kind]
        named = self._parse_reference(ref, place)
        if (kind, named) not in self._placed:
            node, target = self._find_target(ref, place)
            there = COMPONENT_POINTER.fullmatch(target[1])
            if there and target[0] == self._root.name and there[1] != section:
                raise ContractError(*place, f"$ref {ref}: one of components/{section} belongs here")
            if (kind, target) not in self._placed:
                name = self._new_component_name(section, target)
                reference = f"#/components/{section}/{name}"
                self._placed[kind, target] = reference  # before its content, which may be recursive
                self._origins[reference[1:]] = target
                found = self._made.setdefault(section, {})
                found[name] = None
                found[name] = self._bundle_node(node, kind, target, reference[1:])
            self._placed[kind, named] = self._placed[kind, target]
        return self._placed[kind, named]

    def _bundle_discriminator(self, node: dict[str, Any], place: SourceLocation) -> dict[str, Any]:
        mapping = node.get("mapping")
        if not isinstance(mapping, dict):
            return node
        named = child_pointer(place[1], "mapping")
        # A value is a reference or the bare name of a schema (OpenAPI 3.0.3, Discriminator Object).
        found = {
            value: self._component_reference(ref, "schema", (place[0], child_pointer(named, value)))
            if isinstance(ref, str) and ("/" in ref or "#" in ref or "." in ref)
            else f"#/components/schemas/{ref}"
            for value, ref in mapping.items()
        }
        return {**node, "mapping": found}

    def _new_component_name(self, section: str, target: SourceLocation) -> str:
        file, pointer = target
        last = split_pointer(pointer)[-1] if pointer.strip("/") else Path(file).stem
        wanted = INVALID_NAME_CHARACTERS.sub("_", last) or "unnamed"
        return make_unique(wanted, self._taken.setdefault(section, set()))

    def _parse_reference(self, ref: str, place: SourceLocation) -> SourceLocation:
        path, _, pointer = ref.partition("#")
        pointer = unquote(pointer)
        if pointer and not pointer.startswith("/"):
            raise ContractError(*place, f"$ref {ref}: a JSON pointer begins with #/")
        if not path:
            return place[0], pointer
        if URL_SCHEME.match(path) or path.startswith("//"):
            raise ContractError(*place, f"$ref {ref}: only files are followed; save a copy of it")
        there = self.source_path(posixpath.join(posixpath.dirname(place[0]), unquote(path)))
        # Normalized, so that `a.yaml` and `../x/a.yaml` are one file, bundled once.
        return Path(os.path.relpath(there, self._root.parent)).as_posix(), pointer

    def _find_target(self, ref: str, place: SourceLocation) -> tuple[Any, SourceLocation]:
        """Return the target of `ref` and its place, following references along its pointer."""
        target_file, pointer = self._parse_reference(ref, place)
        node: Any = self._open_target_file(target_file, place)
        here: SourceLocation = (target_file, "")
        for token in split_pointer(pointer):
            node, here = self._follow_references(node, here)
            node = _child(node, token)
            if node is _MISSING:
                raise ContractError(*place, f"$ref to {target_file}#{pointer}: nothing is there")
            here = (here[0], child_pointer(here[1], token))
        return node, here

    def _open_target_file(self, name: str, place: SourceLocation) -> Any:
        try:
            return self.read_file(name)
        except ContractError as error:
            if error.file != name or self.source_path(name).exists():
                raise
            # A missing file is an error of the reference, whose place the user has to edit.
            raise ContractError(*place, f"$ref to {name}: no such file") from error

    def _follow_references(self, node: Any, place: SourceLocation) -> tuple[Any, SourceLocation]:
        """Return the node and its place, or the end of its chain of references."""
        for _ in range(MAX_REFERENCE_HOPS):
            if not (isinstance(node, dict) and isinstance(node.get("$ref"), str)):
                return node, place
            file, pointer = self._parse_reference(node["$ref"], place)
            found = self._open_target_file(file, place)
            for token in split_pointer(pointer):
                found = _child(found, token)
            if found is _MISSING:
                raise ContractError(*place, f"$ref to {file}#{pointer}: nothing is there")
            node, place = found, (file, pointer)
        raise ContractError(*place, "the $ref refers back to itself")


_MISSING = object()


def _child(node: Any, token: str) -> Any:
    if isinstance(node, dict):
        return node.get(token, _MISSING)
    if isinstance(node, list) and token.isascii() and token.isdigit() and int(token) < len(node):
        return node[int(token)]
    return _MISSING


def _read_source(path: Path, name: str) -> Any:
    """Return the content of a file; a small file is parsed once for each state of it."""
    # Each choice of readings bundles the same files again, and YAML is slow to parse.
    state = mtime_and_size(path)
    if not 0 < state[1] <= MAX_KEPT_SIZE:
        return read_yaml(path, name)
    return pickle.loads(_pickled_source(path, name, state))  # noqa: S301 - our own bytes


@lru_cache(maxsize=64)
def _pickled_source(path: Path, name: str, _state: tuple[int, int]) -> bytes:
    return pickle.dumps(read_yaml(path, name))
