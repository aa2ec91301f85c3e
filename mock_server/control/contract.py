"""The contract of the control plane."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from openapi import cached_document, check_document, iter_operations, read_yaml

CONTRACT_FILE = Path(__file__).parent / "openapi.yaml"


def load_control_contract(*, secured: bool) -> dict[str, Any]:
    """Return the control plane's contract: OpenAPI 3.0.3, with its rules in the root's `x-rules`.

    Without `secured`, no operation requires a token. Raises openapi.ContractError with JSON pointer
    and reason.
    """
    document = cached_document(CONTRACT_FILE, _read_checked)
    if not secured:
        document["security"] = []
        for _, _, _, operation in iter_operations(document):
            operation.pop("security", None)
        # Otherwise Swagger UI offers to authorize.
        del document["components"]["securitySchemes"]
    return document


def _read_checked() -> dict[str, Any]:
    document: dict[str, Any] = read_yaml(CONTRACT_FILE, CONTRACT_FILE.name)
    check_document(document, lambda pointer: (CONTRACT_FILE.name, pointer))
    return document
