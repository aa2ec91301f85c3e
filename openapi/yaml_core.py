"""YAML restricted to JSON: the core schema of YAML 1.2, string keys, no duplicate keys.

PyYAML reads YAML 1.1, in which `on:` is a boolean, `12:30` a number, `1e3` a string and
`2025-04-21` a date. In YAML 1.2, which OpenAPI recommends, `1e3` is a number and the others are
strings.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import yaml

from openapi.yaml_compat import SafeDumper, SafeLoader, remove_implicit_resolvers

MERGE_TAG = "tag:yaml.org,2002:merge"
MAX_EXPANDED_VALUES = 1_000_000
"""Maximum number of values in a file with anchors, each alias counted with its whole value.

Nine nested anchors of ten aliases each ("billion laughs") would otherwise fill the memory when the
document is copied or written.
"""


MAX_NESTING = 1_000
"""Maximum depth. libyaml has no limit; it crashes the process at about 10,000 levels."""


class Loader(SafeLoader):
    """PyYAML's safe loader, restricted to JSON values and the types of YAML 1.2."""


CORE_SCHEMA = (
    ("null", r"~|null|Null|NULL|", [*"~nN", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", [*"tTfF"]),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", [*"-+0123456789"]),
    (
        "float",
        r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
        [*"-+0123456789."],
    ),
    ("merge", "<<", ["<"]),
)
"""Types of plain scalars: tag, pattern, and first characters."""


def add_core_resolvers(to: type[Loader | SafeDumper]) -> None:
    """Make a loader or a dumper recognize the types of YAML 1.2, beside those that it knows."""
    for tag, pattern, first in CORE_SCHEMA:
        to.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(rf"(?:{pattern})$"), first)


remove_implicit_resolvers(Loader)
add_core_resolvers(Loader)


def parse_yaml(text: str) -> Any:
    """Return the JSON value of a YAML text.

    Raises yaml.YAMLError, and RecursionError if the text is nested too deeply.
    """
    _check_depth(text)
    value = yaml.load(text, Loader=Loader)  # noqa: S506 - a SafeLoader, made stricter
    if "&" in text and _count_values(value, {}) > MAX_EXPANDED_VALUES:
        raise yaml.YAMLError(f"its aliases expand to more than {MAX_EXPANDED_VALUES} values")
    return value


def find_line(text: str, tokens: list[str]) -> int | None:
    """Return the line, from 1, of the value at the tokens of a JSON pointer.

    If the value is missing, this is the line of its nearest parent; None if the text is not valid.
    """
    return find_lines(text, [tokens])[0]


def find_lines(text: str, places: Sequence[Sequence[str]]) -> list[int | None]:
    """Return the line of each place, as `find_line` does; the text is parsed once."""
    try:
        _check_depth(text)
        root = yaml.compose(text, Loader=Loader)
    except (yaml.YAMLError, RecursionError):
        return [None] * len(places)
    return [_line_of(root, tokens) for tokens in places]


def _line_of(node: Any, tokens: Sequence[str]) -> int | None:
    for token in tokens:
        below = _child_node(node, token)
        if below is None:
            break
        node = below
    return node.start_mark.line + 1 if node is not None else None


def _check_depth(text: str) -> None:
    """Raise RecursionError if the text is nested more than MAX_NESTING levels deep."""
    # Each level needs a bracket or one more column of indentation, so most texts pass by counting;
    # parsing each of them twice would double the time.
    if (
        text.count("[") + text.count("{") + max(map(len, text.splitlines()), default=0)
        < MAX_NESTING
    ):
        return
    depth = 0
    for event in yaml.parse(text, Loader=Loader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_NESTING:
            raise RecursionError


def _child_node(node: Any, token: str) -> Any:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == token), None)
    if isinstance(node, yaml.SequenceNode) and token.isdigit() and int(token) < len(node.value):
        return node.value[int(token)]
    return None


def _count_values(value: Any, sizes: dict[int, int]) -> int:
    """Return the number of values when each alias is expanded."""
    if not isinstance(value, dict | list):
        return 1
    # Each shared value is counted once; otherwise counting would take as long as expanding.
    if id(value) not in sizes:
        parts = value.values() if isinstance(value, dict) else value
        sizes[id(value)] = 1 + sum(_count_values(part, sizes) for part in parts)
    return sizes[id(value)]


def _construct_mapping(loader: Loader, node: yaml.MappingNode) -> dict[str, Any]:
    result: dict[str, Any] = {}
    merged: list[dict[str, Any]] = []
    for key_node, value_node in node.value:
        if key_node.tag == MERGE_TAG:  # not in YAML 1.2, but common in contracts
            merged.extend(_merged_mappings(loader, value_node))
            continue
        if not isinstance(key_node, yaml.ScalarNode):
            raise _constructor_error(key_node, "the key is not a string")
        key = key_node.value  # as written: `200:` and `on:` are strings in JSON
        if key in result:
            raise _constructor_error(key_node, f"duplicate key {key!r}")
        result[key] = loader.construct_object(value_node, deep=True)
    for part in merged:
        for key, value in part.items():
            result.setdefault(key, value)
    return result


def _merged_mappings(loader: Loader, node: Any) -> list[dict[str, Any]]:
    parts = node.value if isinstance(node, yaml.SequenceNode) else [node]
    if not all(isinstance(part, yaml.MappingNode) for part in parts):
        raise _constructor_error(node, "<< takes a mapping or a list of mappings")
    return [loader.construct_object(part, deep=True) for part in parts]


def _construct_integer(loader: Loader, node: yaml.ScalarNode) -> int:
    text = str(loader.construct_scalar(node))
    try:
        return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
    except ValueError as error:
        raise _constructor_error(node, "the number is too long or malformed") from error


def _construct_float(loader: Loader, node: yaml.ScalarNode) -> float:
    text = str(loader.construct_scalar(node))
    try:
        number = float(text)
    except ValueError:
        number = float("inf")
    if number - number != 0:  # infinity or NaN
        raise _constructor_error(node, f"{text[:40]} is not a JSON number")
    return number


def _refuse_tag(_loader: Loader, node: yaml.Node) -> Any:
    raise _constructor_error(node, f"the tag {node.tag} is not JSON")


def _constructor_error(node: yaml.Node, reason: str) -> yaml.YAMLError:
    return yaml.constructor.ConstructorError(None, None, reason, node.start_mark)


Loader.add_constructor("tag:yaml.org,2002:map", _construct_mapping)
Loader.add_constructor("tag:yaml.org,2002:int", _construct_integer)
Loader.add_constructor("tag:yaml.org,2002:float", _construct_float)
for _tag in ("binary", "timestamp", "omap", "pairs", "set"):
    Loader.add_constructor(f"tag:yaml.org,2002:{_tag}", _refuse_tag)
