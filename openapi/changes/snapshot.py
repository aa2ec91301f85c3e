"""Contracts that are compared: that of the working tree, the released one, that of a git ref.

A snapshot is the published document in Chinese, with the open questions at
the root (`x-questions`): for each its possible `answers`, and the `default` that is assumed.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from openapi.changes.rule_changes import QUESTIONS_KEY
from openapi.contract_loading import CONTRACT_FOLDER
from openapi.loader import ContractError, read_yaml
from openapi.published_documents import published_document
from openapi.readings import READINGS_FILE
from openapi.serialization import dump

RELEASED_FILE = CONTRACT_FOLDER / "released" / "contract.json"
"""The contract that was released last."""
_TIMEOUT = 120
"""Maximum seconds for git, and for printing the contract of a git ref."""


class UnknownRefError(ValueError):
    """A git ref does not exist, or has no contract that can be read."""


def working_tree() -> dict[str, Any]:
    """Return the snapshot of the contract's files; raises ContractError."""
    return published_document() | {QUESTIONS_KEY: _questions(READINGS_FILE)}


def has_release() -> bool:
    """Return whether there is a released contract."""
    return RELEASED_FILE.exists()


def released() -> dict[str, Any]:
    """Return the snapshot of the released contract; raises ContractError if there is none."""
    name = f"{RELEASED_FILE.parent.name}/{RELEASED_FILE.name}"
    try:
        found: dict[str, Any] = json.loads(RELEASED_FILE.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ContractError(name, "", "there is no released contract") from error
    except ValueError as error:
        raise ContractError(name, "", "this is not JSON") from error
    return found


def write_released(snapshot: Mapping[str, Any]) -> None:
    """Make a snapshot the released contract."""
    RELEASED_FILE.parent.mkdir(exist_ok=True)
    RELEASED_FILE.write_text(dump(snapshot, "json"), encoding="utf-8")


def at_ref(ref: str) -> dict[str, Any]:
    """Return the snapshot of the contract at a git ref of this repository.

    It is bundled by the code at that ref, which belongs to its files. Raises UnknownRefError.
    """
    # As one argument, a ref that begins with a dash is no option.
    verify = ("git", "rev-parse", "--verify", "--quiet", "--end-of-options")
    commit = _run(*verify, f"{ref}^{{commit}}")
    if commit is None:
        raise UnknownRefError(f"git has no commit {ref} here; a shallow clone lacks older ones")
    folder = CONTRACT_FOLDER.name
    archive = _run("git", "archive", commit.decode().strip(), folder)
    if archive is None:
        raise UnknownRefError(f"{ref} has no folder {folder}")
    with TemporaryDirectory() as name:
        with tarfile.open(fileobj=io.BytesIO(archive)) as files:
            files.extractall(name, filter="data")
        printed = _run(sys.executable, "-m", folder, "--format", "json", cwd=Path(name))
        if printed is None:
            raise UnknownRefError(f"the contract at {ref} cannot be bundled here")
        questions = _questions(Path(name) / folder / READINGS_FILE.name)
    found: dict[str, Any] = json.loads(printed)
    return found | {QUESTIONS_KEY: questions}


def _questions(file: Path) -> dict[str, dict[str, Any]]:
    """Return default and answers of each question; none for a contract without questions."""
    if not file.exists():
        return {}
    return {
        key: {"default": entry.get("default", ""), "answers": [*entry.get("values", {})]}
        for key, entry in read_yaml(file, file.name).items()
    }


def _run(*command: str, cwd: Path = CONTRACT_FOLDER.parent) -> bytes | None:
    """Return what a command prints, or None if it fails; raises OSError if it does not start."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONSAFEPATH"}
    done = subprocess.run(  # noqa: S603 - no shell; the ref is one argument
        command, cwd=cwd, env=environment, capture_output=True, check=False, timeout=_TIMEOUT
    )
    return done.stdout if done.returncode == 0 else None
