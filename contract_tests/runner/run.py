"""One run of the check: what is sent, how it is judged, what is found."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from functools import cached_property
from typing import Any
from unittest import SkipTest

import requests
from schemathesis import BaseSchema, Case, CheckFunction, Response
from schemathesis.errors import FailureGroup

from contract_tests.checks.custom_checks import (
    CUSTOM_CHECKS,
    breaks_only_inferred,
    credentials_are_required,
)
from contract_tests.checks.failure_conversion import violations_from_failures
from contract_tests.contract.operations import Operation, operations
from contract_tests.contract.schemathesis_cases import is_valid, json_or_none, operation_of
from contract_tests.contract.schemathesis_compat import FailedCheck, copy_case, run_checks
from contract_tests.results.scope import CheckScope
from contract_tests.results.violation_kinds import ViolationKind
from contract_tests.results.violations import Violation, Violations, new_violation
from contract_tests.rules.probe_runner import TIME_CHAPTER, ProbeRunner
from contract_tests.runner.cleanup import Cleanup
from contract_tests.runner.exclusions import excluded_checks
from contract_tests.runner.schemathesis_config import RunPlan, read_schema
from contract_tests.runner.selection import select_operations_and_rules
from contract_tests.runner.tally import OperationTally, sent_parameters
from contract_tests.safety.login import AuthenticatedSession
from contract_tests.safety.name_prefix import add_name_prefix, has_name_to_prefix
from contract_tests.target.redaction import WRONG_CREDENTIALS
from contract_tests.target.target import CannotCheckError, Target, failure_reason
from contract_tests.target.transport import UnsafeRequestError

CURRENT_RUN: ContextVar[Run] = ContextVar("run")
"""The run that is under way: how a test module, which pytest imports, finds it."""
MAX_UNANSWERED_REQUESTS = 3
"""Requests in a row without an answer, after which it is asked whether anybody is there."""


class Run:
    """Sends what the tests generate and keeps what is wrong with the answers.

    A violation is noted, not raised: so a run finds all of them, and sends the same to a broken
    server as to a good one.
    """

    def __init__(
        self, target: Target, caller: AuthenticatedSession, plan: RunPlan, *, admin_token: str = ""
    ) -> None:
        """Check `target` by `caller` as `plan` says; `admin_token` is for the target's clock."""
        self.target = target
        self.caller = caller
        self.plan = plan
        self.chosen, rules, self.left_out = select_operations_and_rules(plan, target)
        """The operations that filters and profile select, over all shards; why others are not."""
        self.limits = plan.reach.limits(self.chosen) if plan.reach else {}
        """Why requests to an operation are not sent, by operationId; see `policy.py`."""
        self.generated = [each for each in self.chosen if each.name not in self.limits]
        """Those that generated requests are sent to."""
        self.shard_operations = plan.select_shard(self.generated)
        """Those of them that this shard tests."""
        self.probe_runner = ProbeRunner(
            target,
            caller,
            plan.select_shard(rules),
            plan.profile != "full",
            admin_token,
            plan.reach.members if plan.reach else None,
            plan.strictness,
        )
        self.cleanup = Cleanup()
        self.violations = Violations()
        self.followed: Counter[str] = Counter()
        """How often each link was followed, in schemathesis' words."""
        self.tally = OperationTally(self.chosen)
        self.gone: CannotCheckError | None = None
        """Why the target could not be checked to the end."""
        self.ended = ""
        """Why the run ends before everything is checked; nothing is sent from then on."""
        self.interrupted = False
        """Whether the user has asked for its end."""
        self.stop: Callable[[str], None] = lambda _reason: None
        """What ends the tests when the target has gone."""
        self.turn: Callable[[], None] | None = None
        """What waits until nobody else is at work on the target, if others share this run."""
        self._probed: set[str] = set()
        self._judged_by: dict[FailedCheck, str] = {}  # the checks that the last answer has failed
        self._end = time.monotonic() + plan.max_time if plan.max_time else math.inf
        self._silent = 0

    @cached_property
    def schema(self) -> BaseSchema:
        """The operations of generated requests, for schemathesis."""
        return self._read_schema(self.generated)

    @cached_property
    def shard_schema(self) -> BaseSchema:
        """Those that this shard tests, for schemathesis."""
        return self._read_schema(self.shard_operations)

    @property
    def share(self) -> CheckScope:
        """Return how much of the contract this shard is going to check."""
        profile, rules = self.plan.profile, self.probe_runner.rules
        is_sure = profile == "full" and self.plan.reach is None
        return CheckScope(profile, len(self.shard_operations), len(rules), is_sure)

    def _read_schema(self, some: Sequence[Operation]) -> BaseSchema:
        schema = read_schema(self.target.url, self.plan, some)

        @schema.hook("after_validate")
        def count(context: Any, case: Case[Any], response: Response, results: Any) -> None:
            del context  # schemathesis gives it by name
            operation = operation_of(case)
            self.tally.count_undeclared_fields(operation, response)
            for result in results:
                failed = result.failure is not None
                self.tally.count_check(operation.name, result.name, failed=failed)
            self._judged_by = {each.failure: each.name for each in results if each.failure}

        return schema

    def send_example(self, name: str) -> None:
        """Send the contract's own example of an operation, and judge the answer."""
        operation = operations()[name]
        case = self.schema[operation.path][operation.method].Case(
            path_parameters=dict(operation.example["path"]), query=dict(operation.example["query"])
        )
        response = self.send(case)
        if response is not None:
            self.judge(case, response, also=CUSTOM_CHECKS)

    def check(self, case: Case[Any]) -> None:
        """Send a request, judge the answer; the first valid one also without good credentials."""
        response = self.send(case)
        if response is None:
            return
        self.judge(case, response, also=CUSTOM_CHECKS)
        operation = operation_of(case)
        if operation.requires_credentials and is_valid(case) and operation.name not in self._probed:
            self._probed.add(operation.name)
            self._probe_credentials(case, operation)

    def run_probes(self, chapter: str) -> None:
        """Try the probes of a chapter of rules, until nobody answers any more."""
        for probe in self.probe_runner.chapters[chapter]:
            if self._is_over():
                return
            try:
                violation = self.probe_runner.run_probe(probe)
            except CannotCheckError as error:
                self._abort(error)
                return
            verdict = self.probe_runner.verdicts[-1][1]
            for answer in verdict.answers:
                sent = sent_parameters(operations()[answer.operation], answer.raw.request)
                self.tally.count_response(answer.operation, answer.status, sent)
                if answer.status < 300:
                    self.cleanup.note_probe_success(answer.operation)
            for made in verdict.kept:
                self.cleanup.note_not_removed(made.operation, made.json)
            if violation:
                self.note(violation)
            if verdict.is_silent:
                self._check_reachability(verdict.reason)
            else:
                self._silent = 0
        if chapter == TIME_CHAPTER and self.probe_runner.clock:
            self.caller.renew_login()

    def send(
        self, case: Case[Any], credentials: Mapping[str, str] | None = None
    ) -> Response | None:
        """The answer to a request, sent with the credentials that it needs unless others are given.

        What it makes gets a name of this run. None when nobody answers, or the request is beyond
        the plan's reach; both are noted. None, too, where any answer would be right.
        Raises SkipTest once the run is to end: no other exception ends generated tests at once.
        """
        if self._is_over():
            raise SkipTest(self.ended)
        if breaks_only_inferred(case):
            return None
        operation = operation_of(case)
        try:
            if credentials is None:
                credentials = self.caller.credentials(operation.security_schemes)
            response = case.call(
                base_url=self.target.base_url(operation.name),
                session=self.caller.session,
                headers=dict(credentials),
                **(
                    add_name_prefix(self.probe_runner.prefix, case)
                    if has_name_to_prefix(case)
                    else {}
                ),
            )
        except UnsafeRequestError as error:
            if self.plan.reach is None:  # then nothing is generated that may not be sent
                raise
            self.limits.setdefault(operation.name, error.why)
            return None
        except CannotCheckError as error:
            self._abort(error)
            return None
        except requests.RequestException as error:
            self._note_no_response(operation, error)
            return None
        self._silent = 0
        if self.caller.ledger.may_be_repeat(response.status_code):
            return None
        return self._count_response(operation, case, response)

    def _count_response(
        self, operation: Operation, case: Case[Any], response: Response
    ) -> Response:
        if case.method.lower() == operation.method:  # other methods on its path are not it
            sent = sent_parameters(operation, response.request)
            self.tally.count_response(operation.name, response.status_code, sent)
            if 200 <= response.status_code < 300:
                self.cleanup.note(operation.name, json_or_none(response))
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
        try:
            excluded = excluded_checks(case, response)
            run_checks(case, response, also=also, excluded=excluded, recorder=recorder)
        except FailureGroup as failed:
            names = self._judged_by
            for violation in violations_from_failures(
                failed, case, response, self.caller, before, names
            ):
                self.note(violation)

    def _probe_credentials(self, case: Case[Any], operation: Operation) -> None:
        reach = self.plan.reach
        may_try = self.plan.profile == "full" and (reach is None or reach.token_probes)
        wrong = [
            WRONG_CREDENTIALS[scheme] for scheme in sorted(operation.security_schemes) if may_try
        ]
        for credentials in [{}, *({"Authorization": value} for value in wrong)]:
            probe = copy_case(case)
            response = self.send(probe, credentials)
            if response is not None:
                # Not the first of CUSTOM_CHECKS: this valid request has to be refused.
                self.judge(probe, response, also=(credentials_are_required, *CUSTOM_CHECKS[1:]))

    def _note_no_response(self, operation: Operation, error: requests.RequestException) -> None:
        request, shown = error.request, ""
        if isinstance(request, requests.PreparedRequest):
            shown = self.caller.curl_command(request)
        why = failure_reason(error)
        self.note(new_violation(operation.name, ViolationKind.NO_ANSWER, actual=why, request=shown))
        self._check_reachability(why)

    def _check_reachability(self, why: str) -> None:
        """After some requests in a row without an answer, see whether nobody answers anything."""
        self._silent += 1
        if self._silent % MAX_UNANSWERED_REQUESTS == 0 and not self.target.is_reachable(
            self.caller.session
        ):
            self._abort(CannotCheckError(f"{self.target.url} does not answer any more: {why}"))

    def wait_for_turn(self) -> None:
        """Have the target for itself from now on; who had it before may have moved its time."""
        if self.turn:
            self.turn()
            self.turn = None
            self.caller.renew_login()

    def note(self, violation: Violation) -> None:
        """Keep a violation; the first one may end the run."""
        self.violations.add(violation)
        if self.plan.fail_fast and not self.ended:
            self.end("stopped at the first violation")

    def end(self, why: str) -> None:
        """Send nothing any more, and begin no other test."""
        self.ended = why
        self.stop(why)

    def _is_over(self) -> bool:
        if self.interrupted:
            raise KeyboardInterrupt
        if not self.ended and time.monotonic() >= self._end:
            self.end(f"the {self.plan.max_time} s of --max-time are over")
        return bool(self.ended)

    def _abort(self, error: CannotCheckError) -> None:
        self.gone = error
        self.end(str(error))
