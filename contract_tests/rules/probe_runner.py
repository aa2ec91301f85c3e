"""The rules of a run: which probes are tried, in which order, and what came of each."""

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
from contract_tests.contract.strictness import CURATED, Strictness, undocumented_reason
from contract_tests.results.record import RuleOutcome, RuleRecord
from contract_tests.results.response_findings import inconclusive_finding
from contract_tests.results.violation_kinds import ViolationKind
from contract_tests.results.violations import ResponseExcerpt, Violation, new_violation
from contract_tests.rules.client import NONEXISTENT_ID, ApiClient
from contract_tests.rules.outcome import ProbeResult
from contract_tests.rules.probe_context import ProbeContext
from contract_tests.rules.registry import Probe, all_probes
from contract_tests.rules.response import ApiResponse
from contract_tests.safety.login import AuthenticatedSession
from contract_tests.target.admin_clock import AdminClock
from contract_tests.target.redaction import redact_fields
from contract_tests.target.target import TOKEN_PATH, Target

TIME_CHAPTER = "time"
"""The last chapter: probes that move the target's time, after which nothing is as it was."""
BREACH_KINDS: Mapping[StatusMeaning, ViolationKind] = MappingProxyType(
    {
        "accepted": ViolationKind.RULE_BREACH_ACCEPTED,
        "refused": ViolationKind.RULE_BREACH_REFUSED_OTHERWISE,
        "answered": ViolationKind.RULE_BREACH_ANSWERED_OTHERWISE,
    }
)
"""What became of a request that breaks a rule."""
MAX_EXCERPT_CHARS = 400
MAX_PRECEDING_COMMANDS = 5
"""Commands shown at most of what led to a violation: the last changes that succeeded."""
INVALID_READ_REQUESTS: tuple[tuple[str, dict[str, Any], str, str], ...] = (
    ("listGroups", {"size": 0}, "/query/size", "PG-08"),
    ("listGroups", {"current": -1}, "/query/current", "PG-01"),
    ("listScenes", {"orderBy": "color"}, "/query/orderBy/0", "PG-04"),
    ("listGroups", {"orderDirection": "UP"}, "/query/orderDirection", "PG-14"),
    ("getGroup", {}, "/path/id", "ID-02"),
)
"""Requests that only read, and pointer and rule by which a server like our mock refuses them."""


