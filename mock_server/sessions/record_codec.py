"""Conversion of records to JSON values and back, derived from the types of their fields.

A field in snake_case has its name in camelCase in JSON. A field with its default value is left out,
so that a state can still be read after a record has got another field with a default.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from functools import lru_cache, partial
from types import NoneType, UnionType
from typing import Any, NamedTuple, Union, get_args, get_origin, get_type_hints

from mock_server.domain.datetime_text import format_datetime, parse_datetime
from mock_server.domain.notification_contents import LocalFileReference
from mock_server.errors import ErrorDetail, display_text
from openapi import escape_token

MAX_INTEGER = 2**63 - 1
CHUNK_BYTES = 3 * 2**14
"""Bytes that one text of base64 encodes; a multiple of three, and quick to decode."""
SHAPE_RULE = "CP-26"
"""Rule that a value of a wrong type or beyond a limit breaks."""
INTEGER_KEY = re.compile(r"0|[1-9][0-9]{0,18}")
FILE_MARK, OBJECT_MARK = "$file", "$object"
"""Fields that mark a reference to a file, and an object that was sent with such a field alone."""
_MARKED_KEYS = ({FILE_MARK}, {OBJECT_MARK})
Encode = Callable[[Any], Any]
Decode = Callable[[Any, str], Any]
"""Converts a JSON value, which has a JSON pointer; raises StateError."""


class StateError(ValueError):
    """A value of a state cannot be read; `violation` names its place and the reason."""

    def __init__(self, violation: ErrorDetail) -> None:
        super().__init__(f"{violation.pointer} {violation.rule}")
        self.violation = violation


class Codec(NamedTuple):
    """Conversion of the values of one type to JSON values and back."""

    encode: Encode
    decode: Decode


class _Field(NamedTuple):
    name: str
    wire: str
    type: Any
    default: Any


class RecordCodecs:
    """Codecs of all types of records, made when they are first needed."""

    def __init__(self, special: Mapping[Any, Codec] | None = None) -> None:
        """Use the `special` codecs for the types, and fields as (type, name), that they name."""
        self._special = special or {}
        self._made: dict[Any, Codec] = {}

    def of(self, type_: Any) -> Codec:
        """Return the codec of a type. Raises TypeError for a type that records must not have."""
        if type_ not in self._made:
            self._made[type_] = self._special.get(type_) or self._make(type_)
        return self._made[type_]

    def _make(self, type_: Any) -> Codec:
        if type_ in _SIMPLE_CODECS:
            return _SIMPLE_CODECS[type_]
        origin, arguments = get_origin(type_), get_args(type_)
        if origin in (Union, UnionType) and len(arguments) == 2 and NoneType in arguments:
            return _optional(self.of(next(each for each in arguments if each is not NoneType)))
        if origin in (tuple, Sequence, frozenset) and origin is not None:
            return _list_codec(self.of(arguments[0]), origin)
        if origin is Mapping:
            return _mapping_codec(self.of(arguments[1]), arguments[0])
        if is_dataclass(type_) or hasattr(type_, "_fields"):
            return self._record_codec(type_)
        raise TypeError(f"no JSON form of {type_}")

    def _record_codec(self, type_: Any) -> Codec:
        parts = [
            (field, self._special.get((type_, field.name)) or self.of(field.type))
            for field in record_fields(type_)
        ]
        written = [(field.name, field.wire, field.default, codec.encode) for field, codec in parts]
        read = {field.wire: (field.name, codec.decode) for field, codec in parts}
        required = [field.wire for field in record_fields(type_) if field.default is MISSING]
        return Codec(
            partial(_encode_record, written), partial(_decode_record, type_, read, required)
        )


@lru_cache
def record_fields(type_: Any) -> tuple[_Field, ...]:
    """Return the fields of a dataclass or a NamedTuple, in order."""
    hints = get_type_hints(type_)
    if is_dataclass(type_):
        defaults = {
            each.name: each.default if each.default_factory is MISSING else each.default_factory()
            for each in fields(type_)
        }
    else:
        defaults = {name: type_._field_defaults.get(name, MISSING) for name in type_._fields}
    return tuple(
        _Field(name, camel_case(name), hints[name], default) for name, default in defaults.items()
    )


def camel_case(name: str) -> str:
    """Return a name in snake_case as it is written in JSON."""
    first, *others = name.split("_")
    return first + "".join(word.title() for word in others)


def shape_error(pointer: str, accepted: str, found: Any) -> StateError:
    """Return the error for a value of the wrong type or beyond a limit."""
    return StateError(ErrorDetail(pointer, SHAPE_RULE, accepted, display_text(found)))


def check_object(value: Any, names: Sequence[str], pointer: str) -> dict[str, Any]:
    """Return an object with exactly these fields; raises StateError."""
    if not isinstance(value, dict):
        raise shape_error(pointer, "object", value)
    for name in names:
        if name not in value:
            raise shape_error(f"{pointer}/{name}", "required", "")
    if len(value) > len(names):
        surplus = next(name for name in value if name not in names)
        raise shape_error(f"{pointer}/{escape_token(surplus[:80])}", ", ".join(names), surplus)
    return value


def _encode_record(written: Sequence[tuple[str, str, Any, Encode]], record: Any) -> dict[str, Any]:
    found = {}
    for name, wire, default, encode in written:
        value = getattr(record, name)
        if value is not default and value != default:
            found[wire] = encode(value)
    return found


def _decode_record(
    type_: Any,
    read: Mapping[str, tuple[str, Decode]],
    required: Sequence[str],
    value: Any,
    pointer: str,
) -> Any:
    if not isinstance(value, dict):
        raise shape_error(pointer, "object", value)
    found = {}
    for wire, item in value.items():
        if wire not in read:
            name = escape_token(wire[:80])
            raise shape_error(f"{pointer}/{name}", ", ".join(read), wire)
        name, decode = read[wire]
        found[name] = decode(item, f"{pointer}/{wire}")
    for wire in required:
        if read[wire][0] not in found:
            raise shape_error(f"{pointer}/{wire}", "required", "")
    return type_(**found)


def _optional(inner: Codec) -> Codec:
    return Codec(
        lambda value: None if value is None else inner.encode(value),
        lambda value, pointer: None if value is None else inner.decode(value, pointer),
    )


def _list_codec(inner: Codec, origin: Any) -> Codec:
    made = list if origin is Sequence else origin
    plain = inner.encode is _same

    def encode(value: Any) -> list[Any]:
        rows = sorted(value) if origin is frozenset else value
        return [*rows] if plain else [inner.encode(row) for row in rows]

    def decode(value: Any, pointer: str) -> Any:
        if not isinstance(value, list):
            raise shape_error(pointer, "array", value)
        return made([inner.decode(row, f"{pointer}/{at}") for at, row in enumerate(value)])

    return Codec(encode, decode)


def _mapping_codec(inner: Codec, key: Any) -> Codec:
    def encode(value: Any) -> dict[str, Any]:
        return {str(name): inner.encode(item) for name, item in value.items()}

    def decode(value: Any, pointer: str) -> dict[Any, Any]:
        if not isinstance(value, dict):
            raise shape_error(pointer, "object", value)
        found: dict[Any, Any] = {}
        for name, item in value.items():
            place = f"{pointer}/{escape_token(name[:80])}"
            if key is int and not INTEGER_KEY.fullmatch(name):
                raise shape_error(place, "integer", name)
            found[int(name) if key is int else name] = inner.decode(item, place)
        return found

    return Codec(encode, decode)


def _same(value: Any, _pointer: str = "") -> Any:
    return value


def _decode_integer(value: Any, pointer: str) -> int:
    if type(value) is not int or not -MAX_INTEGER <= value <= MAX_INTEGER:
        raise shape_error(pointer, f"integer, absolute value <= {MAX_INTEGER}", value)
    return value


def _decode_text(value: Any, pointer: str) -> str:
    if not isinstance(value, str):
        raise shape_error(pointer, "string", value)
    return value


def _decode_bool(value: Any, pointer: str) -> bool:
    if not isinstance(value, bool):
        raise shape_error(pointer, "boolean", value)
    return value


def _decode_datetime(value: Any, pointer: str) -> datetime:
    try:
        return parse_datetime(value)
    except (TypeError, ValueError):
        raise shape_error(pointer, "yyyy-MM-dd HH:mm:ss", value) from None


def _encode_json(value: Any) -> Any:
    """Return a JSON value in which a reference to a file is an object with the field `$file`."""
    if isinstance(value, Mapping):
        found = {name: _encode_json(item) for name, item in value.items()}
        # A sent object that looks like one of ours is wrapped.
        return {OBJECT_MARK: found} if found.keys() in _MARKED_KEYS else found
    if isinstance(value, (list, tuple)):
        return [_encode_json(item) for item in value]
    return {FILE_MARK: value.id} if isinstance(value, LocalFileReference) else value


def _decode_json(value: Any, pointer: str) -> Any:
    if isinstance(value, dict):
        if value.keys() == {FILE_MARK}:
            file_id = _decode_integer(value[FILE_MARK], f"{pointer}/{FILE_MARK}")
            return LocalFileReference(file_id)
        if value.keys() == {OBJECT_MARK}:
            pointer, value = f"{pointer}/{OBJECT_MARK}", value[OBJECT_MARK]
            if not isinstance(value, dict) or value.keys() not in _MARKED_KEYS:
                raise shape_error(pointer, f"object with {FILE_MARK} or {OBJECT_MARK}", value)
        return {name: _decode_json(item, pointer) for name, item in value.items()}
    if isinstance(value, list):
        return [_decode_json(item, pointer) for item in value]
    return value


def _encode_bytes(content: bytes) -> list[str]:
    starts = range(0, len(content), CHUNK_BYTES)
    return [b64encode(content[start : start + CHUNK_BYTES]).decode() for start in starts]


def _decode_bytes(value: Any, pointer: str) -> bytes:
    if not isinstance(value, list):
        raise shape_error(pointer, "array", value)
    return b"".join(decode_base64(text, f"{pointer}/{at}") for at, text in enumerate(value))


def decode_base64(value: Any, pointer: str) -> bytes:
    """Return the bytes of one text of base64; raises StateError."""
    try:
        found = b64decode(value, validate=True)
    except (TypeError, ValueError):
        found = b""
    # The comparison refuses other forms of the same bytes, and long texts.
    if not found or len(found) > CHUNK_BYTES or b64encode(found).decode() != value:
        raise shape_error(pointer, f"base64 of 1 to {CHUNK_BYTES} bytes", value)
    return found


_SIMPLE_CODECS = {
    Any: Codec(_encode_json, _decode_json),
    int: Codec(_same, _decode_integer),
    str: Codec(_same, _decode_text),
    bool: Codec(_same, _decode_bool),
    datetime: Codec(format_datetime, _decode_datetime),
    bytes: Codec(_encode_bytes, _decode_bytes),
}
