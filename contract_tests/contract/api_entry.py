"""Entries of the API model: facts about an operation that the contract does not state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

RecordKind = Literal["notification", "file", "group", "scene", "plan", "task", "member"]
Statuses = frozenset[str]
Filter = tuple[str, ...]
"""Meaning of a filter parameter and the fields that it applies to: `("contains", "group.name")`.

The meanings are those of `rules/row_filters.py`. A field is one that a read returns, written after
the kind of record that has it; a list with rows of two kinds can have one field for each.
"""
UNPREDICTABLE_FILTER: Filter = ()
"""A filter on a value that changes by itself, so that a run cannot predict which rows pass."""


class RowGrouping(NamedTuple):
    """Rows of another kind that contain the listed records.

    fields: the fields of a row that describe the other kind, by the names that a read gives them.
    inner: the field of a row that holds the listed records.
    """

    kind: RecordKind
    fields: Mapping[str, str]
    inner: str


@dataclass(frozen=True, kw_only=True)
class OperationEffects:
    """Effects of an operation that succeeds; it has no others.

    At most one of the first eight is set. It names what the operation does, and to which kind of
    record.
    """

    creates: RecordKind | None = None
    shows: RecordKind | None = None
    """Returns one record."""
    lists: RecordKind | None = None
    changes: RecordKind | None = None
    """Writes the fields that are sent, and leaves the others as they are."""
    replaces: RecordKind | None = None
    """Writes all fields: a field that is not sent is removed."""
    acts_on: RecordKind | None = None
    """Writes no field, and may change the status."""
    deletes: RecordKind | None = None
    concerns: RecordKind | None = None
    """Reads something about a record, such as a report of it."""

    within: RecordKind | None = None
    """Kind of record that the path names, if it contains the records of this operation."""
    sets: Mapping[str, Any] = field(default_factory=dict)
    """Fields that have these values afterwards, whatever was sent."""
    reformats: tuple[str, ...] = ()
    """Fields that are sent in one form and returned in another."""
    status: Statuses = frozenset()
    """Possible statuses of the record afterwards; empty if the status does not change."""
    status_by_options: Mapping[str, Statuses] = field(default_factory=dict)
    """The same, where the `options` of the body decide."""
    ends: Mapping[RecordKind, Statuses] = field(default_factory=dict)
    """Kinds of records that end together with this one, and the statuses that they can have then.
    """

    reaches_people: bool = False
    """True if members may receive a message, now or at the record's start time."""
    starts_at: str = ""
    """Field of the body with the start time of the created record, when people get messages."""
    releases: bool = False
    """True if the operation releases a plan; one with a body does so unless its options are DRAFT.
    """
    undone_by: tuple[str, ...] = ()
    """Operations that undo the creation, in this order."""
    stays: str = ""
    """Name, in reports, of a record that the API cannot remove; empty if it can."""

    counts: Mapping[str, str] = field(default_factory=dict)
    """Fields of the record in the path that an unfiltered response counts, and where."""
    filters: Mapping[str, Filter] = field(default_factory=dict)
    """Query parameters that filter the rows of a list, without those for paging."""
    grouped: RowGrouping | None = None
    """Rows that contain the listed records, if these are not rows themselves."""
    always_paged: bool = False
    """True if the list returns a first page, not all rows, when no page is requested."""
    readings: tuple[str, ...] = ()
    """Open questions that responses of this operation answer, beside those of many operations."""

    @property
    def kind(self) -> RecordKind | None:
        """Kind of the records that it writes or reads; None if there are none."""
        return self.written_kind or self.shows or self.lists or self.concerns

    @property
    def written_kind(self) -> RecordKind | None:
        """Kind of the records that it writes; None for a read."""
        return self.creates or self.changes or self.replaces or self.acts_on or self.deletes

    @property
    def kind_in_path(self) -> RecordKind | None:
        """Kind of the record that its path names; None if it names none."""
        return self.within or (None if self.creates or self.lists else self.kind)
