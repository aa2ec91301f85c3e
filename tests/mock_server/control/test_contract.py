"""The contract of the control plane is valid, is served unchanged, and describes its behavior."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

import mock_server
import openapi
from mock_server.app import create_app
from mock_server.control import contract as control_contract
from mock_server.http.operation import ContractMismatchError
from mock_server.http.schemas import SchemaChecker
from mock_server.settings import Settings
from tests.mock_server.control.admin_client import ADMIN, expect_ok, expect_refusal
from tests.mock_server.test_cli import startup_error
from tests.openapi.editing import copy_contract, edit_file
from tests.openapi.test_overlay import CHINESE_CHARACTER
from tests.openapi.walking import load_yaml
from tests.serving import FROZEN, RunningMock, run_mock

CONTRACT = control_contract.load_control_contract(secured=True)
SCHEMAS = CONTRACT["components"]["schemas"]
INSTANT = re.compile(r"[0-9]{4}-[0-9-]+T[0-9:+-]+")
OPERATIONS = [
    (method, path, operation)
    for path, item in CONTRACT["paths"].items()
    for method, operation in item.items()
]


def resolve_entry(entry: dict[str, Any]) -> Any:
    """Return an object, or the target if it is a reference."""
    node: Any = CONTRACT
    for token in entry.get("$ref", "").removeprefix("#/").split("/") if "$ref" in entry else ():
        node = node[token]
    return node if "$ref" in entry else entry


def operation_examples(operation: dict[str, Any]) -> list[tuple[dict[str, Any], Any]]:
    """Return schema and value of every example of an operation."""
    owners = [operation.get("requestBody", {"content": {}})]
    owners += [resolve_entry(response) for response in operation["responses"].values()]
    return [
        (media["schema"], resolve_entry(example)["value"])
        for owner in owners
        for media in owner["content"].values()
        for example in media["examples"].values()
    ]


def test_every_example_is_valid() -> None:
    """Each operation has at least one example; those of errors are valid, too."""
    for _, _, operation in OPERATIONS:
        examples = operation_examples(operation)
        assert examples
        for schema, value in examples:
            assert not SchemaChecker(schema, CONTRACT["components"]).violations(value, "")


def test_the_example_of_health_is_what_a_new_mock_says(shared_mock: RunningMock) -> None:
    """Only the numbers of records in the demo data may differ."""
    example = CONTRACT["components"]["examples"]["demo"]["value"]
    answer = expect_ok(shared_mock.anonymous.get(f"{ADMIN}/health"))
    assert answer["records"].keys() == example["records"].keys()
    assert {**answer, "records": {}} == {**example, "records": {}}


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_every_example_of_a_request_is_carried_out(
    mock: RunningMock, method: str, path: str, operation: dict[str, Any]
) -> None:
    """Each succeeds with 200 and a valid response on the initial world."""
    media = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    for example in media.get("examples", {"none": {"value": None}}).values():
        answer = mock.anonymous.request(method, ADMIN + path, json=example["value"])
        [content] = resolve_entry(operation["responses"]["200"])["content"].values()
        checker = SchemaChecker(content["schema"], CONTRACT["components"])
        assert not checker.violations(expect_ok(answer), "")


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_every_operation_documents_every_refusal(
    method: str, path: str, operation: dict[str, Any]
) -> None:
    """Each documents the errors of guard and token, and those of a body if it has one."""
    expected = {"200", "403", "500"}
    if {} not in operation.get("security", ()):
        expected.add("401")
    if "requestBody" in operation:
        expected |= {"400", "413", "415"}
    if {"CP-04", "CP-09"} & {*operation.get("x-rules", ())}:
        expected.add("409")
    assert operation["responses"].keys() == expected, (method, path)


@pytest.mark.parametrize("scenario", SCHEMAS["Scenario"]["enum"])
def test_every_scenario_of_the_contract_can_be_chosen(mock: RunningMock, scenario: str) -> None:
    """Each is explained, too; the command line has the same."""
    assert SCHEMAS["Scenario"]["x-enumDescriptions"][scenario]
    reset = expect_ok(mock.anonymous.post(f"{ADMIN}/reset", json={"scenario": scenario}))
    assert reset["scenario"] == scenario
    assert reset["records"].keys() == set(SCHEMAS["Records"]["required"])


def test_the_command_line_has_the_scenarios_of_the_contract() -> None:
    """Its message about another one lists them."""
    line = startup_error("--port", "0", "--scenario", "other")
    assert f"'other' is none of {', '.join(SCHEMAS['Scenario']['enum'])};" in line


def test_the_limits_of_the_contract_are_those_of_the_clock(mock: RunningMock) -> None:
    """The least and the greatest scale, and the last instant that rule CP-05 names."""
    clock, scales = f"{ADMIN}/clock", SCHEMAS["Scale"]
    least, greatest = scales["minimum"], scales["maximum"]
    for scale in (least, greatest):
        assert expect_ok(mock.anonymous.put(clock, json={"scale": scale}))["scale"] == scale
    for option in (least / 2, greatest + 1):
        assert "--time-scale" in startup_error("--port", "0", "--time-scale", str(option))
    [last] = INSTANT.findall(CONTRACT["x-rules"]["CP-05"]["en"])
    assert expect_ok(mock.anonymous.put(clock, json={"now": last}))["now"] == last
    late = mock.anonymous.post(f"{clock}/advance", json={"seconds": 1})
    assert expect_refusal(late, 409)["rule"] == "CP-05"


def test_every_rule_is_worded_in_both_languages_and_no_id_is_the_apis(
    contract: dict[str, Any],
) -> None:
    """The text of an error is found by the rule's id alone."""
    rules = CONTRACT["x-rules"]
    assert not rules.keys() & contract["x-rules"].keys()
    for words in rules.values():
        assert CHINESE_CHARACTER.search(words["zh"])
        assert not CHINESE_CHARACTER.search(words["en"])
    named = [rule for *_, operation in OPERATIONS for rule in operation.get("x-rules", ())]
    assert set(named) <= rules.keys()


