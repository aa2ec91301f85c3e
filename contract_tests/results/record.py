"""Results of a run as plain data, from which reports are made and shards merged."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from contract_tests.results.observations import ReadingRecord
from contract_tests.results.violations import Violation

OperationOutcome = Literal["held", "violated", "no data", "excused", "not checked"]
RuleOutcome = Literal["held", "broken", "open", "not checkable", "not checked"]


@dataclass
class OperationRecord:
    """Results for one operation.

    statuses: number of responses by status, as text ("200"). parameters: number of times each was
    sent, by place and name ("query/size", "body/taskName") and by the status of the response.
    checks: by name, the number of responses checked and of failures. undeclared: fields of
    responses that the contract does not declare ("200 /content/*/color"), with the number of
    responses. reason: why it is excused, has no data or was not checked.
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
    """Result of a rule's probes; `reason` explains every outcome but held."""

    rule: str
    outcome: RuleOutcome = "not checked"
    reason: str = ""
    probes: dict[str, str] = field(default_factory=dict)
    """Outcome of each probe by its name."""


@dataclass(frozen=True)
class KnownViolation:
    """A violation in the baseline: its owner, the reason, and the last day (yyyy-MM-dd)."""

    violation: Violation
    owner: str
    reason: str
    expires: str


@dataclass(frozen=True)
class Leftover:
    """Something that a run leaves on the target: a number of records of one kind, or one record.

    kind, count: for records that the API cannot remove; the other fields are then empty. operation:
    the one that created the record; id: empty if it is unknown because the response was lost;
    reason: why the record was not removed.
    """

    kind: str = ""
    count: int = 1
    operation: str = ""
    id: str = ""
    name: str = ""
    reason: str = ""


@dataclass(frozen=True)
class RecordedTraffic:
    """Counts of the entries of recordings that were checked; empty for a run that sends requests.

    entries: number of all entries; judged: of those that were judged. left_out: number of the
    others by the reason. unknown: number of requests under the API's paths that match no operation,
    by method and path. partial: number of judged entries by what was not recorded of them.
    """

    files: tuple[str, ...] = ()
    entries: int = 0
    judged: int = 0
    left_out: dict[str, int] = field(default_factory=dict)
    unknown: dict[str, int] = field(default_factory=dict)
    partial: dict[str, int] = field(default_factory=dict)


@dataclass
class RunRecord:
    """One run, or one shard of it: its options, its results, its violations.

    shard: number of this one and of all, (1, 1) for a whole run. excused: documented statuses
    ("getGroup 404") and links (as in `links`) that were not reached, each with the reason. known:
    violations in the baseline. left: records that the run created and could not remove. sent:
    requests by method. limits: operations that got no generated requests, with the reason.
    left_out: requested operations and rules that were not tried at all, with the reason. readings:
    the open questions with the answers that were observed. ended: why the run stopped early, else
    empty. recorded: what was read instead of sending requests.
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
    """Links between the chosen operations, with the number of times each was followed."""
    excused: dict[str, str] = field(default_factory=dict)
    known: list[KnownViolation] = field(default_factory=list)
    left: list[Leftover] = field(default_factory=list)
    sent: dict[str, int] = field(default_factory=dict)
    limits: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    readings: list[ReadingRecord] = field(default_factory=list)
    ended: str = ""
    recorded: RecordedTraffic = field(default_factory=RecordedTraffic)
