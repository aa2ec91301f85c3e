"""Other contracts are served by their examples and schemas, or with 501."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import openapi
from mock_server.app import create_app
from mock_server.settings import Settings
from openapi import dump
from tests.serving import FROZEN, RunningMock, fetch_token, run_mock, serve_app

CONTRACT = Path(__file__).with_name("pets.yaml").read_text(encoding="utf-8")
GENERATED_PET = {"name": "string", "mother": {"name": "string"}}
UNSUPPORTED_REASONS = {
    "/no/deep": "parameter f in style deepObject",
    "/no/cookie": "cookie parameter f",
    "/no/discriminator": "discriminator without",
    "/no/keyword": "keyword const",
    "/no/value": "no integer from 2 to 1",
    "/no/xml": "application/xml",
    "/no/scheme": "security scheme digest",
    "/no/end": "schemas/Loop refers back to itself",
    "/no/loop": "refers back to itself",
    "/no/sense": "",
}


@pytest.fixture(scope="module")
def pets_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a mock that serves the contract above."""
    root = tmp_path_factory.mktemp("pets") / "pets.yaml"
    root.write_text(CONTRACT, encoding="utf-8")
    app = create_app(Settings(contract=root))
    with (
        serve_app(app) as address,
        httpx.Client(base_url=address, headers={"Accept-Language": "en"}) as client,
    ):
        yield client


def mock_source(answer: httpx.Response) -> str | None:
    """Return the `X-Mock-Source` of a response."""
    made: str | None = answer.headers.get("X-Mock-Source")
    return made


@pytest.mark.parametrize(
    ("path", "status", "media_type", "value", "made"),
    [
        ("/default", 200, "application/json", GENERATED_PET, "generated"),
        ("/range", 200, "application/vnd.api+json", {"a": 1}, "contract"),
        ("/several", 201, "application/json; charset=utf-8", {"b": 2}, "contract"),
        ("/both", 200, "application/json", 2, "contract"),
        ("/pets/7", 200, "application/json", GENERATED_PET, "generated"),
        ("/pets/7.json", 200, "application/json", GENERATED_PET, "generated"),
    ],
)  # fmt: skip
def test_an_example_or_a_value_made_of_the_schema_is_answered(
    pets_client: httpx.Client, path: str, status: int, media_type: str, value: Any, made: str
) -> None:
    """The status is the lowest success (200 for `2XX` and `default`); a header names the source."""
    answer = pets_client.get(path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, media_type)
    assert answer.json() == value
    assert mock_source(answer) == made


def test_answers_without_json_are_served_too(pets_client: httpx.Client) -> None:
    """No body, only errors, a text, a redirect; with the declared headers."""
    assert (pets_client.delete("/empty").status_code, pets_client.delete("/empty").content) == (
        204,
        b"",
    )
    errors = pets_client.get("/errors")
    assert (errors.status_code, errors.content) == (200, b"")
    text = pets_client.get("/text")
    assert (text.text, text.headers["Content-Type"]) == ("string", "text/plain")
    assert text.headers["X-Rate"] == "7"
    moved = pets_client.get("/moved")
    assert (moved.status_code, moved.headers["Location"]) == (302, "/text")


@pytest.mark.parametrize(
    ("method", "path", "more", "status", "pointer"),
    [
        ("GET", "/pets/0", {}, 400, "/path/pet-id"),
        ("GET", "/pets/x", {}, 400, "/path/pet-id"),
        ("POST", "/pets/mine", {"json": {"name": "a", "mother": 1}}, 400, "/body/mother"),
        ("POST", "/pets/mine", {"json": {}}, 400, "/body/name"),
        ("POST", "/pets/mine", {"content": b"a"}, 415, "/header/Content-Type"),
        ("PUT", "/raw", {"json": {}}, 415, "/header/Content-Type"),
        ("PATCH", "/pets/mine", {}, 405, "/method"),
        ("GET", "/nowhere", {}, 404, "/path"),
        ("GET", "/key", {}, 401, "/query/key"),
        ("GET", "/bearer", {}, 401, "/header/Authorization"),
        ("GET", "/bearer", {"auth": ("a", "b")}, 401, "/header/Authorization"),
    ],
)  # fmt: skip
def test_a_refusal_that_is_not_documented_is_a_problem_document(
    pets_client: httpx.Client,
    method: str,
    path: str,
    more: dict[str, Any],
    status: int,
    pointer: str,
) -> None:
    """It has the right status and pointer, and is neither an OAuth error nor a 500."""
    answer = pets_client.request(method, path, **more)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert (status == 401) == ("WWW-Authenticate" in answer.headers)


@pytest.mark.parametrize(
    ("method", "path", "more"),
    [
        ("GET", "/key?key=a", {}),
        ("GET", "/key", {"auth": ("a", "b")}),
        ("GET", "/bearer", {"headers": {"Authorization": "bearer x"}}),
        ("GET", "/optional", {}),
        ("PUT", "/raw", {"content": b"\xff", "headers": {"Content-Type": "image/png"}}),
        ("PUT", "/raw", {}),
    ],
)
def test_what_is_allowed_is_let_in(
    pets_client: httpx.Client, method: str, path: str, more: dict[str, Any]
) -> None:
    """Any credentials are accepted, and a body that is not JSON is passed on as bytes."""
    assert pets_client.request(method, path, **more).status_code == 204


