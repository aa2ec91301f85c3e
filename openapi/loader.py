"""Strict reading of a contract's files: values that YAML would guess or drop are errors."""

from __future__ import annotations

import codecs
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from openapi.pointer import split_pointer
from openapi.yaml_core import find_line, find_lines, parse_yaml

MAX_FILE_SIZE = 64 * 2**20
"""Maximum size of a file, in bytes."""


class ContractError(Exception):
    """A contract cannot be used.

    file: name of the file; pointer: JSON pointer in it (empty: the whole file); reason: one line;
    line: number of the line, from 1 (None: unknown).
    """

    def __init__(self, file: str, pointer: str, reason: str, line: int | None = None) -> None:
        at = f"line {line}: " if line else ""
        where = f"{file}#{pointer}" if pointer else file
        super().__init__(f"{where}: {at}{' '.join(reason.split())}")
        self.file = file
        self.pointer = pointer
        self.reason = reason
        self.line = line

    def with_line(self, path: Path) -> ContractError:
        """Return the same error with the line of its pointer in the file at `path`."""
        if self.line or not self.pointer:
            return self
        # The file is parsed again, because positions are slow to keep and needed only now.
        try:
            line = find_line(_read_text(path, self.file), split_pointer(self.pointer))
        except ContractError:
            return self
        return ContractError(self.file, self.pointer, self.reason, line)


def find_pointer_lines(path: Path, pointers: Sequence[str]) -> list[int | None]:
    """Return the line of each JSON pointer in a YAML or JSON file (None: unknown)."""
    try:
        text = _read_text(path, path.name)
    except ContractError:
        return [None] * len(pointers)
    return find_lines(text, [split_pointer(pointer) for pointer in pointers])


def read_yaml(path: Path, name: str) -> Any:
    """Return the content of a YAML or JSON file; errors call it `name`.

    Raises ContractError if the file is missing, not UTF-8 or UTF-16, not valid, or larger than
    MAX_FILE_SIZE, or if it contains duplicate keys or values that are not JSON.
    """
    text = _read_text(path, name)
    is_json = path.suffix.lower() == ".json"
    try:
        if is_json or text.lstrip()[:1] == "{":
            # JSON under another name is common (`contract.yaml` exported as JSON), and `json` reads
            # it many times as fast. It may also be YAML in flow style, so YAML is tried next.
            try:
                return _parse_json(text, name)
            except json.JSONDecodeError as error:
                if is_json:
                    raise ContractError(name, "", error.msg, error.lineno) from error
        return parse_yaml(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or str(error)
        raise ContractError(name, "", reason, mark.line + 1 if mark else None) from error
    except RecursionError as error:
        raise ContractError(name, "", "it is nested too deeply") from error
    except ValueError as error:  # a number with more digits than `int` converts (4,300)
        raise ContractError(name, "", str(error)) from error


def _read_text(path: Path, name: str) -> str:
    try:
        if path.exists() and not path.is_file():
            raise ContractError(name, "", "is not a file")
        if path.stat().st_size > MAX_FILE_SIZE:
            raise ContractError(name, "", f"is larger than {MAX_FILE_SIZE} bytes")
        raw = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ContractError(name, "", f"cannot be read: {reason}") from error
    # YAML 1.2 allows UTF-16 with a byte order mark, and Windows editors write one.
    wide = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return raw.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ContractError(name, "", "is not UTF-8; save the file as UTF-8", line) from error


def _parse_json(text: str, name: str) -> Any:
    def reject_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            keys = [key for key, _ in pairs]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise ContractError(name, "", f"duplicate key {twice!r}")
        return found

    def reject_constant(word: str) -> Any:
        raise ContractError(name, "", f"{word} is not a JSON number")

    return json.loads(text, object_pairs_hook=reject_duplicates, parse_constant=reject_constant)
