"""Contracts are read by the rules of YAML 1.2 and JSON, from all files that they refer to."""

from __future__ import annotations

import json
import os
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

import openapi
from openapi import dump

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


# File permissions do not bind root, so the file would be read.
@pytest.mark.skipif(os.geteuid() == 0, reason="root reads whatever there is")
def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    """The error has the system's reason."""
    root = write_files(tmp_path, root_yaml=ROOT_TEMPLATE % "a.yaml", a_yaml="description: a")
    (tmp_path / "a.yaml").chmod(0)
    with pytest.raises(openapi.ContractError, match=r"a\.yaml: cannot be read: Permission"):
        load_lenient(root)


def test_references_lead_from_file_to_file(tmp_path: Path) -> None:
    """Whole files, JSON, encoded names, parent directories; each target is bundled once."""
    root = write_files(
        tmp_path / "api",
        root_yaml=ROOT_TEMPLATE % "../common/answers.json#/ok"
        + "components: {schemas: {Pet: {$ref: ./schemas/Pet.yaml}}}",
        schemas__Pet_yaml="type: object\nproperties: {owner: {$ref: ../Own%20er.yaml#/a~1b%7E1c}}",
    )
    write_files(
        tmp_path,
        common__answers_json='{"ok": {"description": "", "content": {"application/json": '
        '{"schema": {"$ref": "../api/schemas/Pet.yaml"}}}}}',
    )
    (tmp_path / "api/Own er.yaml").write_text(
        "a/b/c: {type: object, properties: {pets: {type: array, items: {$ref: schemas/Pet.yaml}}}}"
    )
    bundled = load_lenient(root)
    schemas = bundled["components"]["schemas"]
    answer = bundled["components"]["responses"]["ok"]
    assert bundled["paths"]["/a"]["get"]["responses"]["200"] == {
        "$ref": "#/components/responses/ok"
    }
    assert answer["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Pet"}
    (owner,) = schemas.keys() - {"Pet"}
    assert schemas["Pet"]["properties"]["owner"] == {"$ref": f"#/components/schemas/{owner}"}
    assert schemas[owner]["properties"]["pets"]["items"] == {"$ref": "#/components/schemas/Pet"}
    assert {path.resolve() for path in openapi.source_files(root)} == {
        path for path in tmp_path.rglob("*") if path.is_file()
    }


def test_what_has_one_name_in_two_files_gets_two(tmp_path: Path) -> None:
    """Neither of them replaces the other."""
    root = write_files(
        tmp_path,
        root_yaml=f"{HEAD}paths: {{}}\ncomponents: {{schemas: {{A: {{oneOf: "
        "[{$ref: 'a.yaml#/A'}, {$ref: 'b.yaml#/A'}, {$ref: '#/x/A'}]}}}\nx: {A: {title: x}}",
        a_yaml="A: {title: a}",
        b_yaml="A: {title: b}",
    )
    schemas = load_lenient(root)["components"]["schemas"]
    names = [part["$ref"].rsplit("/", 1)[-1] for part in schemas["A"]["oneOf"]]
    assert [schemas[name]["title"] for name in names] == ["a", "b", "x"]


def test_paths_and_maps_may_be_references_too(tmp_path: Path) -> None:
    """Large contracts are often split so: one file for all paths, one for all schemas."""
    root = write_files(
        tmp_path,
        root_yaml=f"{HEAD}paths: {{$ref: paths.yaml}}\ncomponents: {{schemas: {{$ref: s.yaml}}}}",
        paths_yaml="/a: {$ref: 'items.yaml#/a'}",
        items_yaml="a: {get: {responses: {200: {description: '', content: "
        "{text/plain: {schema: {$ref: 's.yaml#/A'}}}}}}}",
        s_yaml="A: {$ref: '#/B'}\nB: {type: string}",
    )
    bundled = load_lenient(root)
    media = bundled["paths"]["/a"]["get"]["responses"]["200"]["content"]["text/plain"]
    assert media == {"schema": {"$ref": "#/components/schemas/A"}}
    assert bundled["components"]["schemas"] == {
        "A": {"$ref": "#/components/schemas/B"},
        "B": {"type": "string"},
    }


