"""What a run has found out, as plain data: reports are made from it, and shards merged."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from contract_tests.results.violations import Violation

OperationOutcome = Literal["held", "violated", "no data", "excused", "not checked"]
RuleOutcome = Literal["held", "broken", "open", "not checkable", "not checked"]


@dataclass
class OperationRecord:
    """What was seen of one operation.

    statuses: answers by status, as text ("200"). parameters: how often each was sent, by place and
    name ("query/size", "body/taskName"), and by the status of the answer. checks: by name, how many
    answers it judged and how many of them failed. undeclared: fields of answers that the contract
    does not name ("200 /content/*/color"), and in how many answers. reason: why it is excused,
    holds no data or was not checked.
    """

    name: str
    tag: str
    outcome: OperationOutcome = "not checked"
    reason: str = ""
    statuses: dict[str, int] = field(default_factory=dict)
    parameters: dict[str, dict[str, int]] = field(default_factory=dict)
    checks: dict[str, tuple[int, int]] = field(default_factory=dict)
    undeclared: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0


@dataclass
class RuleRecord:
    """What came of a rule's probes. `reason` says why it is anything but held."""

    rule: str
    outcome: RuleOutcome = "not checked"
    reason: str = ""
    probes: dict[str, str] = field(default_factory=dict)
    """Each probe's name and its own outcome."""


@dataclass(frozen=True)
class KnownViolation:
    """A violation that the baseline knows: who answers for it, why, and until when (yyyy-MM-dd)."""

    violation: Violation
    owner: str
    reason: str
    expires: str


@dataclass(frozen=True)
class Leftover:
    """What a run leaves on the target: so many of a kind, or one thing.

    kind, count: of what the API cannot remove; then the rest is empty. operation: by which the
    thing was made; id: empty when nobody knows it, since the answer that told it was lost; reason:
    why it was not removed.
    """

    kind: str = ""
    count: int = 1
    operation: str = ""
    id: str = ""
    name: str = ""
    reason: str = ""


@dataclass
class RunRecord:
    """One run, or one shard of one: what was asked for, what was seen, what was wrong.

    shard: this one and how many there are, (1, 1) for a whole run. excused: documented statuses
    ("getGroup 404") and links (as in `links`) that were not reached, each with its reason. known:
    what the baseline takes out of the violations. left: what the run made and cannot remove.
    sent: requests by method. limits: operations from which requests were withheld, and why.
    left_out: operations and rules that were asked for and not tried at all, and why. ended: why the
    run stopped early; empty when it did not.
    """

    target: str
    profile: str
    strictness: str
    seed: int
    max_examples: int
    only: list[str] = field(default_factory=list)
    shard: tuple[int, int] = (1, 1)
    seconds: float = 0.0
    operations: list[OperationRecord] = field(default_factory=list)
    rules: list[RuleRecord] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)
    links: dict[str, int] = field(default_factory=dict)
    """Each link that the chosen operations have, and how often it was followed."""
    excused: dict[str, str] = field(default_factory=dict)
    known: list[KnownViolation] = field(default_factory=list)
    left: list[Leftover] = field(default_factory=list)
    sent: dict[str, int] = field(default_factory=dict)
    limits: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    ended: str = ""
