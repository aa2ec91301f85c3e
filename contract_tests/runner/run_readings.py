"""Readings of a run: from each response as it arrives, and from probes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from urllib.parse import urlsplit

import requests

from contract_tests.checks.reading_observers import (
    ReadingObserver,
    exchange_of,
    observing_operations,
)
from contract_tests.contract.headers import media_type
from contract_tests.contract.operations import operations
from contract_tests.results.observations import (
    NOT_PROBED_REASON,
    Observation,
    Observations,
    ReadingRecord,
)
from contract_tests.results.violations import Evidence, Violation, response_excerpt
from contract_tests.rules.outcome import ProbeResult
from contract_tests.rules.probe_registry import Probe
from contract_tests.rules.response import ApiResponse
from contract_tests.safety.login import AuthenticatedSession
from contract_tests.target.target import Target
from contract_tests.target.transport import SAFE_METHODS, WRITE_REASON

NOT_SHOWN_REASON = "no response showed it"
Verdicts = Sequence[tuple[Probe, ProbeResult]]


class RunReadings:
    """Collector of the readings of a run, with the first exchange that shows each value."""

    def __init__(
        self,
        target: Target,
        caller: AuthenticatedSession,
        demanded: Mapping[str, str],
        note: Callable[[Violation], None],
    ) -> None:
        """Observe every response to `caller` from now on; `note` takes the violations."""
        self._base = urlsplit(target.url).path
        self._caller = caller
        self._note = note
        self._observed = Observations(demanded)
        self._observer = ReadingObserver(self._observed.has)
        caller.on_exchange = self._observe_exchange

    def add(self, reading: str, value: str, answer: ApiResponse) -> None:
        """Add the value of a reading that a probe has found, with the response that shows it."""
        self._add(reading, value, answer.operation, answer.raw.request, answer.raw)

    def records(self, verdicts: Verdicts, profile: str) -> list[ReadingRecord]:
        """Return all readings in the contract's order, after these results of probes."""
        return self._observed.records(lambda key: unobserved_reason(key, verdicts, profile))

    def _observe_exchange(
        self, request: requests.PreparedRequest, answer: requests.Response
    ) -> None:
        url = urlsplit(str(request.url))
        seen = exchange_of(
            str(request.method),
            url.path.removeprefix(self._base),
            url.query,
            _sent_bytes(request.body),
            answer.status_code,
            media_type(answer.headers.get("Content-Type", "")),
            answer.content,
        )
        if seen is None:
            return
        for reading, value in self._observer.observe(seen):
            self._add(reading, value, seen.operation.name, request, answer)

    def _add(
        self,
        reading: str,
        value: str,
        operation: str,
        request: requests.PreparedRequest,
        answer: requests.Response,
    ) -> None:
        if self._observed.has(reading, value):
            return
        excerpt = response_excerpt(answer, self._caller.secrets)
        evidence = Evidence(operation, self._caller.curl_command(request), excerpt)
        if violation := self._observed.add(Observation(reading, value, evidence)):
            self._note(violation)


def unobserved_reason(key: str, verdicts: Verdicts, profile: str) -> str:
    """Return why a reading was not observed in a run with this profile."""
    tried = [verdict for probe, verdict in verdicts if key in probe.observes]
    reasons = [verdict.reason for verdict in tried if verdict.outcome == "not checkable"]
    if reasons:
        return reasons[0]
    shown_by = observing_operations().get(key, ())
    if profile != "full" and shown_by and not _has_read(shown_by):
        return WRITE_REASON
    if tried or shown_by:
        return NOT_SHOWN_REASON
    return NOT_PROBED_REASON


def _has_read(names: Collection[str]) -> bool:
    return any(operations()[name].method.upper() in SAFE_METHODS for name in names)


def _sent_bytes(body: object) -> bytes:
    # Neither bytes nor text is a stream; no observer reads what it has sent.
    if isinstance(body, str):
        return body.encode("utf-8", "surrogatepass")
    return body if isinstance(body, bytes) else b""
