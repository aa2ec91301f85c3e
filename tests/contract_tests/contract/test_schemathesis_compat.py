"""The undocumented members of Schemathesis that the check uses still exist."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import signature
from typing import Any

import pytest
import requests
import schemathesis
from schemathesis import Case, GenerationMode, Response, checks, stateful
from schemathesis.core.errors import format_transition
from schemathesis.core.failures import Failure
from schemathesis.errors import FailureGroup
from schemathesis.generation.stateful.state_machine import StepInput, Transition

from contract_tests.checks.failure_conversion import KIND_BY_FAILURE_NAME
from contract_tests.contract import schemathesis_compat as compat
from contract_tests.contract.links import links_between
from contract_tests.contract.operations import operations
from contract_tests.results.response_findings import ContractViolationError, ResponseFinding
from contract_tests.results.violation_kinds import ViolationKind
from contract_tests.runner.schemathesis_config import RunPlan, read_schema

URL = "http://127.0.0.1:9"
LINKED_OPERATIONS = ("createGroup", "getGroup")
BUILT_IN_CHECKS = (
    *("negative_data_rejection", "not_a_server_error", "response_schema_conformance"),
    "status_code_conformance",
)
"""Names of the checks in `runner/check_exclusions.py`."""


@pytest.fixture(scope="module")
def schema() -> schemathesis.BaseSchema:
    """Return a schema with two operations and a link between them."""
    chosen = [operations()[name] for name in LINKED_OPERATIONS]
    return read_schema(URL, RunPlan(seed=1, max_examples=1), chosen)


@pytest.fixture
def case(schema: schemathesis.BaseSchema) -> Case[Any]:
    """A request that we make."""
    get: Any = schema["/api/v1/marketing-notice/group/{id}"]["get"]
    made: Case[Any] = get.Case(path_parameters={"id": 7})
    return made


def make_response(case: Case[Any], status: int, body: bytes = b"{}") -> Response:
    """Return a response to a request, without a server."""
    answer = requests.Response()
    answer.status_code, answer._content = status, body
    answer.headers["Content-Type"] = "application/json"
    answer.request = compat.as_request(case, URL).prepare()
    return Response.from_requests(answer, verify=True)


def check_failures(case: Case[Any], response: Response, *also: Any) -> Iterator[Failure]:
    """Yield the failures that the checks report."""
    try:
        compat.run_checks(case, response, also=also, excluded=[])
    except FailureGroup as group:
        yield from sorted(group.exceptions)


def test_a_request_says_what_it_is_for(case: Case[Any], schema: schemathesis.BaseSchema) -> None:
    """A request has operation, contract, URL and path."""
    assert compat.operation_id(case) == "getGroup"
    assert compat.contract_of(case) is schema.raw_schema
    assert compat.base_url(case) == URL
    assert compat.request_line(case) == "GET /api/v1/marketing-notice/group/7"


def test_a_response_that_nobody_sent_is_judged_like_any_other(
    schema: schemathesis.BaseSchema,
) -> None:
    """As for recorded traffic: request and response are made of their parts."""
    path, method = "/api/v1/marketing-notice/group/{id}", "get"
    made = compat.hand_made_case(schema, path, method, {"id": "7"}, {})
    assert compat.request_line(made) == "GET /api/v1/marketing-notice/group/7"
    request = compat.as_request(made, URL).prepare()
    headers = {"content-type": ["application/json"]}
    response = compat.make_response(request, 200, headers, b'{"id": "x"}')
    assert {type(each).__name__ for each in check_failures(made, response)} == {"JsonSchemaError"}


@pytest.mark.whole
def test_a_request_says_how_it_was_made(case: Case[Any], schema: schemathesis.BaseSchema) -> None:
    """A generated request has a mode; a hand-made one has no metadata."""
    assert not compat.is_generated(case)
    assert compat.is_positive_case(case)
    operation: Any = schema["/api/v1/marketing-notice/group"]["post"]
    strategy = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
    with pytest.warns(match="example"):
        generated = strategy.example()
    assert compat.is_generated(generated)
    assert not compat.is_positive_case(generated)


def test_a_copy_is_another_request_with_the_same_parts(case: Case[Any]) -> None:
    """A copy has an id of its own."""
    copy = compat.copy_case(case)
    assert copy.id != case.id
    assert (copy.method, copy.path_parameters) == (case.method, {"id": 7})


def test_a_request_can_be_had_without_being_sent(case: Case[Any]) -> None:
    """The request has the arguments for `requests`, and the header with its id."""
    sent = compat.as_request(case, URL).prepare()
    assert (sent.method, sent.url) == ("GET", f"{URL}/api/v1/marketing-notice/group/7")
    assert sent.headers[compat.CASE_ID_HEADER] == case.id


def test_a_misfit_has_place_and_reason(case: Case[Any]) -> None:
    """A mismatch has a place in the response and in its schema."""
    found = check_failures(case, make_response(case, 200, b'{"id": "x"}'))
    misfits = [misfit for failure in found if (misfit := compat.schema_mismatch(failure))]
    ends = {(*misfit.instance, misfit.schema[-1]) for misfit in misfits}
    assert ends & {("required",), ("id", "type")}
    assert all(misfit.message for misfit in misfits)


def test_a_failed_check_of_ours_has_what_it_has_raised(case: Case[Any]) -> None:
    """The failure has the raised exception with its fields; a built-in check has none."""
    broken = ContractViolationError(ResponseFinding(ViolationKind.LINK_NOT_FOUND, "a", "b"))

    def fails(_context: Any, _response: Any, _case: Any) -> None:
        raise broken

    found = [*check_failures(case, make_response(case, 404), fails)]
    [failure] = (one for one in found if compat.custom_check_error(one))
    assert compat.custom_check_error(failure) is broken
    assert compat.schema_mismatch(failure) is None
    assert len(found) > 1


def test_a_failure_says_what_was_expected_and_what_was_got(case: Case[Any]) -> None:
    """Expected and actual values are texts, where the failure has such members."""
    found = {
        compat.failure_name(one): one for one in check_failures(case, make_response(case, 299))
    }
    expected, actual = compat.expected_and_actual(found["UndefinedStatusCode"])
    assert actual == "299"
    assert expected.startswith("200, ")
    [misfit, *_] = check_failures(case, make_response(case, 200, b'{"id": "x"}'))
    assert compat.expected_and_actual(misfit) == ("", "")


def test_every_failure_of_a_built_in_check_has_a_kind() -> None:
    """Every failure of Schemathesis has a kind of ours, and every name in the table exists."""

    def below(kind: type[Failure]) -> Iterator[str]:
        for one in kind.__subclasses__():
            if one.__module__ in ("schemathesis.core.failures", "schemathesis.openapi.checks"):
                yield one.__name__
                yield from below(one)

    assert {*below(Failure)} - {"CustomFailure"} == KIND_BY_FAILURE_NAME.keys()


def test_failures_have_title_message_and_order(case: Case[Any]) -> None:
    """Failures have a stable order, so that a response is always reported in the same way."""
    found = [*check_failures(case, make_response(case, 599, b"no JSON"))]
    assert len(found) > 1
    assert all(failure.title and isinstance(failure.message, str) for failure in found)
    assert min(found) is found[0]


def test_a_link_is_called_as_ours_is() -> None:
    """Names consist of operations, status and name, by which followed links are counted."""
    [link] = links_between([operations()[name] for name in LINKED_OPERATIONS])
    named = format_transition(link.source.label, link.status, link.name, link.target.label)
    assert str(link) == named


def test_a_state_machine_calls_what_a_chain_overrides() -> None:
    """`step` calls `call` with the request, and then the validation of the response."""
    machine = stateful.APIStateMachine
    assert [*signature(machine.step).parameters][:2] == ["self", "input"]
    assert [*signature(machine.call).parameters][:2] == ["self", "case"]
    given = [*signature(machine.validate_response).parameters]
    assert given[:4] == ["self", "response", "case", "additional_checks"]


def test_a_step_says_what_it_takes_from_where(case: Case[Any]) -> None:
    """A step has the link, whether it was followed, and the path parameters taken from it."""
    start = StepInput.initial(case)
    assert compat.link_of_step(start) is None
    assert not compat.is_link_followed(start)
    link = Transition(
        id="a -> [200] b -> c", parent_id="1", is_inferred=False, parameters={}, request_body=None
    )
    taken: Any = [("path", "id"), ("query", "size"), ("body", None)]
    step = StepInput(case, link, taken)
    assert compat.link_of_step(step) == "a -> [200] b -> c"
    assert compat.is_link_followed(step)
    assert compat.path_parameters_from_link(step) == {"id"}


@pytest.mark.parametrize("name", BUILT_IN_CHECKS)
def test_the_built_in_checks_have_these_names(name: str) -> None:
    """The names by which checks are excluded exist."""
    assert getattr(checks, name).__name__ == name
