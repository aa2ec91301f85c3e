"""Probes of a run: their selection, order and outcomes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from types import MappingProxyType
from typing import Any

import requests

from contract_tests.contract.operations import operations, rules
from contract_tests.contract.statuses import StatusMeaning, status_meaning
from contract_tests.contract.strictness import CURATED, Strictness, explain_undocumented
from contract_tests.results.record import RuleOutcome, RuleRecord
from contract_tests.results.response_findings import inconclusive_finding
from contract_tests.results.violation_kinds import ViolationKind
from contract_tests.results.violations import (
    ResponseExcerpt,
    Violation,
    new_violation,
    response_excerpt,
)
from contract_tests.rules.client import NONEXISTENT_ID, ApiClient
from contract_tests.rules.outcome import ProbeResult
from contract_tests.rules.probe_context import ProbeContext
from contract_tests.rules.probe_readings import ReadingHook, ignore_reading
from contract_tests.rules.probe_registry import Probe, all_probes
from contract_tests.rules.response import ApiResponse
from contract_tests.safety.login import AuthenticatedSession
from contract_tests.target.admin_clock import AdminClock
from contract_tests.target.redaction import redact_fields
from contract_tests.target.target import TOKEN_PATH, Target

TIME_CHAPTER = "time"
"""The last chapter: probes that advance the target's clock, which cannot be undone."""
BREACH_KINDS: Mapping[StatusMeaning, ViolationKind] = MappingProxyType(
    {
        "accepted": ViolationKind.RULE_BREACH_ACCEPTED,
        "refused": ViolationKind.RULE_BREACH_REFUSED_OTHERWISE,
        "answered": ViolationKind.RULE_BREACH_ANSWERED_OTHERWISE,
    }
)
"""Kinds of violations by the response to a request that breaks a rule."""
MAX_PRECEDING_COMMANDS = 5
"""Maximum number of commands that prepare a violation: the last successful writes."""
INVALID_READ_REQUESTS: tuple[tuple[str, dict[str, Any], str, str], ...] = (
    ("listGroups", {"size": 0}, "/query/size", "PG-08"),
    ("listGroups", {"current": -1}, "/query/current", "PG-01"),
    ("listScenes", {"orderBy": "color"}, "/query/orderBy/0", "PG-04"),
    ("listGroups", {"orderDirection": "UP"}, "/query/orderDirection", "PG-14"),
    ("getGroup", {}, "/path/id", "ID-02"),
)
"""Read requests with the pointer and the rule of their refusal by a server like our mock."""


