"""The control plane's own contract."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openapi import check_document, read_yaml

FILE = Path(__file__).parent / "openapi.yaml"


def load(*, secured: bool) -> dict[str, Any]:
    """The control plane's contract: OpenAPI 3.0.3, its rules under the root's `x-rules`.

    Without `secured` nothing in it asks for a token. Raises openapi.ContractError naming JSON
    pointer and reason.
    """
    document: dict[str, Any] = read_yaml(FILE, FILE.name)
    check_document(document, lambda pointer: (FILE.name, pointer))
    if not secured:
        document["security"] = []
        for operation in _operations(document):
            operation.pop("security", None)
        del document["components"]["securitySchemes"]
    return document


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for item in document["paths"].values():
        yield from (value for value in item.values() if isinstance(value, dict))
