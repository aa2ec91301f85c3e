"""Forced responses: by preferences of the request, or by the fault rules of its session.

A request with preferences is not subject to the rules. Both come before credentials and the body
are looked at, since a broken backend does not check them either. A delayed request holds neither a
thread nor a lock, and ends when its client goes away.
"""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any

from mock_server.errors import ApiError, ErrorDetail, InvalidRequest, display_text
from mock_server.http.connexion_compat import ROUTING_CONTEXT
from mock_server.http.delays import delay_response
from mock_server.http.dropped_connections import HalfResponse, drop_connection
from mock_server.http.forced_responses import ForcedResponse, ForcedResponses, OperationResponses
from mock_server.http.preferences import (
    Preferences,
    may_have_preferences,
    read_preferences,
    without_preferences,
)
from mock_server.http.recorded_exchange import FAULTS_KEY
from mock_server.http.response_sending import send_response
from mock_server.sessions.faults import CountedRule, Disconnect
from mock_server.sessions.session import SESSION_KEY, session_of
from mock_server.settings import CONTROL_PLANE

APPLIED_HEADER = "Preference-Applied"
FAULT_HEADER = "X-Mock-Fault"
"""Header of a response that a fault rule has changed or delayed: the id of the rule."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """Forced changes of one response.

    mark: the header that says so; response: instead of the usual one; delay: in milliseconds.
    """

    mark: tuple[str, str]
    response: ForcedResponse | None = None
    delay: int = 0
    disconnect: Disconnect | None = None

    def as_json(self) -> dict[str, Any]:
        """Return what is done to the request, for the journal."""
        name, value = self.mark
        found = {
            "preference" if name == APPLIED_HEADER else "rule": value,
            "status": self.response.status if self.response else None,
            "delay": self.delay or None,
            "disconnect": self.disconnect,
        }
        return {key: value for key, value in found.items() if value is not None}


class FaultMiddleware:
    """Middleware between routing and security, which replaces, delays and drops responses."""

    def __init__(self, app: Any) -> None:
        """Wrap the next application."""
        self._app = app

    def __call__(self, scope: Any, receive: Any, send: Any) -> Awaitable[None]:
        """Serve a request that is to be forced, and pass all others on."""
        # Not `async`: requests without faults would pay for one more coroutine.
        if scope["type"] == "http" and (
            scope[SESSION_KEY].faults.active or may_have_preferences(scope)
        ):
            operation = scope["extensions"][ROUTING_CONTEXT]["operation_id"]
            if operation is not None and not scope["path"].startswith(CONTROL_PLANE):
                return self._serve(operation, scope, receive, send)
        passed: Awaitable[None] = self._app(scope, receive, send)
        return passed

    async def _serve(self, operation: str, scope: Any, receive: Any, send: Any) -> None:
        session = session_of(scope)
        forced: ForcedResponses = session.contract.forced
        responses = forced.operations.get(operation)
        if responses is None:  # a reload has just replaced the contract
            await self._app(scope, receive, send)
            return
        try:
            preferences = read_preferences(scope)
            if preferences is not None:
                plan = _plan_of_preferences(preferences, responses)
            elif rule := session.faults.decide(operation, session.world.seed):
                plan = _plan_of_rule(rule, responses, session.world.seed)
            else:
                await self._app(scope, receive, send)
                return
        except InvalidRequest as refusal:
            await send_response(scope, send, *forced.error_response(operation, refusal, scope))
            return
        scope[FAULTS_KEY] = [plan.as_json()]
        if plan.delay:
            receive = await delay_response(plan.delay / 1000, receive)
            if receive is None:
                return
        if plan.disconnect is None:
            await self._respond(operation, plan, scope, receive, send)
            return
        if plan.disconnect == "body":
            await self._respond(operation, plan, scope, receive, HalfResponse(send))
        await drop_connection(scope, receive)

    async def _respond(
        self, operation: str, plan: _Plan, scope: Any, receive: Any, send: Any
    ) -> None:
        """Send the forced response, or the usual one with the plan's mark."""
        name, value = plan.mark
        field = (name.lower().encode(), value.encode())
        if plan.response:
            forced: ForcedResponses = session_of(scope).contract.forced
            status, body, headers = forced.response(operation, plan.response, scope)
            await send_response(scope, send, status, body, [*headers, field])
            return

        async def send_marked(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"].append(field)
            await send(message)

        # In the same scope, where others leave notes for the journal, whose query is restored.
        query = scope["query_string"]
        scope["query_string"] = without_preferences(query)
        try:
            await self._app(scope, receive, send_marked)
        except ApiError as refusal:  # the error middleware writes it
            if isinstance(send, HalfResponse):
                return
            refusal.headers[name] = value
            raise
        finally:
            scope["query_string"] = query


def _plan_of_preferences(preferences: Preferences, responses: OperationResponses) -> _Plan:
    """Return the plan of preferences; raises InvalidRequest if the contract has no such response.

    An example without a status selects the lowest status that has it.
    """
    status, example = preferences.code, preferences.example
    pointers = preferences.pointers
    if status is None and example is not None:
        status = responses.status_of_example(example)
        if status is None:
            raise InvalidRequest(
                _unknown_example(pointers["example"], responses.all_examples(), example)
            )
    if status is not None:
        if responses.find(status) is None and not preferences.undocumented:
            accepted = ", ".join(responses.statuses())
            raise InvalidRequest(
                ErrorDetail(pointers["code"], "preferredStatus", accepted, str(status))
            )
        if example is not None and example not in (known := responses.examples(status)):
            raise InvalidRequest(_unknown_example(pointers["example"], known, example))
    mark = (APPLIED_HEADER, preferences.applied())
    response = None if status is None else ForcedResponse(status, example)
    return _Plan(mark, response, preferences.delay or 0)


def _unknown_example(pointer: str, known: list[str], found: str) -> ErrorDetail:
    return ErrorDetail(pointer, "preferredExample", ", ".join(known), display_text(found))


def _plan_of_rule(hit: CountedRule, responses: OperationResponses, seed: int) -> _Plan:
    """Return the plan of a rule that has just been hit."""
    rule = hit.rule
    status = rule.status
    if status is None and rule.example is not None:
        status = responses.status_of_example(rule.example)
    response = None if status is None else ForcedResponse(status, rule.example, rule.retry_after)
    return _Plan((FAULT_HEADER, hit.id), response, hit.delay_of_hit(seed), rule.disconnect)
