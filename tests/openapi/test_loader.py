"""Contracts are read by the rules of YAML 1.2 and JSON."""

from __future__ import annotations

import errno
import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

import openapi
from openapi import dump
from tests.openapi.contract_files import (
    HEAD,
    ROOT_TEMPLATE,
    bundled_schema,
    load_lenient,
    write_files,
)


@pytest.mark.whole
@pytest.mark.parametrize("form", ["yaml", "json"])
def test_our_own_bundle_is_the_same_contract_again(tmp_path: Path, form: str) -> None:
    """`python -m openapi --format json > one.json` can be loaded from an empty directory."""
    one = tmp_path / f"one.{form}"
    for lang in ("zh", "en"):
        ours = openapi.load(lang=lang)
        one.write_text(dump(ours, form), encoding="utf-8")
        assert openapi.load(one) == ours == openapi.load(one, lang="en")
        assert load_lenient(one) == ours
    assert openapi.source_files(one) == {one}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{enum: [on, yes, no, true, NULL]}", {"enum": ["on", "yes", "no", True, None]}),
        (
            "{enum: [12:30, 010, 0o10, 0x1F, 1e3, 1_0]}",
            {"enum": ["12:30", 10, 8, 31, 1000.0, "1_0"]},
        ),
        ("{default: 2025-04-21}", {"default": "2025-04-21"}),
        (
            "{properties: {on: {}, 200: {}, null: {}}}",
            {"properties": {"on": {}, "200": {}, "null": {}}},
        ),
        (
            "{properties: {a: &x {type: string, title: a}, b: {<<: *x, title: b}}}",
            {
                "properties": {
                    "a": {"type": "string", "title": "a"},
                    "b": {"title": "b", "type": "string"},
                }
            },
        ),
    ],
)
def test_yaml_is_yaml_1_2(text: str, value: Any, tmp_path: Path) -> None:
    """Words are not booleans, keys not numbers, dates stay texts; anchors and merges work."""
    assert bundled_schema(text, tmp_path) == value


def test_bom_and_line_ends_do_not_matter(tmp_path: Path) -> None:
    """Editors on Windows write both."""
    text = f"{HEAD}paths: {{}}\n"
    expected = load_lenient(write_files(tmp_path, root_yaml=text))
    for raw in (
        b"\xef\xbb\xbf" + text.encode(),
        text.replace("\n", "\r\n").encode(),
        text.encode("utf-16"),
        json.dumps(expected, indent="\t").encode(),
    ):
        assert load_lenient(write_files(tmp_path, root_yaml=raw)) == expected


BILLION_LAUGHS = "\n".join(
    [f"{HEAD}paths: {{}}", "x-a: &a0 [1,1,1,1,1,1,1,1,1,1]"]
    + [f"x-{i}: &a{i} [{','.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 30)]
)


@pytest.mark.parametrize(
    ("raw", "line", "reason"),
    [
        (f"{HEAD}paths:\n\t/a: 1".encode(), 4, "token"),
        (f"{HEAD}info: 1".encode(), 3, "duplicate key 'info'"),
        (f"{HEAD}paths: {{/a: {{200: 1, '200': 1}}}}".encode(), 3, "duplicate key '200'"),
        (f"{HEAD}x-a: [".encode(), 4, "expected"),
        (f"{HEAD}x-a: {{[a]: 1}}".encode(), 3, "not a string"),
        (f"{HEAD}x-a: .nan".encode(), 3, "not a JSON number"),
        (f"{HEAD}x-a: {'9' * 5000}".encode(), 3, "number"),
        (f"{HEAD}x-a: !!python/object:os.system {{}}".encode(), 3, "constructor"),
        (f"{HEAD}x-a: !!set {{a}}".encode(), 3, "not JSON"),
        (f"{HEAD}x-a: &a [*a]".encode(), 3, "recursive"),
        (f"{HEAD}x-a: {'[' * 900}{']' * 900}".encode(), None, "deeply"),
        (f"{HEAD}x-a: {'[' * 100_000}".encode(), None, "deeply"),
        (f"{HEAD}x-a: {'{a: ' * 100_000}".encode(), None, "deeply"),
        (f"{HEAD}x-a:\n  {'- ' * 100_000}".encode(), None, "deeply"),
        (f"{HEAD}x-a:\n  {'? ' * 100_000}".encode(), None, "deeply"),
        (f"{HEAD}---\na: 1".encode(), 3, "document"),
        (f"{HEAD}x-a: 中文".encode("gbk"), 3, "UTF-8"),
        (BILLION_LAUGHS.encode(), None, "aliases"),
        (b"", None, "an object"),
        (b'{"openapi": "3.0.3",\n "openapi": "3.0.3"}', None, "duplicate key 'openapi'"),
        (b"swagger: '2.0'", 1, "Swagger 2.0"),
        (b"openapi: 3.1.0\npaths: {}", 1, "convert it to OpenAPI 3.0"),
        (b"openapi: 3.0\npaths: {}", 1, "3.0.0 to 3.0.4"),
        (b"a: 1", None, "not an OpenAPI document"),
        (f"{HEAD}paths: []".encode(), 3, "no paths"),
        (f"{HEAD}paths:\n  a: {{}}".encode(), 4, "must begin with /"),
    ],
)
def test_what_cannot_be_read_is_one_line_with_the_line(
    raw: bytes, line: int | None, reason: str, tmp_path: Path
) -> None:
    """The error has file, line and reason, and takes little time for any file."""
    begun = time.thread_time()
    with pytest.raises(openapi.ContractError, match=reason) as caught:
        load_lenient(write_files(tmp_path, root_yaml=raw))
    assert caught.value.file == "root.yaml"
    assert caught.value.line == line
    assert len(str(caught.value).splitlines()) == 1
    assert time.thread_time() - begun < 2


def test_a_file_that_may_not_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error has the system's reason. The permissions of a file would not stop root."""
    root = write_files(tmp_path, root_yaml=ROOT_TEMPLATE % "a.yaml", a_yaml="description: a")
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "a.yaml":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(openapi.ContractError, match=r"a\.yaml: cannot be read: Permission"):
        load_lenient(root)
