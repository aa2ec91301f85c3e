"""Reading a scenario: a YAML or JSON file, or the same as an inline value."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from mock_server.domain import datetime_text
from mock_server.domain.tokens import DEMO_CREDENTIALS, Credentials
from mock_server.errors import ErrorDetail
from mock_server.seed.scenario_file import INLINE_NAME, ScenarioError, ScenarioFile
from mock_server.seed.scenario_permissions import allowed_operations, permission_violations
from mock_server.seed.scenario_validation import MAX_VIOLATIONS, schema_violations
from openapi import ContractError, read_yaml

RECORD_KINDS = ("files", "groups", "scenes", "plans", "planTasks", "notificationTasks")
"""Lists whose entries have an `id`."""
MAX_FILES_SIZE = 256 * 2**20
"""Maximum size of all files of a scenario, in bytes."""


def load_scenario(path: Path, operations: Mapping[str, tuple[str, ...]]) -> ScenarioFile:
    """Read a scenario from a file; `operations` has the tags of each operationId.

    Raises ScenarioError.
    """
    try:
        document = read_yaml(path, path.name)
    except ContractError as error:
        where = f"{path.name}:{error.line}" if error.line else path.name
        wrong = ErrorDetail("", "CP-34", "", error.reason)
        raise ScenarioError([wrong], path, f"{where}: {error.reason}") from None
    return read_scenario(document, operations, path)


def read_scenario(
    document: Any, operations: Mapping[str, tuple[str, ...]], path: Path | None = None
) -> ScenarioFile:
    """Return a scenario with its files; an inline one has no `path` and reads none.

    Raises ScenarioError with all violations of its form.
    """
    violations = schema_violations(document) or _text_violations(document)
    if violations:
        raise ScenarioError(violations, path)
    violations += islice(_repeated_id_violations(document), MAX_VIOLATIONS)
    violations += _instant_violations(document)
    violations += islice(permission_violations(document, operations), MAX_VIOLATIONS)
    contents, wrong = _read_contents(document, path.parent if path else None)
    if violations := [*violations, *wrong]:
        raise ScenarioError(violations, path)
    credentials = _credentials(document, operations)
    name = path.name if path else INLINE_NAME
    digest = _digest(document, contents, credentials)
    return ScenarioFile(name, digest, document, contents, credentials, path)


def _digest(
    document: Mapping[str, Any], contents: tuple[bytes, ...], credentials: Credentials
) -> bytes:
    # The permissions are in it, because they depend on the contract as well.
    allowed = {name: sorted(ids) for name, ids in credentials.allowed.items()}
    digest = sha256(json.dumps([document, allowed]).encode())
    for content in contents:
        digest.update(sha256(content).digest())
    return digest.digest()


def _repeated_id_violations(document: Mapping[str, Any]) -> Iterator[ErrorDetail]:
    named = dict.fromkeys(RECORD_KINDS, "id")
    named |= {"members": "memberId", "users": "username", "clients": "client_id"}
    for kind, field in named.items():
        seen: dict[Any, int] = {}
        for index, entry in enumerate(document.get(kind, ())):
            if field in entry and (first := seen.setdefault(entry[field], index)) != index:
                pointer, same = f"/{kind}/{index}/{field}", f"/{kind}/{first}/{field}"
                yield ErrorDetail(
                    pointer, "repeated", f"another {field} than {same}", str(entry[field])
                )


def _text_violations(document: Mapping[str, Any]) -> list[ErrorDetail]:
    """Return a violation if the document cannot be sent as JSON, as parts of it will be."""
    # YAML can write half of a surrogate pair ("\\ud800"), and nests more deeply than JSON may be.
    try:
        json.dumps(document, ensure_ascii=False).encode()
    except (UnicodeEncodeError, RecursionError, ValueError):
        return [ErrorDetail("", "utf8", "JSON in UTF-8")]
    return []


def _instant_violations(document: Mapping[str, Any]) -> Iterator[ErrorDetail]:
    try:
        datetime_text.parse_datetime(document.get("now", "2025-04-21 09:00:00"))
    except ValueError:
        yield ErrorDetail("/now", "CP-33", "2025-04-21 09:00:00", document["now"])
    if document.get("frozen") and "now" not in document:
        yield ErrorDetail("/now", "required", "required now")


def _credentials(
    document: Mapping[str, Any], operations: Mapping[str, tuple[str, ...]]
) -> Credentials:
    clients, users = document.get("clients"), document.get("users")
    return Credentials(
        DEMO_CREDENTIALS.clients
        if clients is None
        else {each["client_id"]: each["client_secret"] for each in clients},
        DEMO_CREDENTIALS.users
        if users is None
        else {each["username"]: each["password"] for each in users},
        {
            each["username"]: allowed_operations(each, operations)
            for each in users or ()
            if "may" in each or "mayNot" in each
        },
    )


def _read_contents(
    document: Mapping[str, Any], folder: Path | None
) -> tuple[tuple[bytes, ...], list[ErrorDetail]]:
    """Return the bytes of all files, and violations of those that cannot be read."""
    contents: list[bytes] = []
    wrong: list[ErrorDetail] = []
    for index, entry in enumerate(document.get("files", ())):
        pointer = f"/files/{index}"
        try:
            contents.append(_read_content(entry, folder))
        except binascii.Error:
            wrong.append(ErrorDetail(f"{pointer}/base64", "format", "format base64"))
        except UnicodeEncodeError:
            wrong.append(ErrorDetail(f"{pointer}/text", "utf8", "UTF-8"))
        except _PathError as error:
            wrong.append(ErrorDetail(f"{pointer}/path", "CP-34", str(error), entry["path"][:80]))
        if "path" not in entry and "fileName" not in entry:
            wrong.append(ErrorDetail(f"{pointer}/fileName", "required", "required fileName"))
    if sum(map(len, contents)) > MAX_FILES_SIZE:
        wrong.append(ErrorDetail("/files", "maxStorage", f"size <= {MAX_FILES_SIZE}"))
    return tuple(contents), wrong


class _PathError(Exception):
    """A file that a scenario cannot have; the text is what would be accepted."""


def _read_content(entry: Mapping[str, Any], folder: Path | None) -> bytes:
    if "text" in entry:
        return str(entry["text"]).encode()
    if "base64" in entry:
        try:
            return base64.b64decode("".join(entry["base64"].split()), validate=True)
        except ValueError as error:  # a character that is not ASCII
            raise binascii.Error from error
    if folder is None:
        raise _PathError("text | base64 (an inline scenario has no folder)")
    return _read_beside(folder.resolve(), entry["path"])


def _read_beside(folder: Path, written: str) -> bytes:
    """Return the bytes of a file in the folder of a scenario or below; raises _PathError."""
    try:
        # Resolved, so that neither `..` nor a symbolic link leads out of the folder.
        path = (folder / written).resolve()
        if not path.is_relative_to(folder):
            raise _PathError("a path inside of the folder of the scenario")
        if not path.is_file():
            raise _PathError("an existing file")
        if path.stat().st_size > MAX_FILES_SIZE:
            raise _PathError(f"size <= {MAX_FILES_SIZE}")
        return path.read_bytes()
    except (OSError, ValueError, RuntimeError) as error:  # also a NUL, or a loop of links
        raise _PathError(f"a readable file ({type(error).__name__})") from None
