"""The OpenAPI 3.0 schema, read from a file inside openapi-spec-validator.

The package is not imported: that takes as long as importing everything else of `openapi`.
"""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from openapi.third_party_errors import unsupported_package_error

PACKAGE = "openapi_spec_validator"
SCHEMA_FILE = "resources/schemas/v3.0/schema.json"
"""Path of the schema, relative to the package's folder."""


def openapi_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 4) of an OpenAPI 3.0 document.

    Raises UnsupportedPackageError if the package has no such file, ModuleNotFoundError if it is
    not installed.
    """
    package = find_spec(PACKAGE)
    if package is None or package.origin is None:
        raise ModuleNotFoundError(f"{PACKAGE} is not installed", name=PACKAGE)
    try:
        text = (Path(package.origin).parent / SCHEMA_FILE).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise unsupported_package_error(
            "openapi-spec-validator", f"it has no file {SCHEMA_FILE}"
        ) from None
    found: dict[str, Any] = json.loads(text)
    return found
