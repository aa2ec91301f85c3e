"""Readings of the servers in a recording, from each response."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from contract_tests.checks.failure_conversion import excerpt_of
from contract_tests.checks.reading_observers import (
    ReadingObserver,
    exchange_of,
    observing_operations,
)
from contract_tests.contract.schemathesis_cases import media_type_of
from contract_tests.results.observations import (
    Observation,
    Observations,
    ReadingRecord,
    merge_readings,
)
from contract_tests.results.violations import Evidence, Violation
from contract_tests.workflows.recorded.query_readings import QUERY_READINGS, readings_of_query
from contract_tests.workflows.recorded.replay import CommandPrinter, ReplayedCall

NOT_SHOWN_REASON = "no recorded response shows it"
NOT_OBSERVABLE_REASON = "a recording does not show it"


class RecordedReadings:
    """Collector of the readings of a recording, for each base URL apart.

    Two servers may answer differently; one that does is a violation.
    """

    def __init__(
        self,
        demanded: Mapping[str, str],
        printer: CommandPrinter,
        note: Callable[[Violation], None],
    ) -> None:
        """Observe nothing yet; `demanded` are values that the servers must have."""
        self._demanded = demanded
        self._printer = printer
        self._note = note
        self._servers: dict[str, tuple[Observations, ReadingObserver]] = {}

    def observe(self, call: ReplayedCall) -> None:
        """Add the readings that a response shows."""
        if not call.is_body_known:
            return
        base, response, sent = call.match.base, call.response, call.exchange.request
        url = urlsplit(str(response.request.url))
        seen = exchange_of(
            sent.method,
            url.path.removeprefix(urlsplit(base).path),
            url.query,
            sent.body or b"",
            response.status_code,
            media_type_of(response),
            response.content,
        )
        if seen is None:
            return
        if base not in self._servers:
            observed = Observations(self._demanded)
            self._servers[base] = observed, ReadingObserver(observed.has)
        observed, observer = self._servers[base]
        shown = (*observer.observe(seen), *readings_of_query(call))
        for reading, value in shown:
            if observed.has(reading, value):
                continue
            evidence = Evidence(
                seen.operation.name,
                self._printer.curl_command(response.request),
                excerpt_of(response, self._printer.secrets),
            )
            if violation := observed.add(Observation(reading, value, evidence)):
                self._note(violation)

    def records(self) -> list[ReadingRecord]:
        """Return all readings in the contract's order, with the values of all servers."""
        servers = [observed for observed, _ in self._servers.values()]
        every = servers or [Observations(self._demanded)]
        return merge_readings(observed.records(_unobserved_reason) for observed in every)


def _unobserved_reason(key: str) -> str:
    is_shown = observing_operations().get(key) or key in QUERY_READINGS
    return NOT_SHOWN_REASON if is_shown else NOT_OBSERVABLE_REASON
