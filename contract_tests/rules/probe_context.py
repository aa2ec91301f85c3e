"""Context of probes: a server and the limits for requests to it; it runs a probe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import requests

from contract_tests.contract.operations import Operation, operations
from contract_tests.contract.strictness import CURATED, Strictness
from contract_tests.rules.client import ApiClient, MovableClock
from contract_tests.rules.outcome import (
    ExpectedRefusal,
    NotCheckableError,
    ProbeOutcome,
    ProbeResult,
    RuleViolationError,
)
from contract_tests.rules.probe_readings import ProbeReadings, ReadingHook, ignore_reading
from contract_tests.rules.probe_registry import Probe
from contract_tests.rules.response import ApiResponse
from contract_tests.rules.watched_client import WatchedApiClient
from contract_tests.target.target import CannotCheckError, NoResponseError, Target, failure_reason
from contract_tests.target.transport import UnsafeRequestError

TOLERATED_STATUS = 409
"""Accepted beside the documented client errors, since it has a meaning of its own in HTTP (E3)."""


@dataclass(frozen=True)
class ProbeContext:
    """A server on which to try rules.

    named: whether its refusals name rules in the form of this contract. Then status, pointer and
    rule must be right; of another server, any documented client error is accepted. clock: the
    server's, None if it cannot be moved. prefix: of the names of all created records. members: the
    only ones that may be addressed, None for generated ones. token: the access token that probes
    begin with; without one, each logs in. strictness: the constraints that bind the server;
    observe: takes the readings that probes find.
    """

    target: Target
    session: requests.Session
    named: bool = False
    clock: MovableClock | None = None
    prefix: str = "probe-"
    members: Sequence[Mapping[str, Any]] | None = None
    token: str | None = field(default=None, repr=False)
    strictness: Strictness = CURATED
    observe: ReadingHook = ignore_reading

    def run_probe(self, probe: Probe) -> ProbeResult:
        """Run a probe and return its result; raises nothing, whatever the server does."""
        if probe.clock and self.clock is None:
            return ProbeResult(probe.rule, probe.kind, "not checkable", "needs a clock")
        # With the clock, records change by themselves; where only the documents bind, a refused
        # request may have an effect (G25).
        is_watched = probe.kind == "refused" and not probe.clock and self.strictness.binding
        readings = ProbeReadings(probe.observes, self.observe)
        api = (WatchedApiClient if is_watched else ApiClient)(
            self.target,
            self.session,
            probe.label,
            prefix=self.prefix,
            clock=self.clock,
            members=self.members,
            token=self.token,
            strictness=self.strictness,
            readings=readings,
        )
        attempts: list[ExpectedRefusal] = []
        why, is_clear, is_silent = "", True, False
        found: RuleViolationError | None = None
        with api:
            try:
                self._run(probe, api, attempts)
            except UnsafeRequestError as error:
                why, is_clear = error.why, False
            except NotCheckableError as error:
                why, is_clear = str(error), False
            except RuleViolationError as error:
                why, found = str(error), error
            except CannotCheckError as error:
                why, is_silent = str(error), isinstance(error, NoResponseError)
            except requests.RequestException as error:
                why, is_silent = f"no response: {failure_reason(error)}", True
            # Probes read responses without checking their form, so the wrong form shows as one of
            # these errors.
            except (LookupError, TypeError, ValueError, AttributeError) as error:
                # The response before it has another form than its operation documents.
                last = api.answers[-1] if api.answers else "nothing was answered"
                why = f"{type(error).__name__} {error} after {last}"
        if why and is_clear and any(getattr(each.raw, "repeated", False) for each in api.answers):
            # It is unknown whether a write was done once or twice, and so is everything that
            # follows from it.
            why = f"no response: the connection was dropped before the first response; then {why}"
            is_silent = True
        outcome: ProbeOutcome = "held" if not why else "broken" if is_clear else "not checkable"
        seen = tuple(api.answers), tuple(attempts), tuple(api.kept)
        verdict = ProbeResult(probe.rule, probe.kind, outcome, why, *seen, is_silent=is_silent)
        if found is None:
            return verdict
        return replace(
            verdict,
            wrong=found.answer,
            expected=found.expected,
            actual=found.actual,
            violation=found.violation,
        )

    def _run(self, probe: Probe, api: ApiClient, attempts: list[ExpectedRefusal]) -> None:
        if probe.kind == "accepted":
            probe.run(api)
            return
        for attempt in probe.run(api):
            attempts.append(attempt)
            self._expect_refusal(probe, *attempt)
            answer = attempt[1]
            if probe.status_reading and answer.status in probe.statuses:
                api.observe(probe.status_reading, str(answer.status), answer)
        if isinstance(api, WatchedApiClient):
            api.expect_nothing_left()
        # By the reading that it has observed, no request may break the rule.
        if not attempts and not api.readings.observed:
            raise RuleViolationError("the probe sent no request that breaks the rule")

    def _expect_refusal(self, probe: Probe, pointer: str, answer: ApiResponse) -> None:
        """Raise RuleViolationError unless an attempt was refused in the right way."""
        status = str(answer.status)
        if not self.named:
            operation = operations(self.strictness)[answer.operation]
            taken = _documented_client_errors(operation) | {*probe.statuses, TOLERATED_STATUS}
            if answer.status in taken:
                return
            wanted = ", ".join(map(str, sorted(taken)))
            message = f"not refused: {answer}"
            raise RuleViolationError(message, answer, expected=wanted, actual=status)
        if answer.status not in probe.statuses:
            required = " or ".join(map(str, sorted(probe.statuses)))
            message = f"not refused with {required}: {answer}"
            raise RuleViolationError(message, answer, expected=required, actual=status)
        named = {(error.get("pointer"), error.get("rule")) for error in answer.errors}
        if (pointer, probe.rule) in named:
            return
        wanted = f"{pointer} {probe.rule}"
        shown = ", ".join(sorted(f"{where} {rule}" for where, rule in named)) or "nothing"
        message = f"the refusal names {shown}, expected {wanted}: {answer}"
        raise RuleViolationError(message, answer, expected=wanted, actual=shown)


def _documented_client_errors(operation: Operation) -> set[int]:
    """Return the statuses with which an operation may refuse data, by the contract.

    Where an access token is needed, 401 and 403 are about the token and not about the data.
    """
    found = {int(status) for status in operation.raw["responses"] if status.startswith("4")}
    return found - {401, 403} if "bearerAuth" in operation.security_schemes else found
