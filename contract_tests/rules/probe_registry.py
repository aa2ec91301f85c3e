"""Registry of all probes by the ids of their rules."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from zlib import crc32

import contract_tests.rules
from contract_tests.contract.readings import readings
from contract_tests.rules.client import ApiClient
from contract_tests.rules.outcome import ExpectedRefusal, ProbeKind

AcceptedProbeFunction = Callable[[ApiClient], None]
RefusedProbeFunction = Callable[[ApiClient], Iterator[ExpectedRefusal]]


@dataclass(frozen=True)
class Probe:
    """A way to try a rule.

    run: of kind `accepted`, keeps the rule and raises RuleViolationError if the server breaks it;
    of kind `refused`, yields an ExpectedRefusal for each request that breaks the rule. status: of
    the refusal. clock: whether it advances the server's clock. observes: the open questions that it
    answers, on whose answers the rule depends. status_reading: the one of these whose answers are
    statuses, of which the refusal may have any.
    """

    rule: str
    kind: ProbeKind
    run: Callable[[ApiClient], Any]
    status: int = 400
    clock: bool = False
    observes: tuple[str, ...] = ()
    status_reading: str = ""

    @property
    def name(self) -> str:
        """Rule, kind and function name, for reports."""
        return f"{self.rule}-{self.kind}-{self.run.__name__}"

    @property
    def statuses(self) -> frozenset[int]:
        """Statuses that the refusal of a request may have."""
        if not self.status_reading:
            return frozenset({self.status})
        return frozenset(map(int, readings()[self.status_reading].values))

    @property
    def label(self) -> str:
        """The rule and a hash of the probe's name; the names of its records contain both."""
        return f"{self.rule}-{crc32(self.name.encode()) % 0xFFFF:04x}"


class ProbeRegistry:
    """Probes of one module; its methods are decorators."""

    def __init__(self) -> None:
        self._found: list[Probe] = []

    def accepted(
        self, rule: str, *, clock: bool = False, observes: tuple[str, ...] = ()
    ) -> Callable[[AcceptedProbeFunction], AcceptedProbeFunction]:
        """Register a function whose requests keep `rule` and must be accepted."""

        def add(run: AcceptedProbeFunction) -> AcceptedProbeFunction:
            self._found.append(Probe(rule, "accepted", run, clock=clock, observes=observes))
            return run

        return add

    def refused(
        self,
        rule: str,
        *,
        status: int = 400,
        clock: bool = False,
        observes: tuple[str, ...] = (),
        status_reading: str = "",
    ) -> Callable[[RefusedProbeFunction], RefusedProbeFunction]:
        """Register a function whose requests break `rule` and must be refused with this status.

        status_reading: an open question that decides the status instead.
        """
        shown = (*observes, *filter(None, [status_reading]))

        def add(run: RefusedProbeFunction) -> RefusedProbeFunction:
            found = Probe(rule, "refused", run, status, clock, shown, status_reading)
            self._found.append(found)
            return run

        return add

    def __iter__(self) -> Iterator[Probe]:
        return iter(self._found)


@lru_cache(maxsize=1)
def all_probes() -> tuple[Probe, ...]:
    """Return the probes in `probes` of every module of this package, ordered by rule id."""
    names = (module.name for module in pkgutil.iter_modules(contract_tests.rules.__path__))
    # Found by listing the package, so that a new module cannot be forgotten in a table.
    modules = (importlib.import_module(f"{__package__}.{name}") for name in names)
    found = [probe for module in modules for probe in getattr(module, "probes", ())]
    return tuple(sorted(found, key=lambda probe: probe.name))