def test_the_rest_of_the_contract_is_in_english() -> None:
    """Only the rules have texts in both languages."""
    text = json.dumps({**CONTRACT, "x-rules": {}}, ensure_ascii=False)
    assert not CHINESE_CHARACTER.search(text)


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_the_contract_is_served_with_the_mock_as_its_only_server(
    shared_mock: RunningMock, form: str
) -> None:
    """Everything else is unchanged; without a token, no operation has security."""
    answer = shared_mock.anonymous.get(f"{ADMIN}/openapi.{form}").raise_for_status()
    served = (json.loads if form == "json" else load_yaml)(answer.text)
    assert [server["url"] for server in served["servers"]] == [f"{shared_mock.address}{ADMIN}"]
    open_ = control_contract.load_control_contract(secured=False)
    assert {**served, "servers": open_["servers"]} == open_
    assert open_["security"] == []
    etag = {"If-None-Match": answer.headers["ETag"]}
    again = shared_mock.anonymous.get(f"{ADMIN}/openapi.{form}", headers=etag)
    assert (again.status_code, again.content) == (304, b"")


def test_the_contract_of_a_mock_with_a_token_says_so() -> None:
    """Swagger UI then shows its Authorize button."""
    with run_mock(replace(FROZEN, admin_token="secret")) as mock:
        served = mock.anonymous.get(f"{ADMIN}/openapi.json").json()
    assert served["security"] == [{"adminToken": []}, {"adminBearer": []}]
    assert served["components"]["securitySchemes"].keys() == {"adminToken", "adminBearer"}


