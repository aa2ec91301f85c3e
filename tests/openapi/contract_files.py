"""Small contracts that tests write to files and load."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openapi

HEAD = "openapi: 3.0.3\ninfo: {title: t, version: '1'}\n"
ROOT_TEMPLATE = f"{HEAD}paths:\n  /a: {{get: {{responses: {{'200': {{$ref: %s}}}}}}}}\n"


def write_files(folder: Path, **files: str | bytes) -> Path:
    """Write files by name (`__` for a slash, `_yaml` for .yaml); return the root."""
    for name, content in files.items():
        stem, _, ending = name.replace("__", "/").rpartition("_")
        path = folder / f"{stem}.{ending}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder / "root.yaml"


def load_lenient(root: Path) -> dict[str, Any]:
    """Load a contract as the mock does with `--contract`."""
    return openapi.load(root, lenient=True)


def bundled_schema(text: str, folder: Path) -> Any:
    """Return a schema written in YAML as it is in the bundle."""
    return load_lenient(
        write_files(folder, root_yaml=f"{HEAD}paths: {{}}\ncomponents: {{schemas: {{A: {text}}}}}")
    )["components"]["schemas"]["A"]
