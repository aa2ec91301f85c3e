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

from contract_tests.checks.custom_checks import OWN, breaks_only_ours, credentials_are_wanted
from contract_tests.checks.failure_conversion import describe
from contract_tests.contract.operations import Operation, operations
from contract_tests.contract.schemathesis_cases import is_valid, json_of, operation_of
from contract_tests.contract.schemathesis_compat import FailedCheck, copy_of, validate
from contract_tests.results.scope import Share
from contract_tests.results.violation_kinds import Kind
from contract_tests.results.violations import Violation, Violations, violation_of
from contract_tests.rules.probe_runner import TIME, Rulebook
from contract_tests.runner.cleanup import Remains
from contract_tests.runner.exclusions import excluded_checks
from contract_tests.runner.schemathesis_config import Plan, read_schema
from contract_tests.runner.selection import chosen
from contract_tests.runner.tally import Account, parameters_of
from contract_tests.safety.login import Caller
from contract_tests.safety.name_prefix import makes_names, named_after
from contract_tests.target.redaction import WRONG
from contract_tests.target.target import Target, Unfit, reason
from contract_tests.target.transport import Unsafe

CURRENT: ContextVar[Run] = ContextVar("run")
"""The run that is under way: how a test module, which pytest imports, finds it."""
SILENCE = 3
"""Requests in a row without an answer, after which it is asked whether anybody is there."""


