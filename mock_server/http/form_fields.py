"""Fields of a multipart form: strings and files, checked against the schema of the form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mock_server.errors import ErrorDetail, display_text
from mock_server.http.multipart_form import Upload
from mock_server.http.schema_translation import resolve_reference
from mock_server.http.schemas import SchemaChecker
from openapi import escape_token


class FormFields:
    """The fields that a form's schema declares; `schema`: that schema without the file checks."""

    def __init__(self, schema: Mapping[str, Any], components: Mapping[str, Any]) -> None:
        """Take the schema of a form, with the components to which references lead."""
        form = resolve_reference(schema, components, "schemas")
        declared = form.get("properties", {})
        self._names = frozenset(declared)
        self._files = frozenset(n for n, part in declared.items() if part.get("format") == "binary")
        properties = {n: {} if n in self._files else part for n, part in declared.items()}
        self.schema = {**form, "properties": properties}

    def read(
        self, parts: list[tuple[str, Upload]], checker: SchemaChecker, violations: list[ErrorDetail]
    ) -> dict[str, Any]:
        """Return the strings and uploads of a form by name; its violations go to `violations`."""
        fields: dict[str, Any] = {}
        for name, part in parts:
            pointer = f"/body/{escape_token(name)}"
            if name not in self._names:
                fields[name] = ""  # unknown fields are allowed (X2) and ignored
            elif name in fields:
                violations.append(ErrorDetail(pointer, "repeated", "1"))
            elif name in self._files:
                fields[name] = part
            elif part.file_name is not None:
                violations.append(
                    ErrorDetail(pointer, "type", "type string", display_text(part.file_name))
                )
            else:
                fields[name] = _decode_text(part.content, pointer, violations)
        texts = {n: "" if isinstance(v, Upload) else v for n, v in fields.items()}
        add_violations(texts, checker, violations)
        return fields


NO_FORM = FormFields({}, {})
"""The fields of an operation that takes no multipart form."""


def add_violations(
    texts: Mapping[str, str], checker: SchemaChecker, violations: list[ErrorDetail]
) -> None:
    """Add the violations of a form's fields that have none yet."""
    if not checker.accepts(texts):
        known = {violation.pointer for violation in violations}
        violations.extend(v for v in checker.violations(texts, "/body") if v.pointer not in known)


def _decode_text(content: bytes, pointer: str, violations: list[ErrorDetail]) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        violations.append(ErrorDetail(pointer, "utf8", "UTF-8"))
        return ""
