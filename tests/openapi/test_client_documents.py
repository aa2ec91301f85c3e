"""Documents for client generators name one server each, so no client sends a password elsewhere."""

from __future__ import annotations

import json
from collections import defaultdict

import pytest
from openapi_spec_validator import OpenAPIV30SpecValidator

import openapi
from openapi import ContractError, iter_operations, iter_references
from openapi.client_documents import client_document
from tests.openapi.walking import Node, operation_parameters, operations_by_id, resolve_ref

CLIENTS = ("auth", "business")
SERVERS = {
    "auth": "https://oauth.hypers.com.cn",
    "business": "https://{tenant}.hypers.com.cn",
}


@pytest.fixture(scope="module")
def documents() -> dict[str, Node]:
    """The documents of both clients, in English."""
    return {name: client_document(openapi.load(lang="en"), name) for name in CLIENTS}


@pytest.mark.parametrize("name", CLIENTS)
def test_a_client_has_one_server_at_its_root_only(documents: dict[str, Node], name: str) -> None:
    """A2: generators ignore the server of a path, or no setting reaches it."""
    document = documents[name]
    assert [server["url"] for server in document["servers"]] == [SERVERS[name]]
    for *_, item, operation in iter_operations(document):
        assert "servers" not in item
        assert "servers" not in operation


def test_the_server_of_an_operation_is_moved_to_the_root_as_well() -> None:
    """OpenAPI allows servers at a path and at an operation."""
    contract = openapi.load()
    item = contract["paths"]["/oauth/token"]
    item["post"]["servers"] = item.pop("servers")
    document = client_document(contract, "auth")
    assert [server["url"] for server in document["servers"]] == [SERVERS["auth"]]
    assert "servers" not in document["paths"]["/oauth/token"]["post"]


def test_only_the_client_of_the_token_host_can_send_credentials(
    documents: dict[str, Node], contract: Node
) -> None:
    """Each operation is in one document; the token operation and its bodies only in `auth`."""
    assert list(operations_by_id(documents["auth"])) == ["createToken"]
    found = sorted(name for each in documents.values() for name in operations_by_id(each))
    assert found == sorted(operations_by_id(contract))
    assert "clientBasic" not in json.dumps(documents["business"])
    assert "TokenRequest" not in documents["business"]["components"]["schemas"]


def test_the_documents_have_the_whole_content_of_the_operations(
    documents: dict[str, Node], contract: Node
) -> None:
    """Parameters, bodies, responses and examples are complete, also in Chinese."""
    chinese = {name: client_document(openapi.load(), name) for name in CLIENTS}
    names: dict[str, list[str]] = defaultdict(list)
    for operation_id, _, parameter in operation_parameters(contract):
        names[operation_id].append(parameter["name"])
    for name in CLIENTS:
        assert documents[name]["info"]["title"] == chinese[name]["info"]["title"]
        assert documents[name]["info"]["description"] != chinese[name]["info"]["description"]
        for operation_id, operation in operations_by_id(chinese[name]).items():
            whole = operations_by_id(contract)[operation_id]
            for key in ("summary", "description", "tags"):
                assert operation[key] == whole[key], operation_id
            parameters = [each["name"] for each in operation.get("parameters", ())]
            assert parameters == names[operation_id]
            assert ("requestBody" in operation) == ("requestBody" in whole)
            assert list(operation["responses"]) == list(whole["responses"])


@pytest.mark.parametrize("name", CLIENTS)
def test_every_parameter_stands_in_its_operation(documents: dict[str, Node], name: str) -> None:
    """@umijs/openapi makes an empty type of references, and of parameters of a path."""
    for _, _, item, operation in iter_operations(documents[name]):
        assert "parameters" not in item
        assert not [each for each in operation.get("parameters", ()) if "$ref" in each]
    assert "parameters" not in documents[name]["components"]


@pytest.mark.parametrize("name", CLIENTS)
def test_a_client_document_is_valid_and_has_no_more_than_it_uses(
    documents: dict[str, Node], name: str
) -> None:
    """Generators make a class of each component, and packages need an ASCII name."""
    document = documents[name]
    assert not list(OpenAPIV30SpecValidator(document).iter_errors())
    assert document["info"]["title"].isascii()
    used = {*iter_references(document)}
    for section, entries in document["components"].items():
        if section != "securitySchemes":
            assert {f"#/components/{section}/{each}" for each in entries} <= used
    for operation in operations_by_id(document).values():
        for response in operation["responses"].values():
            for link in resolve_ref(document, response).get("links", {}).values():
                assert link["operationId"] in operations_by_id(document)
    assert "x-inferred" not in json.dumps(document)
    assert "x-source" not in json.dumps(document)


def test_an_unknown_client_and_one_without_operations_are_refused() -> None:
    """The error names the place in the contract."""
    with pytest.raises(ContractError, match="there is no client mobile"):
        client_document(openapi.load(), "mobile")
    contract = openapi.load()
    contract["x-clients"]["auth"]["server"] = "https://other.example"
    with pytest.raises(ContractError, match=r"x-clients/auth.*no operation is at"):
        client_document(contract, "auth")


def test_the_contract_that_a_mock_serves_names_no_client() -> None:
    """Its only server is the mock; the production hosts of clients do not belong there."""
    assert "x-clients" in openapi.load()
    assert "x-clients" not in openapi.load(readings="exact")
