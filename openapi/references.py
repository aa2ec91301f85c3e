"""Following `$ref`s from file to file, and joining what they lead to into one document."""

from __future__ import annotations

import os
import posixpath
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from openapi.document_shape import SECTIONS, SHAPES, is_extension
from openapi.loader import ContractError, read_yaml
from openapi.pointer import step, tokens
from openapi.unique_names import new_name

Place = tuple[str, str]
"""A file, as its path from the root's folder, and a JSON pointer in it."""
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
COMPONENT = re.compile(r"/components/([^/]+)/[^/]+")
UNFIT = re.compile(r"[^A-Za-z0-9._-]+")
MAX_HOPS = 100
"""References that may lead to references, one after another."""


class Bundler:
    """One document made of a root file and every file that its references lead to.

    What stands in another file and may stand under `components` is moved there, by its name; a
    path, or whatever else a reference stands for, is written out in its place.
    """

    def __init__(self, root: Path) -> None:
        """Begin with the file `root`; nothing is read yet."""
        self._root = root
        self._files: dict[str, Any] = {}
        self._placed: dict[tuple[str, Place], str] = {}
        self._taken: dict[str, set[str]] = {}
        self._made: dict[str, dict[str, Any]] = {}
        self._origins: dict[str, Place] = {"": (root.name, "")}
        self._open: list[Place] = []

    def bundle(self) -> dict[str, Any]:
        """Read and join; raises ContractError."""
        name = self._root.name
        root = self.file(name)
        if not isinstance(root, dict):
            raise ContractError(name, "", "an OpenAPI document must be an object")
        self._register(root)
        document: dict[str, Any] = self._walk(root, "document", (name, ""), "")
        components = document.setdefault("components", {})
        for section, found in self._made.items():
            components.setdefault(section, {}).update(dict(sorted(found.items())))
        self._refuse_loops(components)
        return document

    def file(self, name: str) -> Any:
        """Return the content of a file, read once."""
        if name not in self._files:
            self._files[name] = None  # looked for, found or not
            self._files[name] = read_yaml(self.path(name), name)
        return self._files[name]

    def path(self, name: str) -> Path:
        """Return the path of a file."""
        return self._root.parent / name

    @property
    def sources(self) -> frozenset[Path]:
        """Return every file that was looked for, found or not."""
        return frozenset(map(self.path, self._files))

    def origin(self, pointer: str) -> Place:
        """The file, and the pointer in it, that a pointer of the bundle comes from."""
        prefix = pointer
        while prefix not in self._origins:
            prefix = prefix.rpartition("/")[0]
        file, start = self._origins[prefix]
        return file, start + pointer[len(prefix) :]

    def _register(self, root: dict[str, Any]) -> None:
        """Note what stands under the root's components already, and by which names."""
        components, place = self._resolved(root.get("components"), (self._root.name, "/components"))
        if not isinstance(components, dict):
            return
        for kind, section in SECTIONS.items():
            start = (place[0], step(place[1], section))
            entries, (file, pointer) = self._resolved(components.get(section), start)
            if not isinstance(entries, dict):
                continue
            self._taken[section] = set(entries)
            for name, entry in entries.items():
                reference = step(f"#/components/{section}", name)
                below = step(pointer, name)
                self._placed.setdefault((kind, (file, below)), reference)
                # `Pet: {$ref: schemas/Pet.yaml}` gives that file's content its name.
                if isinstance(entry, dict) and isinstance(ref := entry.get("$ref"), str):
                    target = self._target(ref, (file, below))
                    if target[0] != file:
                        self._placed.setdefault((kind, target), reference)

    def _walk(self, node: Any, kind: str, place: Place, out: str) -> Any:
        file, pointer = place
        if kind[0] in "{[=" and isinstance(node, dict) and isinstance(node.get("$ref"), str):
            return self._inlined(node["$ref"], kind, place, out)
        if kind[0] == "[" and isinstance(node, list):
            return [
                self._walk(item, kind[1:], (file, step(pointer, i)), step(out, i))
                for i, item in enumerate(node)
            ]
        if kind[0] == "=" or not isinstance(node, dict):
            return node
        if kind[0] != "{" and isinstance(node.get("$ref"), str):
            return self._reference(node, kind, place, out)
        if kind == "discriminator":
            return self._discriminator(node, place)
        fields = SHAPES[kind] if kind[0] != "{" else {"*": kind[1:]}
        result = {}
        for key, value in node.items():
            known = fields.get(key) or (fields.get("*") if not is_extension(key, kind) else None)
            below = (file, step(pointer, key))
            result[key] = self._walk(value, known, below, step(out, key)) if known else value
        return result

    def _reference(self, node: dict[str, Any], kind: str, place: Place, out: str) -> Any:
        ref = node["$ref"]
        if kind not in SECTIONS:
            found = self._inlined(ref, kind, place, out)
            beside = {key: value for key, value in node.items() if key != "$ref"}
            if not beside or not isinstance(found, dict):
                return found
            return {**found, **self._walk(beside, kind, place, out)}
        target = self._target(ref, place)
        reference = f"#{out}"
        if self._placed.get((kind, target)) == reference and target[0] != place[0]:
            return self._inlined(ref, kind, place, out)  # the component that it is
        return {"$ref": self._component(ref, kind, place)}

    def _inlined(self, ref: str, kind: str, place: Place, out: str) -> Any:
        node, target = self._at(ref, place)
        if target in self._open:
            raise ContractError(*place, f"the $ref {ref} refers back to itself")
        self._open.append(target)
        self._origins[out] = target
        found = self._walk(node, kind, target, out)
        self._open.pop()
        return found

    def _component(self, ref: str, kind: str, place: Place) -> str:
        """The reference, in the bundle, to what `ref` leads to."""
        section = SECTIONS[kind]
        named = self._target(ref, place)
        if (kind, named) not in self._placed:
            node, target = self._at(ref, place)
            there = COMPONENT.fullmatch(target[1])
            if there and target[0] == self._root.name and there[1] != section:
                raise ContractError(*place, f"$ref {ref}: one of components/{section} belongs here")
            if (kind, target) not in self._placed:
                name = self._name(section, target)
                reference = f"#/components/{section}/{name}"
                self._placed[kind, target] = reference  # now, so that it may refer to itself
                self._origins[reference[1:]] = target
                found = self._made.setdefault(section, {})
                found[name] = None
                found[name] = self._walk(node, kind, target, reference[1:])
            self._placed[kind, named] = self._placed[kind, target]
        return self._placed[kind, named]

    def _discriminator(self, node: dict[str, Any], place: Place) -> dict[str, Any]:
        mapping = node.get("mapping")
        if not isinstance(mapping, dict):
            return node
        named = step(place[1], "mapping")
        found = {
            value: self._component(ref, "schema", (place[0], step(named, value)))
            if isinstance(ref, str) and ("/" in ref or "#" in ref or "." in ref)
            else f"#/components/schemas/{ref}"
            for value, ref in mapping.items()
        }
        return {**node, "mapping": found}

    def _name(self, section: str, target: Place) -> str:
        file, pointer = target
        last = tokens(pointer)[-1] if pointer.strip("/") else Path(file).stem
        wanted = UNFIT.sub("_", last) or "unnamed"
        return new_name(wanted, self._taken.setdefault(section, set()))

    def _target(self, ref: str, place: Place) -> Place:
        path, _, pointer = ref.partition("#")
        pointer = unquote(pointer)
        if pointer and not pointer.startswith("/"):
            raise ContractError(*place, f"$ref {ref}: a JSON pointer begins with #/")
        if not path:
            return place[0], pointer
        if SCHEME.match(path) or path.startswith("//"):
            raise ContractError(*place, f"$ref {ref}: only files are followed; save a copy of it")
        there = self.path(posixpath.join(posixpath.dirname(place[0]), unquote(path)))
        # From the root's folder: a file has one name, whatever way leads to it.
        return Path(os.path.relpath(there, self._root.parent)).as_posix(), pointer

    def _at(self, ref: str, place: Place) -> tuple[Any, Place]:
        """Return the target of `ref` and its place; references on the way are followed."""
        target_file, pointer = self._target(ref, place)
        node: Any = self._opened(target_file, place)
        here: Place = (target_file, "")
        for token in tokens(pointer):
            node, here = self._resolved(node, here)
            node = _below(node, token)
            if node is _NOTHING:
                raise ContractError(*place, f"$ref to {target_file}#{pointer}: nothing is there")
            here = (here[0], step(here[1], token))
        return node, here

    def _opened(self, name: str, place: Place) -> Any:
        try:
            return self.file(name)
        except ContractError as error:
            if error.file != name or self.path(name).exists():
                raise
            raise ContractError(*place, f"$ref to {name}: no such file") from error

    def _resolved(self, node: Any, place: Place) -> tuple[Any, Place]:
        """The node itself, or what it refers to in the end."""
        for _ in range(MAX_HOPS):
            if not (isinstance(node, dict) and isinstance(node.get("$ref"), str)):
                return node, place
            file, pointer = self._target(node["$ref"], place)
            found = self._opened(file, place)
            for token in tokens(pointer):
                found = _below(found, token)
            if found is _NOTHING:
                raise ContractError(*place, f"$ref to {file}#{pointer}: nothing is there")
            node, place = found, (file, pointer)
        raise ContractError(*place, "the $ref refers back to itself")

    def _refuse_loops(self, components: dict[str, Any]) -> None:
        for section, entries in components.items():
            if not isinstance(entries, dict):
                continue
            for name in entries:
                seen, at = set[str](), name
                while isinstance(entry := entries.get(at), dict) and "$ref" in entry:
                    seen.add(at)
                    at = tokens(str(entry["$ref"]))[-1]
                    if at in seen:
                        where = self.origin(step(f"/components/{section}", name))
                        raise ContractError(*where, "the $ref refers back to itself")


_NOTHING = object()


def _below(node: Any, token: str) -> Any:
    if isinstance(node, dict):
        return node.get(token, _NOTHING)
    if isinstance(node, list) and token.isascii() and token.isdigit() and int(token) < len(node):
        return node[int(token)]
    return _NOTHING
