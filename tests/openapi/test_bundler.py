"""A contract is bundled from all files that it refers to."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import openapi
from tests.openapi.contract_files import (
    HEAD,
    ROOT_TEMPLATE,
    bundled_schema,
    load_lenient,
    write_files,
)


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