@dataclass
class ProbeRunner:
    """Tries rules on a target and remembers what came of them.

    rules: their ids; safe: whether nothing may be changed there; admin_token: what the target's
    clock asks for; members: the only ones that may be addressed, None for made-up ones; strictness:
    what binds the target. `verdicts` are in the order of the trials.
    """

    target: Target
    caller: AuthenticatedSession
    rules: Sequence[str]
    safe: bool = False
    admin_token: str = field(default="", repr=False)
    members: Sequence[Mapping[str, Any]] | None = None
    strictness: Strictness = CURATED
    verdicts: list[tuple[Probe, ProbeResult]] = field(default_factory=list)

    @cached_property
    def chapters(self) -> dict[str, list[Probe]]:
        """The probes of the chosen rules by chapter, `AU` and so on; those that need time last."""
        found: dict[str, list[Probe]] = {}
        chosen = [probe for probe in all_probes() if probe.rule in self.rules]
        for probe in chosen:
            if not probe.clock:
                found.setdefault(probe.rule[:2], []).append(probe)
        if timed := [probe for probe in chosen if probe.clock]:
            found[TIME_CHAPTER] = timed
        return found

    def run_probe(self, probe: Probe) -> Violation | None:
        """Try a probe; the violation when it finds its rule broken. Raises Unfit."""
        verdict = self._context.run_probe(probe)
        if probe.clock and self.clock is None:
            reason = "would write" if self.safe else "needs time, and the target offers no clock"
            verdict = replace(verdict, outcome="not checkable", reason=reason)
        elif verdict.is_silent:
            verdict = replace(verdict, outcome="not checkable")
        elif verdict.outcome == "broken":
            verdict = self._open_if_inferred(verdict)
        self.verdicts.append((probe, verdict))
        is_wrong = verdict.outcome == "broken" or verdict.is_silent
        return self._violation_from(probe, verdict) if is_wrong else None

    def _open_if_inferred(self, verdict: ProbeResult) -> ProbeResult:
        """A broken rule as open where it rests on decisions that do not bind the target.

        Nobody can tell which part of the rule was broken: that of the documents, or ours.
        """
        decisions = rules()[verdict.rule].get("inferred", ())
        if self.strictness.binding or not decisions:
            return verdict
        reason = f"{undocumented_reason(*decisions)}; {verdict.reason}"
        return replace(verdict, outcome="open", reason=reason)

    def records(self) -> Iterator[RuleRecord]:
        """What came of each chosen rule, in the order of rules.yaml."""
        for rule in self.rules:
            tried = [(probe, verdict) for probe, verdict in self.verdicts if probe.rule == rule]
            wanted = [probe for probe in all_probes() if probe.rule == rule]
            outcome, reason = _rule_outcome([verdict for _, verdict in tried], len(wanted))
            probes = {probe.name: verdict.outcome for probe, verdict in tried}
            yield RuleRecord(rule, outcome, self._redact(reason), dict(probes))

    @cached_property
    def clock(self) -> AdminClock | None:
        """The target's clock, if it offers one and may be changed."""
        if self.safe:
            return None
        return AdminClock.discover(self.target.url, self.caller.session, self.admin_token)

    def paused_clock_for(self, chapter: str) -> AbstractContextManager[None]:
        """What a chapter is tried in: the target's time stands while probes move it."""
        return self.clock.paused() if chapter == TIME_CHAPTER and self.clock else nullcontext()

    @cached_property
    def _context(self) -> ProbeContext:
        given = self.safe or self.target.credentials is None
        return ProbeContext(
            self.target,
            self.caller.session,
            named=self.strictness.binding and self._target_names_rules(),
            clock=self.clock,
            prefix="" if self.safe else self.prefix,
            members=self.members,
            token=self.caller.token() if given else None,
            strictness=self.strictness,
        )

    def _target_names_rules(self) -> bool:
        """Whether the target names broken rules as our mock does: the right ones, mostly."""
        session, token = self.caller.session, self.caller.token()
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
        return right > len(INVALID_READ_REQUESTS) / 2

    @cached_property
    def prefix(self) -> str:
        """What names begin with: another for each run, the same on a server that is the same.

        So it comes from the target's answers: from a token, and from a group that is deleted again.
        """
        token = self.caller.token()
        with ApiClient(self.target, self.caller.session, "prefix", token=token) as api:
            try:
                group = api.call("createGroup", body={"name": "hypers-check"}).json
            except requests.RequestException:
                group = None
        mark = sha256(f"{token} {group}".encode()).hexdigest()[:6]
        return f"check-{mark}-"

    def _violation_from(self, probe: Probe, verdict: ProbeResult) -> Violation:
        made = [each for each in verdict.answers[:-1] if _is_successful_write(each)]
        last = verdict.answers[-1].raw if verdict.answers else None
        seen = ResponseExcerpt() if last is None else _response_excerpt(last)
        status = 0 if verdict.is_silent else seen.status
        texts = {"detail": verdict.reason, "expected": verdict.expected, "actual": verdict.actual}
        return new_violation(
            probe.rule,
            _violation_kind(verdict),
            check=probe.name,
            place=probe.name,
            status=verdict.wrong.status if verdict.wrong else status,
            tried=self._redact(" ".join((probe.run.__doc__ or "").split())),
            response=replace(seen, text=self._redact(seen.text)),
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
    """Return what is wrong by the kind of the probe and the status that it got."""
    if verdict.is_silent:
        return ViolationKind.NO_ANSWER
    wrong = verdict.wrong
    if wrong and (found := inconclusive_finding(wrong.status, wrong.raw.headers)):
        return found.kind
    if verdict.kind == "accepted":
        return ViolationKind.RULE_NOT_KEPT
    if not verdict.is_wrong_refusal:
        return ViolationKind.RULE_NOT_PREPARED
    status = wrong.status if wrong else 200
    if 400 <= status < 500:
        return ViolationKind.RULE_BREACH_MISNAMED
    return BREACH_KINDS[status_meaning(status)]


def _rule_outcome(verdicts: Sequence[ProbeResult], wanted: int) -> tuple[RuleOutcome, str]:
    """What came of a rule that has so many probes, and why."""
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
    return answer.status < 300 and not reads and not str(request.url).endswith(TOKEN_PATH)


def _response_excerpt(answer: requests.Response) -> ResponseExcerpt:
    media_type = answer.headers.get("Content-Type", "").partition(";")[0]
    text = ""
    if media_type.endswith("json") or media_type.startswith("text/"):
        text = " ".join(answer.content[: 4 * MAX_EXCERPT_CHARS].decode(errors="replace").split())
    if len(text) > MAX_EXCERPT_CHARS:
        text = text[:MAX_EXCERPT_CHARS] + " ..."
    return ResponseExcerpt(answer.status_code, media_type, text)