def test_an_item_that_cannot_be_read_is_told_once(pets_client: httpx.Client) -> None:
    """Items that can be parsed are validated as well."""
    answer = pets_client.get("/many?n=x&n=0&n=1")
    told = {(error["pointer"], error["rule"]) for error in answer.json()["errors"]}
    assert told == {("/query/n/0", "type"), ("/query/n/1", "minimum")}
    assert len(answer.json()["errors"]) == 2


def test_the_type_of_a_parameter_may_be_declared_in_any_subschema(
    pets_client: httpx.Client,
) -> None:
    """`allOf` may begin with subschemas that declare none, at any depth, also for an item."""
    assert pets_client.get("/typed?n=7&list=1&list=2&text=07").status_code == 204
    answer = pets_client.get("/typed?n=x&list=y&text=1").json()
    assert {(error["pointer"], error["accepted"]) for error in answer["errors"]} == {
        ("/query/n", "type integer"),
        ("/query/list/0", "type integer"),
        ("/query/text", "minLength 2"),
    }


def test_a_discriminator_chooses_among_alternatives_that_leave_its_field_open(
    pets_client: httpx.Client,
) -> None:
    """Values are validated against, and generated from, the schema of their tag."""
    for body, status, pointer in (
        ({"kind": "cat", "lives": 9}, 200, None),
        ({"kind": "dog"}, 200, None),
        ({"kind": "dog", "lives": 1}, 400, "/body/lives"),
        ({"kind": "cow"}, 400, "/body/kind"),
        ({}, 400, "/body/kind"),
    ):
        answer = pets_client.post("/cats", json=body)
        assert answer.status_code == status, body
        if pointer:
            assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
        else:
            assert answer.json() == [{"kind": "cat", "lives": 1}]


def test_an_operation_that_cannot_be_served_says_why(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, pets_client: httpx.Client
) -> None:
    """501 with the place in the contract, logged once; the other operations work."""
    root = tmp_path / "pets.yaml"
    root.write_text(CONTRACT, encoding="utf-8")
    with caplog.at_level(logging.WARNING, "mock_server"):
        create_app(Settings(contract=root))
    assert len(caplog.messages) == len(UNSUPPORTED_REASONS)
    for path, reason in UNSUPPORTED_REASONS.items():
        method = "POST" if path in ("/no/discriminator", "/no/end") else "GET"
        answer = pets_client.request(method, path)
        assert answer.status_code == 501, path
        assert answer.headers["Content-Type"] == "application/problem+json"
        told = answer.json()
        assert reason in told["detail"]
        assert told["errors"][0]["pointer"].startswith(f"#/paths/{path.replace('/', '~1')}/")
        assert sum(path.replace("/", "~1") in line for line in caplog.messages) == 1


def test_pages_show_any_contract(pets_client: httpx.Client) -> None:
    """Landing page, Swagger UI, and the contract with the mock as its only server.

    The page shows no account and no operation that the contract does not have.
    """
    page = pets_client.get("/")
    assert page.status_code == 200
    assert "<h1>Pets</h1>" in page.text
    assert "/default" in page.text
    assert not [word for word in ("Hypers", "demo-client", "token") if word in page.text]
    assert pets_client.get("/docs/swagger/").status_code == 200
    served = pets_client.get("/openapi.json").json()
    assert [server["url"] for server in served["servers"]] == [
        str(pets_client.base_url).rstrip("/")
    ]


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_our_own_bundle_alone_answers_as_before(
    tmp_path: Path, form: str, shared_mock: RunningMock
) -> None:
    """A bundle of our own contract in one file has state, tokens and errors, too."""
    one = tmp_path / f"one.{form}"
    one.write_text(dump(openapi.load(), form), encoding="utf-8")
    with run_mock(Settings(contract=one, frozen=FROZEN.frozen)) as mock:
        for method, path, body in (
            ("GET", "/api/v1/notification-tasks/501", None),
            ("GET", "/api/v1/notification-tasks/999", None),
            ("GET", "/api/v1/notification-tasks?status=X", None),
            ("POST", "/api/v1/marketing-notice/group", {"name": 7}),
            ("POST", "/oauth/token", {"grant_type": "x"}),
        ):
            for ours, theirs in (
                (mock.client, shared_mock.client),
                (mock.anonymous, shared_mock.anonymous),
            ):
                # The URL of an image contains the requested host.
                host = {"Host": "mock.localhost"}
                answers = [
                    client.request(method, path, json=body, headers=host)
                    for client in (ours, theirs)
                ]
                assert answers[0].content == answers[1].content
                assert answers[0].status_code == answers[1].status_code
        assert fetch_token(mock.anonymous)
        assert "X-Mock-Source" not in mock.client.get("/api/v1/notification-tasks/501").headers


def test_our_contract_with_operations_that_cannot_be_served_runs_the_others(tmp_path: Path) -> None:
    """An operation added to a copy of the contract does not affect the others."""
    ours = openapi.load()
    get = {
        "parameters": [{"name": "f", "in": "cookie", "schema": {"type": "string"}}],
        "responses": {"200": {"description": ""}},
    }
    ours["paths"]["/more"] = {"get": get}
    one = tmp_path / "one.json"
    one.write_text(dump(ours, "json"), encoding="utf-8")
    with run_mock(Settings(contract=one)) as mock:
        assert mock.client.get("/more").status_code == 501
        assert mock.client.get("/api/v1/notification-tasks/501").status_code == 200