class Run:
    """Sends what the tests generate and keeps what is wrong with the answers.

    A violation is noted, not raised: so a run finds all of them, and sends the same to a broken
    server as to a good one.
    """

    def __init__(
        self, target: Target, caller: Caller, plan: Plan, *, admin_token: str = ""
    ) -> None:
        """Check `target` by `caller` as `plan` says; `admin_token` is for the target's clock."""
        self.target = target
        self.caller = caller
        self.plan = plan
        self.chosen, rules, self.left_out = chosen(plan, target)
        """The operations that filters and profile select, over all shards; why others are not."""
        self.limits = plan.reach.limits(self.chosen) if plan.reach else {}
        """Why requests to an operation are not sent, by operationId; see `policy.py`."""
        self.generated = [each for each in self.chosen if each.name not in self.limits]
        """Those that generated requests are sent to."""
        self.mine = plan.part(self.generated)
        """Those of them that this shard tests."""
        self.rulebook = Rulebook(
            target,
            caller,
            plan.part(rules),
            plan.profile != "full",
            admin_token,
            plan.reach.members if plan.reach else None,
            plan.strictness,
        )
        self.remains = Remains()
        self.violations = Violations()
        self.followed: Counter[str] = Counter()
        """How often each link was followed, in schemathesis' words."""
        self.account = Account(self.chosen)
        self.gone: Unfit | None = None
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
        return self._read(self.generated)

    @cached_property
    def tested(self) -> BaseSchema:
        """Those that this shard tests, for schemathesis."""
        return self._read(self.mine)

    @property
    def share(self) -> Share:
        """Return how much of the contract this shard is going to check."""
        profile, rules = self.plan.profile, self.rulebook.rules
        is_sure = profile == "full" and self.plan.reach is None
        return Share(profile, len(self.mine), len(rules), is_sure)

    def _read(self, some: Sequence[Operation]) -> BaseSchema:
        schema = read_schema(self.target.url, self.plan, some)

        @schema.hook("after_validate")
        def count(context: Any, case: Case[Any], response: Response, results: Any) -> None:
            del context  # schemathesis gives it by name
            operation = operation_of(case)
            self.account.looked_into(operation, response)
            for result in results:
                failed = result.failure is not None
                self.account.judged(operation.name, result.name, failed=failed)
            self._judged_by = {each.failure: each.name for each in results if each.failure}

        return schema

    def example(self, name: str) -> None:
        """Send the contract's own example of an operation, and judge the answer."""
        operation = operations()[name]
        case = self.schema[operation.path][operation.method].Case(
            path_parameters=dict(operation.example["path"]), query=dict(operation.example["query"])
        )
        response = self.send(case)
        if response is not None:
            self.judge(case, response, also=OWN)

    def check(self, case: Case[Any]) -> None:
        """Send a request, judge the answer; the first valid one also without good credentials."""
        response = self.send(case)
        if response is None:
            return
        self.judge(case, response, also=OWN)
        operation = operation_of(case)
        if operation.wants_credentials and is_valid(case) and operation.name not in self._probed:
            self._probed.add(operation.name)
            self._probe_credentials(case, operation)

    def try_rules(self, chapter: str) -> None:
        """Try the probes of a chapter of rules, until nobody answers any more."""
        for probe in self.rulebook.chapters[chapter]:
            if self._is_over():
                return
            try:
                violation = self.rulebook.judge(probe)
            except Unfit as error:
                self._give_up(error)
                return
            verdict = self.rulebook.verdicts[-1][1]
            for answer in verdict.answers:
                sent = parameters_of(operations()[answer.operation], answer.raw.request)
                self.account.answered(answer.operation, answer.status, sent)
                if answer.status < 300:
                    self.remains.note_probed(answer.operation)
            for made in verdict.kept:
                self.remains.note_kept(made.operation, made.json)
            if violation:
                self.note(violation)
            if verdict.is_silent:
                self._be_patient(verdict.reason)
            else:
                self._silent = 0
        if chapter == TIME and self.rulebook.clock:
            self.caller.renew()

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
        if breaks_only_ours(case):
            return None
        operation = operation_of(case)
        try:
            if credentials is None:
                credentials = self.caller.credentials(operation.schemes)
            response = case.call(
                base_url=self.target.base(operation.name),
                session=self.caller.session,
                headers=dict(credentials),
                **(named_after(self.rulebook.prefix, case) if makes_names(case) else {}),
            )
        except Unsafe as error:
            if self.plan.reach is None:  # then nothing is generated that may not be sent
                raise
            self.limits.setdefault(operation.name, error.why)
            return None
        except Unfit as error:
            self._give_up(error)
            return None
        except requests.RequestException as error:
            self._unanswered(operation, error)
            return None
        self._silent = 0
        if self.caller.ledger.was_done(response.status_code):
            return None
        return self._counted(operation, case, response)

    def _counted(self, operation: Operation, case: Case[Any], response: Response) -> Response:
        if case.method.lower() == operation.method:  # other methods on its path are not it
            sent = parameters_of(operation, response.request)
            self.account.answered(operation.name, response.status_code, sent)
            if 200 <= response.status_code < 300:
                self.remains.note(operation.name, json_of(response))
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
            validate(case, response, also=also, excluded=excluded, recorder=recorder)
        except FailureGroup as failed:
            names = self._judged_by
            for violation in describe(failed, case, response, self.caller, before, names):
                self.note(violation)

    def _probe_credentials(self, case: Case[Any], operation: Operation) -> None:
        reach = self.plan.reach
        may_try = self.plan.profile == "full" and (reach is None or reach.token_probes)
        wrong = [WRONG[scheme] for scheme in sorted(operation.schemes) if may_try]
        for credentials in [{}, *({"Authorization": value} for value in wrong)]:
            probe = copy_of(case)
            response = self.send(probe, credentials)
            if response is not None:
                # Not the first of OWN: this valid request has to be refused.
                self.judge(probe, response, also=(credentials_are_wanted, *OWN[1:]))

    def _unanswered(self, operation: Operation, error: requests.RequestException) -> None:
        request, shown = error.request, ""
        if isinstance(request, requests.PreparedRequest):
            shown = self.caller.command(request)
        why = reason(error)
        self.note(violation_of(operation.name, Kind.NO_ANSWER, actual=why, request=shown))
        self._be_patient(why)

    def _be_patient(self, why: str) -> None:
        """After some requests in a row without an answer, see whether nobody answers anything."""
        self._silent += 1
        if self._silent % SILENCE == 0 and not self.target.is_there(self.caller.session):
            self._give_up(Unfit(f"{self.target.url} does not answer any more: {why}"))

    def take_turn(self) -> None:
        """Have the target for itself from now on; who had it before may have moved its time."""
        if self.turn:
            self.turn()
            self.turn = None
            self.caller.renew()

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

    def _give_up(self, error: Unfit) -> None:
        self.gone = error
        self.end(str(error))
