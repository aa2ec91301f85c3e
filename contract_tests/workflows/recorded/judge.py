"""Judgement of recorded exchanges: each response, its rules, and what the server remembers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from urllib.parse import parse_qs, urlsplit

from contract_tests.checks.failure_conversion import excerpt_of
from contract_tests.contract.json_body import parse_json_body
from contract_tests.contract.operations import Operation, operations, rules
from contract_tests.contract.schemathesis_cases import json_or_none
from contract_tests.contract.statuses import is_success
from contract_tests.contract.strictness import explain_undocumented
from contract_tests.results.record import RuleRecord
from contract_tests.results.violation_kinds import ViolationKind
from contract_tests.results.violations import Violations, new_violation
from contract_tests.rules.shown_rules import ShownRule, SuccessfulAnswer, shown_rules
from contract_tests.runner.response_judge import ResponseJudge
from contract_tests.runner.schemathesis_config import RunPlan, read_schema
from contract_tests.runner.tally import OperationTally, sent_parameters
from contract_tests.workflows.recorded.applicable_checks import (
    applicable_checks,
    inapplicable_checks,
)
from contract_tests.workflows.recorded.exchange import RecordedExchange
from contract_tests.workflows.recorded.history import RecordHistory
from contract_tests.workflows.recorded.matching import OperationMatch
from contract_tests.workflows.recorded.recorded_readings import RecordedReadings
from contract_tests.workflows.recorded.replay import CommandPrinter, ReplayedCall, as_replayed_call
from contract_tests.workflows.recorded.secrets import RecordedSecrets
from contract_tests.workflows.recorded.validity import validity_of

NOWHERE = "http://127.0.0.1:9"
"""Base URL of a schema whose requests are never sent."""
NOT_SHOWN_REASON = "no recorded response shows it"
RESPONSE_BODY, RESPONSE_HEADERS, REQUEST_BODY = (
    "body of the response",
    "header fields of the response",
    "body of the request",
)
"""Names of the parts of an entry that a recorder may have left out."""


class RecordingJudge:
    """Judge of the exchanges of a recording, in their order.

    chosen, rules: what is judged; all other exchanges only tell what records have become.
    """

    def __init__(
        self,
        plan: RunPlan,
        chosen: Sequence[Operation],
        rules: Sequence[str],
        secrets: RecordedSecrets,
    ) -> None:
        """Judge nothing yet; `secrets` are kept out of the violations."""
        self.violations = Violations()
        self.tally = OperationTally(chosen)
        self.partial: Counter[str] = Counter()
        """Number of exchanges by what was not recorded of them."""
        self._plan = plan
        self._rules = rules
        self._chosen = {each.name for each in chosen}
        self._shown: dict[str, list[tuple[ReplayedCall, ShownRule]]] = {}
        self._secrets = secrets
        self._printer = CommandPrinter(secrets)
        self.readings = RecordedReadings(plan.demanded, self._printer, self.violations.add)
        self._judge = ResponseJudge(self.tally, self._printer, self.violations.add)
        every = [*operations(plan.strictness).values()]
        self._schema = self._judge.watch(read_schema(NOWHERE, plan, every))

    def concerns(self, operation: Operation) -> bool:
        """Return whether responses of an operation are judged."""
        return operation.name in self._chosen or bool(operation.rules.intersection(self._rules))

    def replay(self, exchange: RecordedExchange, match: OperationMatch) -> ReplayedCall | None:
        """Return an exchange in the form in which it is judged; None if that is impossible."""
        return as_replayed_call(self._schema, exchange, match)

    def judge(self, call: ReplayedCall, history: RecordHistory, *, needs_token: bool) -> None:
        """Judge an exchange, and apply it to the history.

        needs_token: whether a request without credentials was sent without them. Recorders leave
        them out of a file as a whole.
        """
        operation, response = call.match.operation, call.response
        validity = validity_of(
            operation, response.request, response.status_code, is_whole=call.is_request_whole
        )
        mismatch = history.follow(call, validity)
        if self.concerns(operation):
            self.readings.observe(call)
        if operation.name in self._chosen:
            self._count_response_and_gaps(call)
            self._judge.judge(
                call.case,
                response,
                also=[*applicable_checks(call, validity, mismatch, needs_token=needs_token)],
                excluded=inapplicable_checks(call),
                before=mismatch.before if mismatch else (),
            )
        if is_success(response.status_code) and validity.verdict != "invalid":
            self._collect_shown_rules(call)

    def rule_records(self) -> Iterator[RuleRecord]:
        """Yield the outcome of each chosen rule, and note its violations."""
        for rule in self._rules:
            shown = self._shown.get(rule, ())
            broken = [(call, one) for call, one in shown if one.fault]
            if not shown:
                yield RuleRecord(rule, "not checkable", NOT_SHOWN_REASON)
            elif not broken:
                yield RuleRecord(rule, "held", probes={one.subject: "held" for _, one in shown})
            else:
                yield self._broken_rule(rule, broken)

    def _count_response_and_gaps(self, call: ReplayedCall) -> None:
        sent = sent_parameters(call.match.operation, call.response.request)
        self.tally.count_response(call.match.operation.name, call.response.status_code, sent)
        if not call.is_body_known:
            self.partial[RESPONSE_BODY] += 1
        if not call.exchange.response.headers:
            self.partial[RESPONSE_HEADERS] += 1
        if not call.is_request_whole:
            self.partial[REQUEST_BODY] += 1

    def _collect_shown_rules(self, call: ReplayedCall) -> None:
        if not call.is_body_known or call.response.status_code != 200:
            return
        request = call.response.request
        query = parse_qs(urlsplit(str(request.url)).query, keep_blank_values=True)
        document = json_or_none(call.response)
        answer = SuccessfulAnswer(
            call.match.operation.name, query, parse_json_body(request.body), document
        )
        for one in shown_rules(answer):
            if one.rule in self._rules:
                self._shown.setdefault(one.rule, []).append((call, one))

    def _broken_rule(
        self, rule: str, broken: Sequence[tuple[ReplayedCall, ShownRule]]
    ) -> RuleRecord:
        reasons = [_fault_text(one) for _, one in broken]
        decisions = rules()[rule].get("inferred", ())
        if decisions and not self._plan.strictness.binding:
            return RuleRecord(rule, "open", f"{explain_undocumented(*decisions)}; {reasons[0]}")
        for call, one in broken:
            self._note_broken_rule(call, one)
        probes = {one.subject: "broken" for _, one in broken}
        return RuleRecord(rule, "broken", reasons[0], dict(probes))

    def _note_broken_rule(self, call: ReplayedCall, shown: ShownRule) -> None:
        operation, fault = call.match.operation, shown.fault
        if fault is None:
            return
        self.violations.add(
            new_violation(
                shown.rule,
                ViolationKind.RULE_NOT_KEPT,
                check="rule_is_shown",
                place=f"{operation.name}/{shown.subject}",
                status=call.response.status_code,
                pointer=fault.pointer,
                expected=fault.expected,
                actual=fault.actual,
                tried=f"{operation.name}, {shown.subject} ({call.exchange})",
                detail=_fault_text(shown),
                request=self._printer.curl_command(call.response.request),
                response=excerpt_of(call.response, self._secrets),
            )
        )


def _fault_text(shown: ShownRule) -> str:
    fault = shown.fault
    return (
        f"at {fault.pointer or 'the root'}: {fault.actual}, expected {fault.expected}"
        if fault
        else ""
    )
