"""The requests of a collection follow from the contract, and each finds its ids."""

from __future__ import annotations

import json
import re

import pytest

import openapi
from openapi.request_collections import requests as building
from openapi.request_collections.requests import (
    SETTINGS,
    TOKENS,
    CollectionRequest,
    collection_requests,
    member_file,
)
from openapi.request_collections.steps import STEPS, Step

REQUESTS = collection_requests("en")
VARIABLE = re.compile(r"\{\{(\w+)\}\}")


def test_every_operation_is_called_and_the_login_comes_first() -> None:
    """A collection is complete, and no request is sent without a token that it needs."""
    called = {step.operation for step in STEPS}
    declared = {each.operation["operationId"] for each in openapi.iter_operations(openapi.load())}
    assert called == declared
    assert REQUESTS[0].name == "createToken"
    assert len({request.name for request in REQUESTS}) == len(REQUESTS) == len(STEPS)


def test_a_variable_is_a_setting_or_saved_by_an_earlier_request() -> None:
    """In paths and in bodies; nothing has to be copied by hand."""
    known = {*SETTINGS}
    for request in REQUESTS:
        used = {*VARIABLE.findall(request.path), *VARIABLE.findall(request.body or "")}
        assert used <= known, request.name
        known |= {*request.saves}
    assert known > {*SETTINGS, *TOKENS, "fileId", "groupId", "marketingNoticeId", "sceneId"}


def test_requests_of_both_languages_differ_in_texts_only() -> None:
    """Both collections call the same operations with the same variables."""

    def without_texts(request: CollectionRequest) -> tuple[object, ...]:
        return request.name, request.method, request.path, request.auth, request.saves

    assert [*map(without_texts, collection_requests("zh"))] == [*map(without_texts, REQUESTS)]


def test_a_text_with_a_variable_of_the_server_is_no_variable_of_the_collection() -> None:
    """Notifications may contain `{{nickname}}`, which no desk may replace."""
    text = building._dump({"contentValue": "Dear {{nickname}}"})
    assert "{{" not in text
    assert json.loads(text) == {"contentValue": "Dear {{nickname}}"}


def test_the_member_file_has_the_members_of_the_example() -> None:
    """The columns are identifiers and variables, one member a row."""
    header, *rows = member_file("en").splitlines()
    assert {"memberId", "userId", "ciq", "nickname"} <= {*header.split(",")}
    assert rows
    assert all(row.count(",") == header.count(",") for row in rows)


@pytest.mark.parametrize(
    "step", [Step("getGroup"), Step("createGroup", "noSuchBody"), Step("getScene", ids_from="x")]
)
def test_an_impossible_step_is_refused(step: Step, monkeypatch: pytest.MonkeyPatch) -> None:
    """A step whose id or body comes from nowhere stops the generator."""
    monkeypatch.setattr(building, "STEPS", (Step("createToken", "password"), step))
    with pytest.raises(openapi.ContractError, match=step.operation):
        collection_requests("en")