@dataclass
class ProbeRunner:
    """Runner of the probes of a target, with their results.

    rules: their ids; safe: whether nothing may be changed; admin_token: token of the target's
    clock; members: the only ones that may be addressed, None for generated ones; strictness: the
    constraints that bind the target; observe: takes the readings that probes find; verdicts: the
    results in order.
    """

    target: Target
    caller: AuthenticatedSession
    rules: Sequence[str]
    safe: bool = False
    admin_token: str = field(default="", repr=False)
    members: Sequence[Mapping[str, Any]] | None = None
    strictness: Strictness = CURATED
    observe: ReadingHook = ignore_reading
    verdicts: list[tuple[Probe, ProbeResult]] = field(default_factory=list)

    @cached_property
    def chapters(self) -> dict[str, list[Probe]]:
        """Probes of the chosen rules by chapter (`AU`, ...); those with a clock come last."""
        found: dict[str, list[Probe]] = {}
        chosen = [probe for probe in all_probes() if probe.rule in self.rules]
        for probe in chosen:
            if not probe.clock:
                found.setdefault(probe.rule[:2], []).append(probe)
        if timed := [probe for probe in chosen if probe.clock]:
            found[TIME_CHAPTER] = timed
        return found

    def run_probe(self, probe: Probe) -> Violation | None:
        """Run a probe and return the violation if its rule is broken, else None.

        Raises CannotCheckError.
        """
        verdict = self._context.run_probe(probe)
        if probe.clock and self.clock is None:
            reason = "would write" if self.safe else "needs a clock, which the target does not have"
            verdict = replace(verdict, outcome="not checkable", reason=reason)
        elif verdict.is_silent:
            verdict = replace(verdict, outcome="not checkable")
        elif verdict.outcome == "broken":
            verdict = self._open_if_inferred(verdict)
        self.verdicts.append((probe, verdict))
        is_wrong = verdict.outcome == "broken" or verdict.is_silent
        return self._violation_from(probe, verdict) if is_wrong else None

    def _open_if_inferred(self, verdict: ProbeResult) -> ProbeResult:
        """Return a broken rule as open if it rests on decisions that do not bind the target.

        It is unknown which part was broken: the one from the documents or ours.
        """
        decisions = rules()[verdict.rule].get("inferred", ())
        if self.strictness.binding or not decisions:
            return verdict
        reason = f"{explain_undocumented(*decisions)}; {verdict.reason}"
        return replace(verdict, outcome="open", reason=reason)

    def rule_records(self) -> Iterator[RuleRecord]:
        """Yield the outcome of each chosen rule, in the order of rules.yaml."""
        for rule in self.rules:
            tried = [(probe, verdict) for probe, verdict in self.verdicts if probe.rule == rule]
            wanted = [probe for probe in all_probes() if probe.rule == rule]
            outcome, reason = _rule_outcome([verdict for _, verdict in tried], len(wanted))
            probes = {probe.name: verdict.outcome for probe, verdict in tried}
            yield RuleRecord(rule, outcome, self._redact(reason), dict(probes))

    @cached_property
    def clock(self) -> AdminClock | None:
        """The target's clock; None if it has none or may not be changed."""
        if self.safe:
            return None
        return AdminClock.discover(self.target.url, self.caller.session, self.admin_token)

    def paused_clock_for(self, chapter: str) -> AbstractContextManager[None]:
        """Return a context for a chapter, in which the clock is frozen while probes advance it."""
        return self.clock.paused() if chapter == TIME_CHAPTER and self.clock else nullcontext()

    @cached_property
    def _context(self) -> ProbeContext:
        # A safe run may log in only once, so all probes share that token.
        given = self.safe or self.target.credentials is None
        return ProbeContext(
            self.target,
            self.caller.session,
            # Pointers and ids of rules are ours (E1, X2), so the documents alone do not require
            # them.
            named=self.strictness.binding and self._target_names_rules(),
            clock=self.clock,
            # The prefix is derived from a new group, which a safe run may not create.
            prefix="" if self.safe else self.prefix,
            members=self.members,
            token=self.caller.valid_token() if given else None,
            strictness=self.strictness,
            observe=self.observe,
        )

    def _target_names_rules(self) -> bool:
        """Return whether the target names broken rules as our mock does, mostly correctly."""
        session, token = self.caller.session, self.caller.valid_token()
        with ApiClient(self.target, session, "question", token=token) as api:
            right = 0
            for operation, query, pointer, rule in INVALID_READ_REQUESTS:
                ids: Any = {"id": NONEXISTENT_ID} if "{id}" in operations()[operation].path else {}
                try:
                    answer = api.call(operation, query=query, **ids)
                except requests.RequestException:
                    continue
                named = {(error.get("pointer"), error.get("rule")) for error in answer.errors}
                right += (pointer, rule) in named
        # A majority, so that a mock with one fault is still held to its rules.
        return right > len(INVALID_READ_REQUESTS) / 2

    @cached_property
    def prefix(self) -> str:
        """Prefix of names, different in each run, but equal on servers in an equal state.

        It is therefore derived from responses: a token, and a group that is deleted again.
        """
        token = self.caller.valid_token()
        with ApiClient(self.target, self.caller.session, "prefix", token=token) as api:
            try:
                group = api.call("createGroup", body={"name": "hypers-check"}).json
            except requests.RequestException:
                # The rest of the run reports a server that does not respond.
                group = None
        mark = sha256(f"{token} {group}".encode()).hexdigest()[:6]
        return f"check-{mark}-"

    def _violation_from(self, probe: Probe, verdict: ProbeResult) -> Violation:
        made = [each for each in verdict.answers[:-1] if _is_successful_write(each)]
        last = verdict.answers[-1].raw if verdict.answers else None
        secrets = self.caller.secrets
        seen = ResponseExcerpt() if last is None else response_excerpt(last, secrets)
        status = 0 if verdict.is_silent else seen.status
        texts = {"detail": verdict.reason, "expected": verdict.expected, "actual": verdict.actual}
        return new_violation(
            probe.rule,
            _violation_kind(verdict),
            check=probe.name,
            place=probe.name,
            status=verdict.wrong.status if verdict.wrong else status,
            tried=self._redact(" ".join((probe.run.__doc__ or "").split())),
            response=seen,
            request=self.caller.curl_command(last.request) if last is not None else "",
            before=tuple(
                self.caller.curl_command(each.raw.request)
                for each in made[-MAX_PRECEDING_COMMANDS:]
            ),
            **{name: self._redact(text) for name, text in texts.items()},
        )

    def _redact(self, text: str) -> str:
        return self.caller.secrets.redact(redact_fields(text))


def _violation_kind(verdict: ProbeResult) -> ViolationKind:
    """Return the kind of a violation, by the kind of the probe and the status of the response."""
    if verdict.is_silent:
        return ViolationKind.NO_ANSWER
    wrong = verdict.wrong
    if wrong and (found := inconclusive_finding(wrong.status, wrong.raw.headers)):
        return found.kind
    if verdict.violation or verdict.kind == "accepted":
        return verdict.violation or ViolationKind.RULE_NOT_KEPT
    if not verdict.is_wrong_refusal:
        return ViolationKind.RULE_NOT_PREPARED
    status = wrong.status if wrong else 200
    if 400 <= status < 500:
        return ViolationKind.RULE_BREACH_MISNAMED
    return BREACH_KINDS[status_meaning(status)]


def _rule_outcome(verdicts: Sequence[ProbeResult], wanted: int) -> tuple[RuleOutcome, str]:
    """Return the outcome of a rule with this many probes, and the reason."""
    # Reversed, so that the reason of an outcome is that of its first probe.
    reasons = {verdict.outcome: verdict.reason for verdict in reversed(verdicts)}
    if "broken" in reasons:
        return "broken", reasons["broken"]
    if len(verdicts) < wanted:
        return "not checked", "the run ended before it was tried"
    if "open" in reasons:
        return "open", reasons["open"]
    if "not checkable" in reasons:
        return "not checkable", reasons["not checkable"]
    return "held", ""


def _is_successful_write(answer: ApiResponse) -> bool:
    request = answer.raw.request
    reads = request.method in ("GET", "HEAD")
    # A login prepares nothing: the commands show the token as $TOKEN.
    return answer.status < 300 and not reads and not str(request.url).endswith(TOKEN_PATH)
