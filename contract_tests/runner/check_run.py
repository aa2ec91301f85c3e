"""A run of the check: requests, judgment of the responses, violations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from functools import cached_property
from typing import Any
from unittest import SkipTest

import requests
from schemathesis import BaseSchema, Case, CheckFunction, Response

from contract_tests.checks.custom_checks import (
    CUSTOM_CHECKS,
    credentials_are_required,
    may_invalid_request_be_valid,
)
from contract_tests.contract.operations import Operation, operations
from contract_tests.contract.schemathesis_cases import is_valid, json_or_none, operation_of
from contract_tests.contract.schemathesis_compat import copy_case
from contract_tests.results.check_scope import CheckScope
from contract_tests.results.violation_kinds import ViolationKind
from contract_tests.results.violations import Violation, Violations, new_violation
from contract_tests.rules.probe_runner import TIME_CHAPTER, ProbeRunner
from contract_tests.runner.cleanup import Cleanup
from contract_tests.runner.lifetime import RunLifetime
from contract_tests.runner.response_judge import ResponseJudge
from contract_tests.runner.run_readings import RunReadings
from contract_tests.runner.schemathesis_config import RunPlan, read_schema
from contract_tests.runner.selection import select_operations_and_rules
from contract_tests.runner.tally import OperationTally, sent_parameters
from contract_tests.safety.login import AuthenticatedSession
from contract_tests.safety.name_prefix import add_name_prefix, has_name_to_prefix
from contract_tests.target.redaction import WRONG_CREDENTIALS
from contract_tests.target.target import CannotCheckError, Target, failure_reason
from contract_tests.target.transport import UnsafeRequestError

CURRENT_RUN: ContextVar[CheckRun] = ContextVar("run")
"""The active run, for the test modules that pytest imports."""
MAX_UNANSWERED_REQUESTS = 3
"""Consecutive requests without a response, after which the server is tested for reachability."""


class CheckRun(RunLifetime):
    """Sender of the requests of all tests, and collector of the violations.

    A violation is recorded and not raised. A run thus finds all of them, and sends the same
    requests to a faulty server as to a correct one.
    """

    def __init__(
        self, target: Target, caller: AuthenticatedSession, plan: RunPlan, *, admin_token: str = ""
    ) -> None:
        """Prepare to check `target` by `plan`; `admin_token` is for the target's clock."""
        super().__init__(plan.max_time)
        self.target = target
        self.caller = caller
        self.plan = plan
        self.chosen, rules, self.left_out = select_operations_and_rules(plan, target)
        """Operations of all shards by filters and profile, and why others are left out."""
        policy = plan.safety_policy
        self.limits = policy.limited_operations(self.chosen) if policy else {}
        """Reasons for withholding requests, by operationId; of `SafetyPolicy`."""
        self.generated = [each for each in self.chosen if each.name not in self.limits]
        """Operations that get generated requests."""
        self.shard_operations = plan.select_operations(self.generated)
        """Those that this shard tests."""
        self.readings = RunReadings(target, caller, plan.demanded, self.add_violation)
        self.probe_runner = ProbeRunner(
            target,
            caller,
            plan.select_rules(rules),
            plan.profile != "full",
            admin_token,
            policy.members if policy else None,
            plan.strictness,
            self.readings.add,
        )
        self.cleanup = Cleanup()
        self.violations = Violations()
        self.followed: Counter[str] = Counter()
        """Number of times each link was followed, by its name."""
        self.tally = OperationTally(self.chosen)
        self.response_judge = ResponseJudge(self.tally, caller, self.add_violation)
        self.turn: Callable[[], None] | None = None
        """Waits until no other worker uses the target; None without other workers."""
        self._probed: set[str] = set()
        self._silent = 0

    @cached_property
    def schema(self) -> BaseSchema:
        """Schema for schemathesis with all operations that get generated requests."""
        return self._read_schema(self.generated)

    @cached_property
    def shard_schema(self) -> BaseSchema:
        """Schema for schemathesis with the operations that this shard tests."""
        return self._read_schema(self.shard_operations)

    @property
    def scope(self) -> CheckScope:
        """The scope that this shard is going to check."""
        profile, rules = self.plan.profile, self.probe_runner.rules
        is_sure = profile == "full" and self.plan.safety_policy is None
        return CheckScope(profile, len(self.shard_operations), len(rules), is_sure)

    def _read_schema(self, some: Sequence[Operation]) -> BaseSchema:
        return self.response_judge.watch(read_schema(self.target.url, self.plan, some))

    def send_example(self, name: str) -> None:
        """Send the contract's example of an operation, and judge the response."""
        operation = operations()[name]
        case = self.schema[operation.path][operation.method].Case(
            path_parameters=dict(operation.example["path"]), query=dict(operation.example["query"])
        )
        response = self.send(case)
        if response is not None:
            self.judge(case, response, also=CUSTOM_CHECKS)

    def check(self, case: Case[Any]) -> None:
        """Send a request and judge the response; repeat a valid one with bad credentials.

        Only the first valid request of each operation is repeated.
        """
        response = self.send(case)
        if response is None:
            return
        self.judge(case, response, also=CUSTOM_CHECKS)
        operation = operation_of(case)
        if operation.requires_credentials and is_valid(case) and operation.name not in self._probed:
            # Once per operation: a wrong login on every request could lock the account.
            self._probed.add(operation.name)
            self._probe_credentials(case, operation)

    def run_probes(self, chapter: str) -> None:
        """Run the probes of a chapter of rules until the run is over."""
        for probe in self.probe_runner.chapters[chapter]:
            if self.is_over():
                return
            try:
                violation = self.probe_runner.run_probe(probe)
            except CannotCheckError as error:
                self.abort(error)
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
                self.add_violation(violation)
            if verdict.is_silent:
                self._check_reachability(verdict.reason)
            else:
                self._silent = 0
        if chapter == TIME_CHAPTER and self.probe_runner.clock:
            self.caller.renew_login()

    def send(
        self, case: Case[Any], credentials: Mapping[str, str] | None = None
    ) -> Response | None:
        """Return the response to a request; None if there is none to judge.

        credentials: by default those of the operation. Created records get the prefix of this run.
        None stands for no response and for a request that the safety policy blocks, which are both
        noted, and for a request to which any response would be correct. Raises SkipTest once the
        run is over, since no other exception ends generated tests at once.
        """
        if self.is_over():
            raise SkipTest(self.ended)
        if may_invalid_request_be_valid(case):
            return None
        operation = operation_of(case)
        try:
            if credentials is None:
                credentials = self.caller.credential_headers(operation.security_schemes)
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
            # Without a policy, nothing is generated that may not be sent.
            if self.plan.safety_policy is None:
                raise
            self.limits.setdefault(operation.name, error.why)
            return None
        except CannotCheckError as error:
            self.abort(error)
            return None
        except requests.RequestException as error:
            self._note_no_response(operation, error)
            return None
        self._silent = 0
        if self.caller.request_log.may_be_repeat(response.status_code):
            return None
        return self._count_response(operation, case, response)

    def _count_response(
        self, operation: Operation, case: Case[Any], response: Response
    ) -> Response:
        # Schemathesis also sends other methods to the path of an operation.
        if case.method.lower() == operation.method:
            sent = sent_parameters(operation, response.request)
            self.tally.count_response(operation.name, response.status_code, sent)
            if 200 <= response.status_code < 300:
                path_ids = (case.path_parameters or {}).values()
                self.cleanup.note_success(operation.name, json_or_none(response), path_ids)
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
        """Judge a response by the built-in checks and these, and note violations.

        recorder: schemathesis' history of a chain; before: the requests that led to this one.
        """
        self.response_judge.judge(case, response, also=also, recorder=recorder, before=before)

    def _probe_credentials(self, case: Case[Any], operation: Operation) -> None:
        policy = self.plan.safety_policy
        may_try = self.plan.profile == "full" and (policy is None or policy.token_probes)
        schemes = sorted(operation.security_schemes) if may_try else []
        for credentials in [{}, *({"Authorization": WRONG_CREDENTIALS[each]} for each in schemes)]:
            probe = copy_case(case)
            response = self.send(probe, credentials)
            if response is not None:
                # Without the first of CUSTOM_CHECKS, since this valid request must be refused.
                self.judge(probe, response, also=(credentials_are_required, *CUSTOM_CHECKS[1:]))

    def _note_no_response(self, operation: Operation, error: requests.RequestException) -> None:
        request, shown = error.request, ""
        if isinstance(request, requests.PreparedRequest):
            shown = self.caller.curl_command(request)
        why = failure_reason(error)
        self.add_violation(
            new_violation(operation.name, ViolationKind.NO_ANSWER, actual=why, request=shown)
        )
        self._check_reachability(why)

    def _check_reachability(self, why: str) -> None:
        """End the run if the target is gone, tested after several requests without a response."""
        self._silent += 1
        if self._silent % MAX_UNANSWERED_REQUESTS == 0 and not self.target.is_reachable(
            self.caller.session
        ):
            self.abort(CannotCheckError(f"{self.target.url} no longer responds: {why}"))

    def wait_for_turn(self) -> None:
        """Wait until this worker has the target for itself, and log in again.

        The clock may have been moved before.
        """
        if self.turn:
            self.turn()
            self.turn = None
            self.caller.renew_login()

    def add_violation(self, violation: Violation) -> None:
        """Add a violation; with `--fail-fast` it ends the run."""
        self.violations.add(violation)
        if self.plan.fail_fast and not self.ended:
            self.end("stopped at the first violation")
