"""Every exchange is observed by the observers of its operation, and by no others."""

from __future__ import annotations

from contract_tests.checks import list_reading_observers, response_reading_observers
from contract_tests.checks.reading_observers import (
    ReadingObserver,
    exchange_of,
    observing_operations,
)
from contract_tests.contract.api_model import API_MODEL
from contract_tests.contract.operations import operations
from contract_tests.contract.readings import readings
from tests.contract_tests.checks.exchanges import new_exchange


def test_every_observed_reading_is_a_question_of_the_contract() -> None:
    """A misspelt key would be an error in the middle of a run."""
    assert observing_operations().keys() <= readings().keys()
    for names in observing_operations().values():
        assert {*names} <= operations().keys()
        assert names


def test_each_reading_in_the_model_has_an_observer_and_each_observer_an_operation() -> None:
    """A misspelt key in the API model would leave a reading unobserved."""
    in_model = {key for entry in API_MODEL.values() for key in entry.readings}
    registered = {
        key
        for module in (list_reading_observers, response_reading_observers)
        for key, *_ in module.observers
    }
    assert in_model <= registered
    assert registered <= observing_operations().keys()


def test_one_response_shows_several_readings() -> None:
    """Observers do not depend on each other."""
    document = {"content": [{"planId": None}], "sort": {}, "pageable": "INSTANCE"}
    found = {*ReadingObserver(lambda *_: False).observe(new_exchange("listScenes", document))}
    assert found == {
        ("page-sort", "object"), ("unpaged-pageable", "text"), ("absent-values", "null"),
    }  # fmt: skip


def test_what_is_known_decides_only_whether_a_response_is_parsed() -> None:
    """A known value hides no other one."""
    document = {"content": [{"planId": None}], "sort": {}}
    observer = ReadingObserver(lambda key, value: (key, value) != ("absent-values", "null"))
    assert ("absent-values", "null") in {*observer.observe(new_exchange("listScenes", document))}


def test_a_login_shows_nothing_of_other_responses() -> None:
    """Its body is made by an OAuth library."""
    tokens = {"access_token": "a", "scope": None}
    assert [*ReadingObserver(lambda *_: False).observe(new_exchange("createToken", tokens))] == []


def test_requests_for_no_operation_have_no_exchange() -> None:
    """HEAD has no body to observe, and other paths are not of the contract."""
    for method, path in (("HEAD", "/api/v1/marketing-notice/group"), ("GET", "/__admin/clock")):
        assert exchange_of(method, path, "", b"", 200, "application/json", b"{}") is None


def test_json_that_is_none_shows_nothing() -> None:
    """Invalid JSON, and numbers that JSON does not have."""
    for content in (b"", b"{", b"NaN", b"\xff"):
        seen = exchange_of(
            "GET", "/api/v1/marketing-notice/group", "", b"", 200, "application/json", content
        )
        assert seen is not None
        assert [*ReadingObserver(lambda *_: False).observe(seen)] == []
