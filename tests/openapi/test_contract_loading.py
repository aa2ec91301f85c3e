"""`openapi.load()` returns one document quickly, or raises one clear error."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import openapi
from openapi import dump
from openapi.overlay import apply_overlay
from tests.openapi.editing import copy_contract, edit_file
from tests.openapi.walking import load_yaml

GROUP_FILE = "components/schemas/notice-groups.yaml"


@pytest.fixture
def contract_copy(tmp_path: Path) -> Path:
    """A copy of the contract's files, which tests break."""
    return copy_contract(tmp_path)


def test_a_bundle_has_no_external_reference(contract: dict[str, Any]) -> None:
    """Every reference, also in the mapping of a discriminator, is within the document."""
    text = json.dumps(contract)
    assert '"$ref": "#/components/' in text
    assert ".yaml" not in text.replace("/openapi.yaml", "")
    mapping = contract["components"]["schemas"]["TokenRequest"]["discriminator"]["mapping"]
    assert all(ref.startswith("#/components/schemas/") for ref in mapping.values())


def test_a_loaded_contract_is_the_callers_own(contract: dict[str, Any]) -> None:
    """Changing the result of load() does not affect the next call."""
    first = openapi.load()
    first["paths"].clear()
    assert openapi.load() == contract


def test_operations_name_their_rules_and_describe_them(contract: dict[str, Any]) -> None:
    """Rules are in one file, and appear at each operation that they govern."""
    create = contract["paths"]["/api/v1/notification-tasks"]["post"]
    assert "NT-04" in create["x-rules"]
    assert "`NT-04` members 与 fileIds 必须且只能提供一个。\n" in create["description"]
    assert (
        "`NT-09` 结束时间（包括默认的 22:00:00）必须晚于开始时间。（推断：N10）"
        in create["description"]
    )
    assert "AU-01" not in contract["paths"]["/api/v1/file/{id}"]["get"]["x-rules"]


@pytest.mark.parametrize(
    ("name", "old", "new", "where", "reason"),
    [
        (
            GROUP_FILE,
            "  type: object",
            "  type: object\n  type: array",
            (GROUP_FILE, ""),
            "duplicate key 'type'",
        ),
        (GROUP_FILE, "  type: object", "  type: [object", (GROUP_FILE, ""), "line"),
        (GROUP_FILE, "  type: object", "  [a]: object", (GROUP_FILE, ""), "not a string"),
        (
            GROUP_FILE,
            "shared.yaml#/SpringPage",
            "shared.yaml#/Gone",
            (GROUP_FILE, "/MarketingNoticeGroupPage/allOf/0"),
            "nothing is there",
        ),
        (
            GROUP_FILE,
            "shared.yaml#/SpringPage",
            "gone.yaml#/SpringPage",
            (GROUP_FILE, "/MarketingNoticeGroupPage/allOf/0"),
            "no such file",
        ),
        (
            GROUP_FILE,
            "shared.yaml#/SpringPage",
            "../../../../x.yaml#/A",
            (GROUP_FILE, "/MarketingNoticeGroupPage/allOf/0"),
            "no such file",
        ),
        (
            GROUP_FILE,
            "      type: string",
            "      type: text",
            (GROUP_FILE, "/MarketingNoticeGroupInput/properties/name/type"),
            "text",
        ),
        (
            "paths/notice-groups.yaml",
            "    operationId: createGroup\n",
            "",
            ("paths/notice-groups.yaml", "/~1api~1v1~1marketing-notice~1group/post"),
            "no operationId",
        ),
        (
            "paths/notice-groups.yaml",
            "operationId: createGroup",
            "operationId: listGroups",
            ("paths/notice-groups.yaml", "/~1api~1v1~1marketing-notice~1group/post"),
            "the operationId listGroups is used twice",
        ),
        (
            "paths/notice-groups.yaml",
            "            operationId: getGroup",
            "            operationId: readGroup",
            (
                "paths/notice-groups.yaml",
                "/~1api~1v1~1marketing-notice~1group/get/responses/200/links/getGroup",
            ),
            "the link's operation readGroup does not exist",
        ),
        (
            "rules.yaml",
            "    - createToken",
            "    - grantToken",
            ("rules.yaml", "/AU-02"),
            "grantToken",
        ),
    ],
)
def test_a_broken_contract_says_file_pointer_and_reason(
    contract_copy: Path, name: str, old: str, new: str, where: tuple[str, str], reason: str
) -> None:
    """The error has the file, the pointer and the reason."""
    edit_file(contract_copy, name, old, new)
    with pytest.raises(openapi.ContractError, match=reason) as caught:
        openapi.load(contract_copy)
    assert (caught.value.file, caught.value.pointer) == where


def test_a_changed_contract_is_read_again(contract_copy: Path) -> None:
    """load() caches the files, and a change of one makes it read them again."""
    assert openapi.load(contract_copy)["info"]["version"] == "1.0.0"
    edit_file(contract_copy, "openapi.yaml", "version: 1.0.0", "version: 1.0.1")
    assert openapi.load(contract_copy)["info"]["version"] == "1.0.1"


def test_an_overlay_action_that_matches_nothing_is_an_error() -> None:
    """Otherwise a translation would be lost when its target is renamed."""
    overlay = {"actions": [{"target": "$.info.gone", "update": {"x": "y"}}]}
    with pytest.raises(openapi.ContractError, match="nothing matches"):
        apply_overlay({"info": {}}, overlay, "overlays/en.yaml")
    overlay = {"actions": [{"target": "$.info", "update": {"title": "y"}}]}
    with pytest.raises(openapi.ContractError, match="no title"):
        apply_overlay({"info": {}}, overlay, "overlays/en.yaml")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("form", ["yaml", "json"])
def test_the_command_prints_the_published_contract(lang: Any, form: str) -> None:
    """`python -m openapi` with both languages and both formats."""
    command = [sys.executable, "-m", "openapi", "--lang", lang, "--format", form]
    printed = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    read = load_yaml(printed) if form == "yaml" else json.loads(printed)
    assert len(read["paths"]) == 26
    assert read == openapi.published_document(lang=lang)


def test_yaml_is_printed_for_people() -> None:
    """A text of several lines is a block, and Chinese is not escaped."""
    printed = dump({"description": "第一行\n\n- 第二行\n"}, "yaml")
    assert printed == "description: |\n  第一行\n\n  - 第二行\n"
