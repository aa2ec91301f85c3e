"""Contexts for probes: the mock, and the mock with a fault."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from contract_tests.rules.outcome import ProbeResult
from contract_tests.rules.probe_context import ProbeContext
from contract_tests.rules.probe_registry import Probe, all_probes
from contract_tests.target.target import Credentials, Target
from contract_tests.target.transport import open_session
from mock_server.app import create_app
from mock_server.world.world import World
from tests.serving import CLIENT_CREDENTIALS, FROZEN, PASSWORD_GRANT, serve_app
from tests.wire_faults import WireFault, WireFaultApp

CREDENTIALS = Credentials(
    *CLIENT_CREDENTIALS, PASSWORD_GRANT["username"], PASSWORD_GRANT["password"]
)


@dataclass(frozen=True)
class InProcessClock:
    """The clock of a mock in this process."""

    app: Any

    def advance(self, seconds: float) -> None:
        """Move it forward."""
        self.app.world.clock.advance(seconds)


@dataclass(frozen=True)
class ProbeMock:
    """A running mock with its fault (none at first) and a context whose clock can be advanced."""

    app: Any
    server: WireFaultApp
    context: ProbeContext
    initial_ids: list[set[int]]
    """The tables as they were before any probe."""

    @property
    def world(self) -> World:
        """The records of the mock."""
        found: World = self.app.world
        return found


@contextmanager
def run_probe_mock(readings: Mapping[str, str] = MappingProxyType({})) -> Iterator[ProbeMock]:
    """Run a mock with a frozen clock, and with default answers to other open questions."""
    app = create_app(replace(FROZEN, readings=readings))
    server = WireFaultApp(app)
    with serve_app(server) as address, open_session(address) as session:
        target = Target(address, CREDENTIALS)
        named = readings.get("refusal-body") != "spring"
        context = ProbeContext(target, session, named=named, clock=InProcessClock(app))
        yield ProbeMock(app, server, context, removable_ids(app.world))


def removable_ids(world: World) -> list[set[int]]:
    """The ids of groups, plans and plan tasks: what the API can remove."""
    return [{*world.groups}, {*world.notices}, {*world.notice_tasks}]


@contextmanager
def with_fault(site: ProbeMock, fault: WireFault) -> Iterator[ProbeMock]:
    """The site while its server has this fault."""
    site.server.fault = fault
    yield site
    site.server.fault = None


class VerdictCache:
    """Results of probes on one mock; each probe runs once, when it is first needed."""

    def __init__(self, context: ProbeContext) -> None:
        self._context = context
        self._cached: dict[str, ProbeResult] = {}

    def of(self, probe: Probe) -> ProbeResult:
        """The verdict of a probe."""
        if probe.name not in self._cached:
            self._cached[probe.name] = self._context.run_probe(probe)
        return self._cached[probe.name]

    def of_rule(self, rule: str, kind: str) -> list[ProbeResult]:
        """The verdicts of a rule's probes of one kind."""
        return [
            self.of(probe) for probe in all_probes() if (probe.rule, probe.kind) == (rule, kind)
        ]