def test_swagger_ui_shows_the_contract_of_the_control_plane(shared_mock: RunningMock) -> None:
    """The API's own page still shows the API's contract."""
    answer = shared_mock.anonymous.get(f"{ADMIN}/docs/").raise_for_status()
    assert 'url: "../openapi.json"' in answer.text
    assert shared_mock.anonymous.get(f"{ADMIN}/docs/swagger-ui-bundle.js").status_code == 200
    api = shared_mock.anonymous.get("/docs/swagger/").raise_for_status()
    assert 'url: "../../openapi.json"' in api.text


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("DELETE", "/clock", "GET, HEAD, OPTIONS, PUT"),
        ("GET", "/reset", "OPTIONS, POST"),
        ("POST", "/openapi.yaml", "GET, HEAD, OPTIONS"),
    ],
)
def test_a_wrong_method_is_405_as_everywhere(
    shared_mock: RunningMock, method: str, path: str, allow: str
) -> None:
    """The response has a complete Allow header and a problem document."""
    answer = shared_mock.anonymous.request(method, ADMIN + path)
    assert expect_refusal(answer, 405)["rule"] == "method"
    assert answer.headers["Allow"] == allow


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("", "/openapi.yaml"),
        ("/", "/openapi.yaml"),
        ("/nothing", "/openapi.yaml"),
        ("/clock/", "/clock"),
        ("/clock/advance/1", "/clock/advance"),
        ("/docsx", "/docs/"),
    ],
)
def test_an_unknown_path_is_404_as_everywhere(
    shared_mock: RunningMock, path: str, meant: str
) -> None:
    """The response suggests the nearest path, or the contract."""
    answer = shared_mock.anonymous.get(ADMIN + path)
    assert expect_refusal(answer, 404)["accepted"] == ADMIN + meant


def test_head_has_the_headers_of_get_and_no_body(shared_mock: RunningMock) -> None:
    """HEAD works as for the API."""
    got, head = (
        shared_mock.anonymous.request(method, f"{ADMIN}/clock") for method in ("GET", "HEAD")
    )
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == got.headers["Content-Length"]


@pytest.mark.parametrize(
    ("content", "media_type", "status", "rule"),
    [
        (b"{", "application/json", 400, "json"),
        (b'{"seconds": 1, "seconds": 2}', "application/json", 400, "json"),
        (b"seconds=1", "application/x-www-form-urlencoded", 415, "contentType"),
        (b"", "application/json", 400, "json"),
    ],
)
def test_a_body_is_read_as_strictly_as_the_apis(
    shared_mock: RunningMock, content: bytes, media_type: str, status: int, rule: str
) -> None:
    """The control plane and the API use the same validation."""
    headers = {"Content-Type": media_type}
    answer = shared_mock.anonymous.post(f"{ADMIN}/clock/advance", content=content, headers=headers)
    assert expect_refusal(answer, status)["rule"] == rule


def test_refusals_are_in_the_language_asked_for(shared_mock: RunningMock) -> None:
    """Errors are in Chinese by default, as for the API."""
    for headers, chinese in (({}, True), ({"Accept-Language": "en"}, False)):
        for host in ("evil.example", "127.0.0.1"):
            sent = {**headers, "Host": host}
            answer = shared_mock.anonymous.put(f"{ADMIN}/clock", json={}, headers=sent)
            assert bool(CHINESE_CHARACTER.search(answer.text)) is chinese


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("def get_clock(", "def read_clock(", "no handler for getClock"),
        (
            "def get_clock(",
            "def set_time(plane): pass\n\ndef get_clock(",
            "handlers without an operation: set_time",
        ),
    ],
    ids=["an operation without a handler", "a handler without an operation"],
)
def test_handlers_that_do_not_match_the_contract_refuse_to_start(
    tmp_path: Path, old: str, new: str, reason: str
) -> None:
    """The API returns an example then; here, it would be a false statement, or dead code."""
    shutil.copytree(Path(mock_server.__file__).parent, tmp_path / "mock_server")
    file = tmp_path / "mock_server/control/handlers.py"
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")
    started = subprocess.run(
        [sys.executable, "-m", "mock_server", "--port", "0"],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert started.returncode == 2
    assert reason in started.stderr


def test_a_contract_that_takes_the_control_planes_paths_refuses_to_start(tmp_path: Any) -> None:
    """With a path below /__admin in `--contract`, one of two operations would be unreachable."""
    root = copy_contract(tmp_path)
    edit_file(root, "openapi.yaml", "  /api/v1/members/", f"  {ADMIN}/members/")
    with pytest.raises(ContractMismatchError, match=f"{ADMIN}/members/"):
        create_app(Settings(contract=root))


def test_the_apis_contract_is_served_as_before(shared_mock: RunningMock) -> None:
    """It contains all operations of the API and none of the control plane."""
    served = httpx.get(f"{shared_mock.address}/openapi.json").json()
    assert served["paths"].keys() == openapi.load()["paths"].keys()
    assert ADMIN not in json.dumps(served)
