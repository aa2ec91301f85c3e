"""Grounds for probes: the mock, and the mock behind a fault."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from contract_tests.rules.outcome import Verdict
from contract_tests.rules.probe_context import Ground
from contract_tests.rules.registry import Probe, registry
from contract_tests.target.target import Credentials, Target
from contract_tests.target.transport import open_session
from mock_server.app import create_app
from mock_server.world.world import World
from tests.serving import CLIENT, FROZEN, PASSWORD_GRANT, listening
from tests.wire_faults import Fault, Faulty

CREDENTIALS = Credentials(*CLIENT, PASSWORD_GRANT["username"], PASSWORD_GRANT["password"])


@dataclass(frozen=True)
class Time:
    """The clock of a mock in this process."""

    app: Any

    def advance(self, seconds: float) -> None:
        """Move it forward."""
        self.app.world.clock.advance(seconds)


@dataclass(frozen=True)
class Site:
    """A running mock, its fault (none to begin with), and a ground whose clock can be moved."""

    app: Any
    server: Faulty
    ground: Ground
    before: list[set[int]]
    """The tables as they were before any probe."""

    @property
    def world(self) -> World:
        """What the mock remembers."""
        found: World = self.app.world
        return found


@contextmanager
def site() -> Iterator[Site]:
    """A mock of its own, its time standing until a probe moves it."""
    app = create_app(FROZEN)
    server = Faulty(app)
    with listening(server) as address, open_session(address) as session:
        target = Target(address, CREDENTIALS)
        ground = Ground(target, session, named=True, clock=Time(app))
        yield Site(app, server, ground, tables(app.world))


def tables(world: World) -> list[set[int]]:
    """The ids of groups, plans and plan tasks: what the API can remove."""
    return [{*world.groups}, {*world.notices}, {*world.notice_tasks}]


@contextmanager
def with_fault(site: Site, fault: Fault) -> Iterator[Site]:
    """The site while its server has this fault."""
    site.server.fault = fault
    yield site
    site.server.fault = None


class Verdicts:
    """The verdicts on one site, each probe run once and only when somebody asks."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._known: dict[str, Verdict] = {}

    def of(self, probe: Probe) -> Verdict:
        """The verdict of a probe."""
        if probe.name not in self._known:
            self._known[probe.name] = self._ground.judge(probe)
        return self._known[probe.name]

    def of_rule(self, rule: str, kind: str) -> list[Verdict]:
        """The verdicts of a rule's probes of one kind."""
        return [self.of(probe) for probe in registry() if (probe.rule, probe.kind) == (rule, kind)]
