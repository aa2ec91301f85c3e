"""One run of the check: what is sent, how it is judged, what is found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from functools import cached_property
from typing import Any

import requests
from schemathesis import BaseSchema, Case, CheckFunction, Response, checks
from schemathesis.errors import FailureGroup

from contract_tests.caller import Caller
from contract_tests.checks import (
    OWN,
    credentials_are_wanted,
    is_valid,
    is_valid_as_sent,
    operation_of,
)
from contract_tests.contract import Operation, choose
from contract_tests.curl import curl
from contract_tests.secrecy import basic
from contract_tests.subject import Plan, read_schema
from contract_tests.target import Target, Unfit, reason
from contract_tests.violations import Violation, Violations, describe

CURRENT: ContextVar[Run] = ContextVar("run")
"""The run that is under way: how a test module, which pytest imports, finds it."""
WRONG = {"bearerAuth": "Bearer wrong", "clientBasic": basic("wrong", "wrong")}
PATIENCE = 3
"""Requests in a row without an answer, after which nobody is thought to be there."""


class Run:
    """Sends what the tests generate and keeps what is wrong with the answers.

    A violation is noted, not raised: so a run finds all of them, and sends the same to a broken
    server as to a good one.
    """

    def __init__(self, target: Target, caller: Caller, plan: Plan) -> None:
        """Check `target` by `caller` as `plan` says."""
        self.target = target
        self.caller = caller
        self.plan = plan
        self.chosen = choose(plan.only)
        self.violations = Violations()
        self.succeeded: set[str] = set()
        """The operations of which a success was seen, by operationId."""
        self.followed: set[str] = set()
        """The links that were followed, in schemathesis' words."""
        self.statuses: Counter[int] = Counter()
        """The answers since the last test was done."""
        self.gone: Unfit | None = None
        """Why the target could not be checked to the end."""
        self.stop: Callable[[str], None] = lambda _reason: None
        """What ends the tests when the target has gone."""
        self._probed: set[str] = set()
        self._silent = 0

    @cached_property
    def schema(self) -> BaseSchema:
        """The chosen operations, for schemathesis."""
        return read_schema(self.target.url, self.plan)

    def check(self, case: Case[Any]) -> None:
        """Send a request, judge the answer; the first valid one also without good credentials."""
        response = self.send(case)
        if response is None:
            return
        self.judge(case, response, also=OWN)
        operation = operation_of(case)
        if operation.schemes and is_valid(case) and operation.name not in self._probed:
            self._probed.add(operation.name)
            self._probe_credentials(case, operation)

    def send(
        self, case: Case[Any], credentials: Mapping[str, str] | None = None
    ) -> Response | None:
        """The answer to a request, sent with the credentials that it needs unless others are given.

        None when nobody answers, which is noted, or when there is nobody any more.
        """
        if self.gone:
            return None
        operation = operation_of(case)
        try:
            if credentials is None:
                credentials = self.caller.credentials(operation.schemes)
            response = case.call(session=self.caller.session, headers=dict(credentials))
        except Unfit as error:
            self._give_up(error)
            return None
        except requests.RequestException as error:
            self._unanswered(operation, error)
            return None
        self._silent = 0
        self.statuses[response.status_code] += 1
        if 200 <= response.status_code < 300:
            self.succeeded.add(operation.name)
            if "clientBasic" in operation.schemes:
                self.caller.learn_tokens(response.content)
        return response

    def judge(
        self,
        case: Case[Any],
        response: Response,
        *,
        also: Sequence[CheckFunction],
        recorder: Any = None,
        before: Sequence[requests.PreparedRequest] = (),
    ) -> None:
        """Hold an answer against the contract by all built-in checks and these; note what is wrong.

        `recorder` is schemathesis' memory of a chain, `before` are the requests that led to this.
        """
        # Schemathesis does not see that a form turns values into texts.
        excluded = [checks.negative_data_rejection] if is_valid_as_sent(case) else []
        try:
            case.validate_response(
                response, additional_checks=[*also], excluded_checks=excluded, recorder=recorder
            )
        except FailureGroup as failed:
            for violation in describe(failed, case, response, self.caller.secrets, before):
                self.violations.add(violation)

    def _probe_credentials(self, case: Case[Any], operation: Operation) -> None:
        wrong = [{"Authorization": WRONG[scheme]} for scheme in sorted(operation.schemes)]
        for credentials in [{}, *wrong]:
            probe = case.derive()
            response = self.send(probe, credentials)
            if response is not None:
                # Not the first of OWN: this valid request has to be refused.
                self.judge(probe, response, also=(credentials_are_wanted, *OWN[1:]))

    def _unanswered(self, operation: Operation, error: requests.RequestException) -> None:
        request, shown = error.request, ""
        if isinstance(request, requests.PreparedRequest):
            shown = curl(request, self.caller.secrets)
        text = f"Expected: an answer\nGot: {reason(error)}"
        self.violations.add(Violation(operation.name, "No answer", text, curl=shown))
        self._silent += 1
        if self._silent == PATIENCE:
            self._give_up(Unfit(f"{self.target.url} does not answer any more: {reason(error)}"))

    def _give_up(self, error: Unfit) -> None:
        self.gone = error
        self.stop(str(error))
