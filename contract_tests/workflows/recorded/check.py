"""Check of recordings: what `hypers-check --har` does, without sending anything."""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from contract_tests.contract.operations import Operation, operations, select_rules
from contract_tests.contract.operations import select_operations as chosen_by
from contract_tests.contract.strictness import strictness_by_name
from contract_tests.reporting import TerminalReport
from contract_tests.reporting.sanitizing import map_strings
from contract_tests.results.record import OperationRecord, RecordedTraffic, RunRecord
from contract_tests.runner.schemathesis_config import RunPlan
from contract_tests.workflows.recorded.exchange import RecordedExchange
from contract_tests.workflows.recorded.har import read_recordings
from contract_tests.workflows.recorded.history import READ_METHODS, RecordHistory
from contract_tests.workflows.recorded.judge import RecordingJudge
from contract_tests.workflows.recorded.matching import OperationMatch, OperationMatcher
from contract_tests.workflows.recorded.secrets import collect_secrets

PROFILE = "recorded"
"""Profile of a record that was made from recordings."""
ADMIN_PATH = "/__admin/"
"""Part of the paths with which a mock is controlled."""
NOT_RECORDED_REASON = "no recorded request"
PREFLIGHT, HEAD, CACHED, UNANSWERED, OTHER, UNKNOWN, NOT_CHOSEN, UNREADABLE = (
    "CORS preflight",
    "HEAD",
    "from the browser's cache",
    "unanswered",
    "not to the API",
    "to no operation of the contract",
    "not chosen by --only",
    "not allowed by HTTP",
)
"""Reasons for leaving out an entry, as reports show them."""
METHODS_LEFT_OUT = {"OPTIONS": PREFLIGHT, "HEAD": HEAD}


class RecordingCheck:
    """Check of the exchanges of some files against the contract."""

    def __init__(
        self, exchanges: Sequence[RecordedExchange], plan: RunPlan, bases: Sequence[str]
    ) -> None:
        """Prepare to judge the exchanges; `bases` are base URLs of the API, none for any."""
        self.plan = plan
        self.secrets = collect_secrets(exchanges)
        self.left_out: Counter[str] = Counter()
        self.unknown: Counter[str] = Counter()
        self._exchanges = exchanges
        self._matcher = OperationMatcher(operations(plan.strictness).values(), bases)
        self._chosen: list[Operation] = chosen_by(plan.only)
        self._judge = RecordingJudge(plan, self._chosen, select_rules(plan.only), self.secrets)
        self._history = RecordHistory(exchanges, plan.strictness)

    def judge_all(self, files: Sequence[Path]) -> RunRecord:
        """Judge the exchanges of these files in their order, and return the record."""
        begun = time.monotonic()
        matches = [
            self._matcher.match(each.request.method, each.request.url) for each in self._exchanges
        ]
        with_token = _files_with_credentials(self._exchanges, matches)
        bases = {match.base for match in matches if match}
        judged = sum(
            self._judge_exchange(exchange, match, bases, exchange.file in with_token)
            for exchange, match in zip(self._exchanges, matches, strict=True)
        )
        rules = list(self._judge.rule_records())
        violations = list(self._judge.violations)
        record = RunRecord(
            target=", ".join(map(str, files)),
            profile=PROFILE,
            strictness=self.plan.strictness.name,
            seed=self.plan.seed,
            max_examples=self.plan.max_examples,
            only=sorted(self.plan.only),
            seconds=time.monotonic() - begun,
            operations=[*self._operation_records()],
            rules=rules,
            violations=violations,
            readings=self._judge.readings.records(),
            recorded=RecordedTraffic(
                tuple(map(str, files)),
                len(self._exchanges),
                judged,
                dict(sorted(self.left_out.items())),
                dict(sorted(self.unknown.items())),
                dict(sorted(self._judge.partial.items())),
            ),
        )
        # Once more over everything: texts of other tools, names of fields, addresses.
        safe: RunRecord = map_strings(record, self.secrets.redact)
        return safe

    def _judge_exchange(
        self,
        exchange: RecordedExchange,
        match: OperationMatch | None,
        bases: set[str],
        has_tokens: bool,
    ) -> bool:
        """Judge one exchange, or count why it is left out; return whether it was judged."""
        reason = self._why_left_out(exchange, match, bases)
        call = self._judge.replay(exchange, match) if match and not reason else None
        if match and not reason and call is None:
            reason = UNREADABLE
        if call and not exchange.is_answered:
            self._history.note_unanswered(call)
            reason = UNANSWERED
        if reason or call is None:
            self.left_out[reason] += 1
            return False
        has_credentials = "Authorization" in call.response.request.headers
        self._judge.judge(call, self._history, needs_token=has_tokens and not has_credentials)
        if not self._judge.concerns(call.match.operation):
            self.left_out[NOT_CHOSEN] += 1
            return False
        return True

    def _why_left_out(
        self, exchange: RecordedExchange, match: OperationMatch | None, bases: set[str]
    ) -> str:
        """Return why an exchange is not judged, as far as its request tells; empty if it is."""
        method, url = exchange.request.method, exchange.request.url
        if method not in READ_METHODS and ADMIN_PATH in urlsplit(url).path:
            self._history.forget_host(url)
        base = self._matcher.api_base(url)
        if match is None and (base is None or (bases and base not in bases)):
            return OTHER
        if method in METHODS_LEFT_OUT:
            return METHODS_LEFT_OUT[method]
        if match is None:
            self.unknown[f"{method} {urlsplit(url).path}"] += 1
            return UNKNOWN
        return CACHED if exchange.is_from_cache else ""

    def _operation_records(self) -> Iterator[OperationRecord]:
        tally = self._judge.tally
        for each in tally.operation_records(self._judge.violations, tally.answered_operations()):
            yield (
                replace(each, reason=NOT_RECORDED_REASON) if each.outcome == "not checked" else each
            )


def check_recordings(
    files: Sequence[Path], options: argparse.Namespace, report: TerminalReport
) -> RunRecord:
    """Check recordings with these options; raises CannotCheckError for one that is unreadable."""
    plan = RunPlan(
        1,
        1,
        options.only,
        strictness=strictness_by_name(options.strictness),
        demanded=options.readings,
    )
    exchanges = read_recordings(files)
    report.write_recordings([*map(str, files)], len(exchanges))
    record = RecordingCheck(exchanges, plan, options.har_base).judge_all(files)
    for each in record.operations:
        if each.statuses:
            statuses = Counter({int(status): n for status, n in each.statuses.items()})
            report.write_test(each.name, statuses, 0.0, violated=each.outcome == "violated")
    return record


def _files_with_credentials(
    exchanges: Sequence[RecordedExchange], matches: Sequence[OperationMatch | None]
) -> set[str]:
    """Return the files in which requests to the API have credentials.

    Browsers leave them out of a whole file, unless they are told to keep them.
    """
    return {
        exchange.file
        for exchange, match in zip(exchanges, matches, strict=True)
        if match and any(name.lower() == "authorization" for name, _ in exchange.request.headers)
    }
