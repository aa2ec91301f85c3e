"""Write the frozen demo mock's responses into the contract's examples (decision G10).

`python -m tests.mock_server.write_examples` changes the values in `openapi/paths/` and
`openapi/components/schemas/` that differ, and prints where. `test_example_responses.py` fails as
long as one differs.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml

import openapi
from tests.mock_server.example_responses import (
    DOWNLOADED_FILE_ID,
    FILE_REQUESTS,
    NOT_REPLAYED,
    SCHEMA_EXAMPLES,
    iter_response_examples,
    mock_response,
)
from tests.serving import RunningMock, run_mock

CONTRACT_FOLDER = Path(openapi.__file__).parent
CONTRACT_FILES = [
    *CONTRACT_FOLDER.glob("paths/*.yaml"),
    *CONTRACT_FOLDER.glob("components/schemas/*.yaml"),
]
Steps = Sequence[str]


class ExampleChange(NamedTuple):
    """A value of the contract, with its keys from the root of a file."""

    steps: Steps
    value: Any


class _ContractDumper(yaml.SafeDumper):
    """Writer of YAML in the contract's style: indented sequences, no aliases."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        del indentless
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: object) -> bool:
        del data
        return True


def _represent_text(dumper: _ContractDumper, text: str) -> yaml.ScalarNode:
    # 08:30 is a number to some readers of YAML.
    style = "'" if text[:1].isdigit() else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_ContractDumper.add_representer(str, _represent_text)


def iter_changes(mock: RunningMock) -> Iterator[ExampleChange]:
    """Yield all values that come from the mock, including unchanged ones."""
    document = openapi.load()
    found = {
        example.name: (example, mock_response(mock, example))
        for example in iter_response_examples(document)
        if example.name not in NOT_REPLAYED
    }
    for example, response in found.values():
        yield ExampleChange((*example.path[1:], "value"), response)
    for record in SCHEMA_EXAMPLES:
        schema = document["components"]["schemas"][record.schema]
        value = openapi.resolve_pointer(found[record.example][1], record.pointer)
        if "example" in schema:
            yield ExampleChange((record.schema, "example"), value)
        for name, declared in schema.get("properties", {}).items():
            if name in value and "example" in declared:
                yield ExampleChange((record.schema, "properties", name, "example"), value[name])
    yield from _iter_header_changes(mock, document)


def _iter_header_changes(mock: RunningMock, document: dict[str, Any]) -> Iterator[ExampleChange]:
    path = "/api/v1/file/{id}"
    responses = document["paths"][path]["get"]["responses"]
    for request in FILE_REQUESTS:
        sent = mock.anonymous.get(
            f"/api/v1/file/{DOWNLOADED_FILE_ID}", headers=request.headers
        ).headers
        for name, header in responses[str(request.status)]["headers"].items():
            steps = (path, "get", "responses", str(request.status), "headers", name, "example")
            yield ExampleChange(steps, type(header["example"])(sent[name]))


def rewrite(text: str, wanted: Sequence[ExampleChange]) -> str:
    """Return a file's text with other values; values that the file does not contain are ignored."""
    root, document = yaml.compose(text, Loader=yaml.SafeLoader), yaml.safe_load(text)
    edits: dict[int, tuple[int, str]] = {}
    for change in wanted:
        entry = _find_entry(root, change.steps)
        if entry is None or _is_same_json(_value_at(document, change.steps), change.value):
            continue
        if entry.is_in_flow_style:
            start = entry.value.start_mark.index
            edits[start] = entry.value.end_mark.index, _flow_yaml(change.value)
        else:
            start = entry.key.start_mark.index
            edits[start] = _end_of_block(text, entry), _block_yaml(entry.key, change.value)
    for start, (end, replacement) in sorted(edits.items(), reverse=True):
        text = text[:start] + replacement + text[end:]
    return text


def _is_same_json(one: Any, other: Any) -> bool:
    return json.dumps(one, default=str) == json.dumps(other)


def _value_at(document: Any, steps: Steps) -> Any:
    for step in steps:
        document = document[step]
    return document


class _Entry(NamedTuple):
    """A key and its value in a mapping, which is written in flow style (`{a: 1}`) or as a block."""

    key: yaml.ScalarNode
    value: yaml.Node
    is_in_flow_style: bool


def _find_entry(root: yaml.Node | None, steps: Steps) -> _Entry | None:
    """Return the entry at the end of a path, or None."""
    node, found = root, None
    for step in steps:
        if not isinstance(node, yaml.MappingNode):
            return None
        pair = next((pair for pair in node.value if pair[0].value == step), None)
        if pair is None:
            return None
        key, value = pair
        found = _Entry(key, value, bool(node.flow_style))
        node = found.value
    return found


def _end_of_block(text: str, entry: _Entry) -> int:
    """Return the index at the end of the last line of an entry in a block."""
    lines = text.splitlines(keepends=True)
    first, indent = entry.key.start_mark.line, entry.key.start_mark.column
    # The mark after a block is behind the blank lines and comments that follow it.
    has_flow_value = isinstance(entry.value, yaml.CollectionNode) and entry.value.flow_style
    last = entry.value.end_mark.line if has_flow_value else first
    for number in range(last + 1, len(lines)):
        line = lines[number]
        if line.strip() and len(line) - len(line.lstrip()) <= indent:
            return len("".join(lines[:number]).rstrip("\n"))
    return len(text.rstrip("\n"))


def _block_yaml(key: yaml.ScalarNode, value: Any) -> str:
    dumped = yaml.dump(
        {key.value: value}, Dumper=_ContractDumper, allow_unicode=True, sort_keys=False,
        width=10_000,
    )  # fmt: skip
    return dumped.rstrip("\n").replace("\n", "\n" + " " * key.start_mark.column)


def _flow_yaml(value: Any) -> str:
    dumped = yaml.dump(
        [value], Dumper=_ContractDumper, allow_unicode=True, sort_keys=False, width=10_000,
        default_flow_style=True,
    )  # fmt: skip
    return dumped.strip()[1:-1]


def main() -> None:
    """Update the contract's files."""
    with run_mock() as mock:
        wanted = [*iter_changes(mock)]
    for file in CONTRACT_FILES:
        text = file.read_text(encoding="utf-8")
        if (new := rewrite(text, wanted)) != text:
            file.write_text(new, encoding="utf-8")
            sys.stdout.write(f"{file.relative_to(CONTRACT_FOLDER.parent)}\n")


if __name__ == "__main__":
    main()
