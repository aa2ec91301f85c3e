"""Reading a contract's files, strictly: what YAML would guess at or lose is an error."""

from __future__ import annotations

import codecs
import json
from pathlib import Path
from typing import Any

import yaml

from openapi.pointer import split_pointer
from openapi.yaml_core import find_line, parse_yaml

MAX_FILE_SIZE = 64 * 2**20
"""The largest file that is read, in bytes."""


class ContractError(Exception):
    """A contract that cannot be used: in which file, at which JSON pointer, for which reason.

    `line` is the line in the file, from 1, where it is known.
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
        """The same error with the line to which its pointer leads in the file at `path`."""
        if self.line or not self.pointer:
            return self
        try:
            line = find_line(_read_text(path, self.file), split_pointer(self.pointer))
        except ContractError:
            return self
        return ContractError(self.file, self.pointer, self.reason, line)


def read_yaml(path: Path, name: str) -> Any:
    """Read one YAML or JSON file; `name` is what an error calls it.

    Raises ContractError when the file is missing, is not UTF-8 or is not what we allow.
    """
    text = _read_text(path, name)
    is_json = path.suffix.lower() == ".json"
    try:
        if is_json or text.lstrip()[:1] == "{":
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
    except ValueError as error:  # a number of 5,000 digits
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
            raise ContractError(name, "", f"the key {twice!r} is there twice")
        return found

    def reject_constant(word: str) -> Any:
        raise ContractError(name, "", f"{word} is not a JSON number")

    return json.loads(text, object_pairs_hook=reject_duplicates, parse_constant=reject_constant)
