"""Documented responses of an operation, and responses generated from the contract."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from mock_server.domain.media_type_detection import normalize_media_type
from mock_server.http.generation.generator import GenerationError, ValueGenerator
from mock_server.http.media_type_matching import is_json
from mock_server.http.problem import encode_json
from mock_server.http.response import HttpResponse
from mock_server.http.schema_translation import UnsupportedSchemaError, resolve_reference
from mock_server.http.schemas import CompiledSchemas, SchemaChecker

SOURCE_HEADER = "X-Mock-Source"
"""Header whose value is `contract` for an example, `generated` for a value from a schema, and
`proxy` for a response of a real server (`http/proxy.py`)."""
BODYLESS_STATUSES = frozenset({204, 205, 304})
RESERVED_HEADERS = frozenset(
    {"content-type", "content-length", "transfer-encoding", "connection", "date"}
)
"""Header fields that the server writes, or that follow from the media type."""


class DocumentedResponses:
    """The documented responses of an operation, looked up as `200`, then `2XX`, then `default`."""

    def __init__(self, responses: Mapping[str, Any], schemas: CompiledSchemas) -> None:
        """Compile the schemas of `responses`; raises UnsupportedSchemaError."""
        self._compiled: dict[str, dict[str, SchemaChecker]] = {}
        for status, response in iter_responses(responses, schemas):
            self._compiled[status] = {
                normalize_media_type(media_type): schemas.checker_for(
                    # Only JSON is validated; other bodies, such as files, may be anything.
                    content.get("schema", {}) if is_json(media_type) else {}
                )
                for media_type, content in response.get("content", {}).items()
            }

    def has_status(self, status: int) -> bool:
        """Return whether the status is documented."""
        return any(key in self._compiled for key in status_keys(status))

    def checkers_for(self, status: int) -> Mapping[str, SchemaChecker]:
        """Return the checkers of a response by media type; empty if it has no body."""
        for key in status_keys(status):
            if key in self._compiled:
                return self._compiled[key]
        return {}


def response_from_contract(declared: Mapping[str, Any], schemas: CompiledSchemas) -> HttpResponse:
    """Return the first documented success of an operation, from its example or schema.

    Raises UnsupportedSchemaError if neither is possible.
    """
    status, response = _success_response(declared.get("responses", {}), schemas)
    code = int(status) if status.isdigit() else 200 if status == "DEFAULT" else int(status[0]) * 100
    return documented_response(code, response, schemas, f"responses/{status}")


def documented_response(
    code: int,
    response: Mapping[str, Any],
    schemas: CompiledSchemas,
    where: str,
    example: str | None = None,
) -> HttpResponse:
    """Return a documented response with the status `code`, from its example or schema.

    example: the name of one of its examples (None: the first one); where: its place, for errors.
    Raises UnsupportedSchemaError if neither is possible.
    """
    headers = example_headers(response, schemas, where)
    content = response.get("content") or {}
    if not content or code in BODYLESS_STATUSES:
        return HttpResponse(b"", "", code, {SOURCE_HEADER: "contract", **headers})
    named = [item for item in content.items() if example in (item[1].get("examples") or ())]
    media_type, media = min(named or content.items(), key=lambda item: _media_type_rank(*item))
    if named:
        media = {**media, "examples": {example: media["examples"][example]}}
    data, source = _example_body(media_type, media, schemas, f"{where}/content/{media_type}")
    # A range such as `*/*` cannot be a Content-Type.
    sent = "application/json" if "*" in media_type else media_type
    return HttpResponse(data, sent, code, {SOURCE_HEADER: source, **headers})


def status_keys(status: int) -> tuple[str, str, str]:
    """Return the names under which a status may be documented, the most specific one first."""
    return str(status), f"{status // 100}XX", "DEFAULT"


def iter_responses(
    responses: Mapping[str, Any], schemas: CompiledSchemas
) -> Iterator[tuple[str, Any]]:
    """Yield status, in upper case, and object of each documented response."""
    for status, response in responses.items():
        if not status.startswith("x-"):
            yield status.upper(), resolve_reference(response, schemas.components, "responses")


def _success_response(responses: Mapping[str, Any], schemas: CompiledSchemas) -> tuple[str, Any]:
    """Return status and object of the lowest 2xx, or else of `default`, a 3xx, or an empty 200.

    Many contracts, such as the Petstore, document only errors for operations without a result.
    """
    found = dict(iter_responses(responses, schemas))
    for first in ("2", "D", "3"):  # D: default
        chosen = sorted(status for status in found if status[0] == first)
        if chosen:
            return chosen[0], found[chosen[0]]
    return "200", {}


def _media_type_rank(media_type: str, media: Mapping[str, Any]) -> tuple[bool, bool]:
    """Return the sort key of a media type: JSON first, then those with an example."""
    has_example = bool(media.get("examples")) or "example" in media
    return not is_json(media_type), not has_example


def _example_body(
    media_type: str, media: Mapping[str, Any], schemas: CompiledSchemas, where: str
) -> tuple[bytes, str]:
    """Return the body, and its source as a value of SOURCE_HEADER."""
    schema = media.get("schema", {})
    for value in _iter_examples(media, schema, schemas):
        return _encode_body(value, media_type, schema, schemas), "contract"
    plain = normalize_media_type(media_type)
    kind = resolve_reference(schema, schemas.components, "schemas").get("type", "string")
    if not is_json(media_type) and (kind != "string" or plain.endswith(("/xml", "+xml"))):
        raise UnsupportedSchemaError(
            f"{where}: no {media_type} can be generated from a schema; add an example"
        )
    try:
        value = ValueGenerator(schemas).generate(schema)
    except GenerationError as error:
        raise UnsupportedSchemaError(f"{where}: the schema has no example, and {error}") from error
    return _encode_body(value, media_type, schema, schemas), "generated"


def _iter_examples(
    media: Mapping[str, Any], schema: Any, schemas: CompiledSchemas
) -> Iterator[Any]:
    """Yield the examples of a body: first those of the media type, then those of its schema."""
    named = media.get("examples")
    for entry in named.values() if isinstance(named, Mapping) else ():
        example = resolve_reference(entry, schemas.components, "examples")
        if isinstance(example, Mapping) and "value" in example:
            yield example["value"]
    if "example" in media:
        yield media["example"]
    schema = resolve_reference(schema, schemas.components, "schemas")
    if "example" in schema:
        yield schema["example"]
    several = schema.get("examples")
    if isinstance(several, list):
        yield from several


def _encode_body(value: Any, media_type: str, schema: Any, schemas: CompiledSchemas) -> bytes:
    """Return the bytes of a value in its media type."""
    if not is_json(media_type):
        return value.encode() if isinstance(value, str) else encode_json(value)
    checker = schemas.checker_for(schema)
    # Many contracts write a JSON example as a string that contains the JSON.
    if isinstance(value, str) and not checker.accepts(value):
        try:
            said = json.loads(value)
        except ValueError:
            return encode_json(value)
        return encode_json(said)
    return encode_json(value)


def example_headers(
    response: Mapping[str, Any], schemas: CompiledSchemas, where: str
) -> dict[str, str]:
    """Return the header fields of a response, from their examples or schemas."""
    found: dict[str, str] = {}
    for name, entry in (response.get("headers") or {}).items():
        header = resolve_reference(entry, schemas.components, "headers")
        if name.lower() in RESERVED_HEADERS or not name.isascii():
            continue
        schema = header.get("schema", {})
        values = _iter_examples(header, schema, schemas)
        value = next(values, None)
        if value is None:
            try:
                value = ValueGenerator(schemas).generate(schema)
            except (GenerationError, UnsupportedSchemaError) as error:
                if header.get("required"):  # an optional header is left out instead
                    raise UnsupportedSchemaError(f"{where}/headers/{name}: {error}") from error
                continue
        text = value if isinstance(value, str) else encode_json(value).decode()
        # Line breaks would split the response, and header fields are ASCII.
        if text.isprintable() and text.isascii():
            found[name] = text
    return found
