"""Fault rules of a session: which requests fail, and how.

The rules are ordered, and the first that matches a request decides. Whether a rule with a
probability matches follows from the seed and the number of requests that reached it, so that the
same requests always meet the same faults.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from mock_server.domain.deterministic_random import random_float

MAX_RULES = 100
"""Maximum number of rules of a session."""
Disconnect = Literal["before", "body"]
"""Moments at which a connection is closed: before the response, or in the middle of its body."""


@dataclass(frozen=True, slots=True)
class FaultRule:
    """A rule as it was set.

    operation: an operationId, a tag, or `*`; targets: the operationIds that it applies to;
    status, example: of the response, which is otherwise the usual one; delay: least and greatest,
    in milliseconds; retry_after: value of `Retry-After`, in seconds; times: the number of requests
    after which the rule has no effect; undocumented: whether the status need not be documented.
    """

    operation: str
    targets: frozenset[str]
    status: int | None = None
    example: str | None = None
    delay: tuple[int, int] | None = None
    disconnect: Disconnect | None = None
    retry_after: int | None = None
    times: int | None = None
    probability: float = 1
    undocumented: bool = False


@dataclass(slots=True)
class CountedRule:
    """A rule of a session with its id.

    reached: requests for which it was considered; hits: those that it decided.
    """

    id: str
    rule: FaultRule
    reached: int = 0
    hits: int = 0

    def matches(self, operation_id: str, seed: int) -> bool:
        """Return whether the rule decides this request, and count the request."""
        rule = self.rule
        if operation_id not in rule.targets:
            return False
        if rule.times is not None and self.hits >= rule.times:
            return False
        self.reached += 1
        if rule.probability < 1:
            drawn = random_float(seed, "fault", self.id, self.reached)
            if drawn >= rule.probability:
                return False
        self.hits += 1
        return True

    def delay_of_hit(self, seed: int) -> int:
        """Return the delay of the latest hit, in milliseconds."""
        if self.rule.delay is None:
            return 0
        least, greatest = self.rule.delay
        drawn = random_float(seed, "delay", self.id, self.hits)
        return least + int(drawn * (greatest - least + 1))


class FaultRules:
    """The ordered rules of a session."""

    def __init__(self) -> None:
        """Create an empty list; `active` is whether it has any rules."""
        self.active = False
        self._rules: list[CountedRule] = []
        self._next_id = 1

    def __len__(self) -> int:
        return len(self._rules)

    def rules(self) -> Sequence[CountedRule]:
        """Return all rules in their order."""
        return tuple(self._rules)

    def find(self, id_: str) -> CountedRule | None:
        """Return the rule with this id."""
        return next((each for each in self._rules if each.id == id_), None)

    def add(self, rule: FaultRule) -> CountedRule:
        """Add a rule after the others, and return it with its id."""
        added = CountedRule(str(self._next_id), rule)
        self._next_id += 1
        self._rules.append(added)
        self.active = True
        return added

    def replace(self, rules: Iterable[FaultRule]) -> None:
        """Replace all rules; ids and counters begin again, and so does chance."""
        self._rules.clear()
        self.active, self._next_id = False, 1
        for rule in rules:
            self.add(rule)

    def remove(self, id_: str) -> CountedRule | None:
        """Remove the rule with this id, and return it; None if there is none."""
        found = self.find(id_)
        if found is not None:
            self._rules.remove(found)
            self.active = bool(self._rules)
        return found

    def decide(self, operation_id: str, seed: int) -> CountedRule | None:
        """Return the first rule that matches a request, and count the request at it."""
        for each in self._rules:
            if each.matches(operation_id, seed):
                return each
        return None
