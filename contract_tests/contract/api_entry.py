"""Entries of the API model: facts about an operation that the contract does not state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

RecordKind = Literal["notification", "file", "group", "scene", "plan", "task", "member"]
Statuses = frozenset[str]
Filter = tuple[str, ...]
"""Meaning of a filter parameter and the fields that it applies to: `("contains", "group.name")`.

The meanings are those of `workflows/filters.py`. A field is one that a read shows, after the kind
of record that has it; a list with rows of two kinds can have one for each.
"""
UNPREDICTABLE_FILTER: Filter = ()
"""A filter by something that changes by itself, so that a run cannot foretell what passes."""


class RowGrouping(NamedTuple):
    """Rows of another kind, in which the listed records are.

    fields: those of a row that tell of the other kind, by the names that a read gives them. inner:
    the field of a row that holds the listed records.
    """

    kind: RecordKind
    fields: Mapping[str, str]
    inner: str


@dataclass(frozen=True, kw_only=True)
class OperationEffects:
    """Effects of an operation that succeeds; it has no others.

    At most one of the first eight says what it does, and to records of which kind.
    """

    creates: RecordKind | None = None
    shows: RecordKind | None = None
    """Answers one record."""
    lists: RecordKind | None = None
    changes: RecordKind | None = None
    """Writes the fields that are sent, and leaves the others as they are."""
    replaces: RecordKind | None = None
    """Writes all fields: what is not sent is gone."""
    acts_on: RecordKind | None = None
    """Writes no field, and may change the status."""
    deletes: RecordKind | None = None
    concerns: RecordKind | None = None
    """Reads something about a record, such as a report of it."""

    within: RecordKind | None = None
    """The kind of record that the path names, if it is the one in which they are."""
    sets: Mapping[str, Any] = field(default_factory=dict)
    """Fields that have these values afterwards, whatever was sent."""
    reformats: tuple[str, ...] = ()
    """Fields that are sent in one form and returned in another."""
    status: Statuses = frozenset()
    """Possible statuses of the record afterwards; empty if the status does not change."""
    status_by_options: Mapping[str, Statuses] = field(default_factory=dict)
    """The same, where the `options` of the body decide."""
    ends: Mapping[RecordKind, Statuses] = field(default_factory=dict)
    """The kinds of parts that end with the record, and the statuses that they can be in then."""

    reaches_people: bool = False
    """People may hear of it, now or when its time comes."""
    starts_at: str = ""
    """The field of the body that says when the created record starts and people hear of it."""
    releases: bool = False
    """Lets a plan leave DRAFT; where it takes a body, unless that has the options DRAFT."""
    undone_by: tuple[str, ...] = ()
    """The operations that take back what was created, in this order."""
    stays: str = ""
    """Name, in reports, of a record that the API cannot remove; empty if it can."""

    counts: Mapping[str, str] = field(default_factory=dict)
    """Fields of the record in the path that an answer without filters counts, and where it does."""
    filters: Mapping[str, Filter] = field(default_factory=dict)
    """The query parameters of a list by which rows pass, but for those of paging."""
    grouped: RowGrouping | None = None
    """How a list has its records, where they are not its rows."""
    always_paged: bool = False
    """A list that has a first page, and not all rows, when no page is asked for."""

    @property
    def kind(self) -> RecordKind | None:
        """Of the records that it writes or reads; None when it has to do with none."""
        return self.written or self.shows or self.lists or self.concerns

    @property
    def written(self) -> RecordKind | None:
        """The kind of the record that it writes; None for a read."""
        return self.creates or self.changes or self.replaces or self.acts_on or self.deletes

    @property
    def named(self) -> RecordKind | None:
        """The kind of the record that its path names, if it names one."""
        return self.within or (None if self.creates or self.lists else self.kind)