@pytest.mark.parametrize(
    ("ref", "line", "reason"),
    [
        ("gone.yaml", 4, "gone.yaml: no such file"),
        ("'a.yaml#/gone'", 4, "nothing is there"),
        ("'#/components/responses/gone'", 4, "nothing is there"),
        ("'#gone'", 4, "begins with #/"),
        ("https://example.com/a.yaml", 4, "only files"),
        ("'#/components/schemas/S'", 4, "components/responses"),
        ("'bad.yaml#/a'", 2, "expected"),
    ],
)
def test_a_reference_that_leads_nowhere_says_where_it_stands(
    ref: str, line: int, reason: str, tmp_path: Path
) -> None:
    """The error has file, line and pointer of the reference, or of the error in its target."""
    root = write_files(
        tmp_path,
        root_yaml=ROOT_TEMPLATE % ref + "components: {schemas: {S: {}}}",
        a_yaml="{}",
        bad_yaml="a: [\nb: }",
    )
    with pytest.raises(openapi.ContractError, match=reason) as caught:
        load_lenient(root)
    assert caught.value.line == line


def test_a_component_that_refers_to_itself_is_an_error_of_our_own_contract(tmp_path: Path) -> None:
    """In a contract from elsewhere, only the operations that use it are affected."""
    root = write_files(
        tmp_path,
        root_yaml=ROOT_TEMPLATE % "'loop.yaml#/a'",
        loop_yaml="a: {$ref: '#/b'}\nb: {$ref: '#/a'}",
    )
    with pytest.raises(openapi.ContractError, match=r"loop.yaml#/a: .*refers back to itself"):
        openapi.load(root)
    assert load_lenient(root)["components"]["responses"].keys() == {"a", "b"}


def test_only_what_is_referred_to_is_read(tmp_path: Path) -> None:
    """The directory may contain other files, also invalid ones."""
    root = write_files(
        tmp_path,
        root_yaml=ROOT_TEMPLATE % "a.yaml",
        a_yaml="description: a",
        node_modules__x_yaml="[",
        y_yaml="]",
    )
    (tmp_path / "gone.yaml").symlink_to(tmp_path / "nowhere")
    assert load_lenient(root)["components"]["responses"] == {"a": {"description": "a"}}
    assert {path.name for path in openapi.source_files(root)} == {"root.yaml", "a.yaml"}
    shutil.rmtree(tmp_path / "node_modules")
    assert load_lenient(root)


def test_a_missing_file_is_a_source_too(tmp_path: Path) -> None:
    """The watcher notices when it appears."""
    root = write_files(tmp_path, root_yaml=ROOT_TEMPLATE % "gone.yaml")
    assert tmp_path / "gone.yaml" in openapi.source_files(root)


def test_an_operation_gets_an_id_of_its_own(tmp_path: Path) -> None:
    """It is made of method and path, and unique."""
    get = "get: {responses: {}}"
    named = "get: {operationId: get_a, responses: {}}"
    root = write_files(
        tmp_path,
        root_yaml=f"{HEAD}paths: {{/a: {{{named}}}, '/a/{{b}}': {{{get}}}, /A: {{{named}}}}}",
    )
    ids = [item["get"]["operationId"] for item in load_lenient(root)["paths"].values()]
    assert ids == ["get_a", "get_a_b", "get_a_2"]


def test_data_is_no_reference(tmp_path: Path) -> None:
    """`$ref` in an example, default, extension or as a property is data."""
    text = (
        "{example: {$ref: gone.yaml}, default: {$ref: gone.yaml}, x-a: {$ref: gone.yaml}, "
        "properties: {$ref: {type: string}}}"
    )
    assert bundled_schema(text, tmp_path)["properties"] == {"$ref": {"type": "string"}}
