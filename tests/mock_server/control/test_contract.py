"""The contract of the control plane is valid, is served unchanged, and describes its behavior."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from mock_server.control import contract as control_contract
from mock_server.http.schemas import SchemaChecker
from tests.mock_server.control.admin_client import ADMIN, expect_ok, expect_refusal
from tests.mock_server.test_cli import startup_error
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


SAVE_SNAPSHOT = ("PUT", "/snapshots/before-checkout", None)
PREPARATIONS: dict[str, list[tuple[str, str, Any]]] = {
    "/faults/{id}": [("POST", "/faults", {"operation": "*", "delay": 1})],
    "/sessions/{name}": [("POST", "/sessions", {"name": "ci-7"})],
    "/snapshots/{name}": [SAVE_SNAPSHOT],
    "/snapshots/{name}/restore": [SAVE_SNAPSHOT],
}
"""Requests that create what the examples of a path refer to: method, path, body."""
CONFLICTS = {"CP-04", "CP-09", "CP-11", "CP-22", "CP-25", "CP-29", "CP-43", "CP-45"}
"""Rules whose refusal is a 409."""
LIMITED_NUMBERS = ("addFault",)
"""Operations that are refused with 409 once there is as much as there may be."""


def resolve_entry(entry: dict[str, Any]) -> Any:
    """Return an object, or the target if it is a reference."""
    node: Any = CONTRACT
    for token in entry.get("$ref", "").removeprefix("#/").split("/") if "$ref" in entry else ():
        node = node[token]
    return node if "$ref" in entry else entry


def example_address(path: str, operation: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return path and query with the examples of the parameters that are required."""
    declared = [resolve_entry(each) for each in operation.get("parameters", ())]
    needed: dict[str, dict[str, Any]] = {"path": {}, "query": {}}
    for each in declared:
        if each.get("required"):
            needed[each["in"]][each["name"]] = each["example"]
    return path.format_map(needed["path"]), needed["query"]


def operation_examples(operation: dict[str, Any]) -> list[tuple[dict[str, Any], Any]]:
    """Return schema and value of every example of an operation."""
    owners = [operation.get("requestBody", {"content": {}})]
    owners += [resolve_entry(response) for response in operation["responses"].values()]
    return [
        (media["schema"], resolve_entry(example)["value"])
        for owner in owners
        for media in owner.get("content", {}).values()
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
    """Each succeeds with a valid response on the initial world."""
    for how, where, sent in PREPARATIONS.get(path, ()):
        mock.anonymous.request(how, ADMIN + where, json=sent).raise_for_status()
    media = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    for example in media.get("examples", {"none": {"value": None}}).values():
        url, query = example_address(ADMIN + path, operation)
        sent = resolve_entry(example)["value"]
        answer = mock.anonymous.request(method, url, params=query, json=sent)
        if "204" in operation["responses"]:
            assert (answer.status_code, answer.content) == (204, b"")
            continue
        documented = resolve_entry(operation["responses"]["200"])["content"]
        media_type, content = next(iter(documented.items()))
        checker = SchemaChecker(content["schema"], CONTRACT["components"])
        body = expect_ok(answer) if media_type == "application/json" else answer.text
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, media_type)
        assert not checker.violations(body, "")


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
def test_every_operation_documents_every_refusal(
    method: str, path: str, operation: dict[str, Any]
) -> None:
    """Each documents the errors of guard and token, and those of a body if it has one."""
    expected = {"204" if method == "delete" else "200", "403", "500"}
    if {} not in operation.get("security", ()):
        expected.add("401")
    if "requestBody" in operation:
        expected |= {"400", "413", "415"}
    if "parameters" in operation:
        expected.add("400")
    if "{" in path:
        expected |= {"400", "404"}
    if operation["operationId"] == "saveSnapshot":  # it creates what the path names
        expected = expected - {"404"} | {"413"}
    if operation["operationId"] == "listRecords":  # every kind exists, even without records
        expected -= {"404"}
    if CONFLICTS & {*operation.get("x-rules", ())}:
        expected.add("409")
    if "wait" in path or "replay" in path:
        expected.add("503")
    if operation["operationId"] in LIMITED_NUMBERS:
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
    assert 'data-contract="../openapi.json"' in answer.text
    assert shared_mock.anonymous.get(f"{ADMIN}/docs/swagger-ui-bundle.js").status_code == 200
    api = shared_mock.anonymous.get("/docs/swagger/").raise_for_status()
    assert 'data-contract="../../openapi.json?lang=zh"' in api.text


def test_head_has_the_headers_of_get_and_no_body(shared_mock: RunningMock) -> None:
    """HEAD works as for the API."""
    got, head = (
        shared_mock.anonymous.request(method, f"{ADMIN}/clock") for method in ("GET", "HEAD")
    )
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == got.headers["Content-Length"]
