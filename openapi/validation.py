"""Validation of a bundled document as OpenAPI 3.0.

Runs at every start without a cached contract, so it is done by jsonschema-rs, which takes
milliseconds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import jsonschema_rs

from openapi.document_shape import OPERATION_METHODS
from openapi.loader import ContractError
from openapi.openapi_spec_validator_compat import openapi_schema
from openapi.pointer import child_pointer, pointer_of, split_pointer
from openapi.unique_names import make_unique
from openapi.walking import iter_operations, walk_nodes

# 3.1 is JSON Schema 2020-12, which neither connexion nor the mock's translation supports.
SUPPORTED_VERSION = re.compile(r"3\.0\.[0-9](-.+)?")
PATH_WORDS = re.compile(r"[^/{}]+")
CONVERSION_ADVICE = "convert it to OpenAPI 3.0 first"


@cache
def _openapi_validator() -> jsonschema_rs.Validator:
    return jsonschema_rs.Draft4Validator(openapi_schema())


def check_version(document: dict[str, Any], name: str) -> None:
    """Raise ContractError for the file `name` if the document is not OpenAPI 3.0."""
    if "swagger" in document:
        raise ContractError(name, "/swagger", f"Swagger 2.0 is not supported; {CONVERSION_ADVICE}")
    version = document.get("openapi")
    if version is None:
        raise ContractError(
            name, "", "this is not an OpenAPI document: the field openapi is missing"
        )
    if not isinstance(version, str) or not SUPPORTED_VERSION.fullmatch(version):
        reason = f"openapi is {str(version)[:40]}; only 3.0.0 to 3.0.4 are supported"
        newer = str(version).startswith("3.") and not str(version).startswith("3.0")
        raise ContractError(name, "/openapi", f"{reason}; {CONVERSION_ADVICE}" if newer else reason)


def add_missing_required_parts(
    document: dict[str, Any], origin: Callable[[str], tuple[str, str]]
) -> None:
    """Add missing required parts, and give each operation a unique operationId.

    Raises ContractError if there are no paths, or if a path or an operation is not an object. Other
    errors are reported by `find_operation_faults`.
    """
    info = document.get("info")
    document["info"] = info if isinstance(info, dict) else {}
    # Connexion and the pages need both; many drafts leave them out.
    document["info"]["title"] = str(document["info"].get("title") or "API")
    document["info"]["version"] = str(document["info"].get("version") or "0")
    if not isinstance(document.get("components"), dict):
        document["components"] = {}
    paths = document.get("paths")
    if not isinstance(paths, dict):
        raise ContractError(*origin("/paths"), "there are no paths")
    # Extensions of `paths` would be taken for paths.
    for path in [path for path in paths if path.startswith("x-")]:
        del paths[path]
    taken: set[str] = set()
    for path, item in paths.items():
        pointer = child_pointer("/paths", path)
        if not path.startswith("/"):
            raise ContractError(*origin(pointer), "a path must begin with /")
        if not isinstance(item, dict):
            raise ContractError(*origin(pointer), "a path must be an object")
        for method in OPERATION_METHODS:
            if method in item and not isinstance(item[method], dict):
                raise ContractError(
                    *origin(child_pointer(pointer, method)), "an operation must be an object"
                )
            if method in item:
                item[method]["operationId"] = _unique_operation_id(
                    item[method], method, path, taken
                )


def _unique_operation_id(operation: dict[str, Any], method: str, path: str, taken: set[str]) -> str:
    wanted = operation.get("operationId")
    if not isinstance(wanted, str) or not wanted.strip():
        wanted = "_".join([method, *PATH_WORDS.findall(path)])
    return make_unique(wanted, taken)


def find_operation_faults(document: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Return the first error of each invalid operation, as pointer and reason, by operationId.

    Errors outside `paths` are left out: they appear when an operation that uses them is compiled.
    """
    found: dict[str, tuple[str, str]] = {}
    for error in _openapi_validator().iter_errors(document):
        pointer, reason = _deepest_error(error)
        if pointer.startswith("/paths/") and pointer.count("/") > 2:
            path, method = split_pointer(pointer)[1:3]
            operation = document["paths"][path].get(method)
            if method in OPERATION_METHODS and isinstance(operation, dict):
                found.setdefault(operation["operationId"], (pointer, reason))
    return found


def check_document(document: dict[str, Any], origin: Callable[[str], tuple[str, str]]) -> None:
    """Check the document against the OpenAPI 3.0 schema, and its operationIds and links.

    `origin` converts a pointer of the document to file and pointer of the sources.
    Raises ContractError for the first error.
    """
    for error in _openapi_validator().iter_errors(document):
        pointer, reason = _deepest_error(error)
        raise ContractError(*origin(pointer), reason)
    operations: dict[str, str] = {}
    for path, method, _, operation in iter_operations(document):
        pointer = pointer_of(("paths", path, method))
        name = operation.get("operationId")
        if not name:
            raise ContractError(*origin(pointer), "the operation has no operationId")
        if name in operations:
            raise ContractError(*origin(pointer), f"the operationId {name} is used twice")
        operations[name] = pointer
    for pointer, target in _link_targets(document):
        if target not in operations:
            raise ContractError(*origin(pointer), f"the link's operation {target} does not exist")


def _link_targets(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the pointer and the target operationId of every link."""
    # These contain no links of the server's responses; skipping them saves most of the walk.
    elsewhere = ("callbacks", "content", "headers", "parameters", "requestBody")
    for pointer, kind, link in walk_nodes(document["paths"], "{pathItem", without=elsewhere):
        if kind == "link":
            yield f"/paths{pointer}", link.get("operationId", "")


def _deepest_error(error: Any) -> tuple[str, str]:
    """Return the pointer and the message of the most specific error.

    Where a `oneOf` fails, this is the error of the branch that failed deepest: for a parameter with
    an invalid schema, the schema's error and not "is not a Reference".
    """
    best = error
    while context := getattr(best.kind, "context", None):
        branches = [inner for branch in context for inner in branch]
        if not branches:
            break
        best = max(branches, key=lambda inner: len(inner.instance_path))
    # The message repeats the invalid value, which may be the whole document.
    return pointer_of(best.instance_path), best.message[:300]
