"""Tables of records, sorted like the lists in responses."""

from __future__ import annotations

import heapq
from bisect import bisect_left, insort
from collections import deque
from collections.abc import (
    Callable,
    Collection,
    Hashable,
    Iterable,
    Iterator,
    MutableMapping,
    Sequence,
    ValuesView,
)
from datetime import datetime
from itertools import repeat
from typing import Any, Protocol, TypeVar, overload

from mock_server.domain.change_listeners import ChangeListener, ignore_change


class Record(Protocol):
    """Attributes that a table uses of its records."""

    @property
    def id(self) -> int:
        """Key in the table."""

    @property
    def created(self) -> datetime:
        """Instant of creation."""


T = TypeVar("T", bound=Record)


ROWS_PER_SORT = 1_000
"""Rows that are sorted at once."""


def _single_kind(_record: Any) -> Hashable:
    return None


def _zero_weight(_record: Any) -> int:
    return 0


def _sort_key(record: Record) -> tuple[datetime, int]:
    return record.created, record.id


class Table(MutableMapping[int, T]):
    """Mapping of ids to records, in order of insertion, with lists of the newest records first.

    Lists in responses show the newest records first (N25). A table therefore keeps the records of
    each kind in order of creation, so that the cost of a page does not depend on the number of
    records. Replacing a record takes a bisection; a new record is appended to its kind.

    A fork shares the records and their lists with its table, until one of the two is changed: that
    one then takes a copy. Forks therefore take no memory of their own, however long the lists.
    """

    def __init__(
        self, kind: Callable[[T], Hashable] = _single_kind, weigh: Callable[[T], int] = _zero_weight
    ) -> None:
        """Create an empty table.

        kind: returns the key of the list to which a record belongs; by default there is one list.
        weigh: returns the size of a record in bytes.
        """
        self._kind = kind
        self._weigh = weigh
        self._weights: dict[int, int] = {}
        self.weight = 0
        """Bytes of the records that were added one by one, not by `extend`."""
        self.on_change: ChangeListener = ignore_change
        self._rows: dict[int, T] = {}
        self._ordered: dict[Hashable, list[T]] = {}
        self._is_shared = False

    def newest(self, kind: Hashable = None) -> Sequence[T]:
        """Return a view of the records of a kind, newest first; in a second, higher ids first.

        The view may change with the table, so a thread has to use that of a fork.
        """
        return _NewestFirst(self._ordered.get(kind, []))

    def fork(self) -> Table[T]:
        """Return a table with the same records; changes of one of the two do not show in the other.

        A thread can read the fork while this table changes.
        """
        made: Table[T] = Table(self._kind, self._weigh)
        made._weights, made.weight = self._weights, self.weight
        made._rows, made._ordered = self._rows, self._ordered
        made._is_shared = self._is_shared = True
        return made

    def weighed_ids(self) -> Collection[int]:
        """Return the ids of the records whose bytes are part of `weight`."""
        return self._weights.keys()

    def extend(self, records: Iterable[T]) -> None:
        """Add many new records and sort once."""
        self._take_copy()
        for record in records:
            self._rows[record.id] = record
            self._ordered.setdefault(self._kind(record), []).append(record)
        for rows in self._ordered.values():
            rows.sort(key=_sort_key)

    def load(self, records: Iterable[T], is_weighed: Callable[[int], bool]) -> None:
        """Add many records to an empty table, in any order of creation; runs in a thread.

        is_weighed: returns whether the bytes of the record with an id count.
        """
        for record in records:
            self._rows[record.id] = record
            self._ordered.setdefault(self._kind(record), []).append(record)
            if is_weighed(record.id):
                self._set_weight(record.id, self._weigh(record))
        for kind, rows in self._ordered.items():
            self._ordered[kind] = _sort_in_steps(rows)

    def remove_kind(self, kind: Hashable) -> list[T]:
        """Remove all records of a kind, and return them."""
        self._take_copy()
        rows = self._ordered.pop(kind, [])
        ids = [row.id for row in rows]
        # By functions of C alone, because a kind may have 100,000 records.
        self.weight -= sum(map(self._weights.pop, ids, repeat(0)))
        self.on_change()
        deque(map(self._rows.pop, ids), maxlen=0)
        return rows

    def __getitem__(self, id_: int) -> T:
        return self._rows[id_]

    def __setitem__(self, id_: int, record: T) -> None:
        if self._is_shared:
            self._take_copy()
        before = self._rows.get(id_)
        self._set_weight(id_, self._weigh(record))
        self._rows[id_] = record
        kind = self._kind(record)
        rows = self._ordered.get(kind)
        if rows is None:
            rows = self._ordered[kind] = []
        # Most changes keep kind and creation time, and so the place in the list.
        if before is not None:
            if self._kind(before) == kind and _sort_key(before) == _sort_key(record):
                rows[bisect_left(rows, _sort_key(record), key=_sort_key)] = record
                return
            self._remove_row(before)
        # Only the initial data contains records that are older than the last one.
        if not rows or (rows[-1].created, rows[-1].id) < (record.created, id_):
            rows.append(record)
        else:
            insort(rows, record, key=_sort_key)

    def __delitem__(self, id_: int) -> None:
        self._take_copy()
        self._remove_row(self._rows.pop(id_))
        self._set_weight(id_, 0)

    def __iter__(self) -> Iterator[int]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def values(self) -> ValuesView[T]:
        """The records, in order of insertion."""
        return self._rows.values()

    def _take_copy(self) -> None:
        """Take a copy of what is shared with forks, before a change."""
        if self._is_shared:
            self._weights, self._rows = self._weights.copy(), self._rows.copy()
            self._ordered = {kind: rows.copy() for kind, rows in self._ordered.items()}
            self._is_shared = False

    def _set_weight(self, id_: int, weight: int) -> None:
        self.weight += weight - self._weights.pop(id_, 0)
        if weight:
            self._weights[id_] = weight
        self.on_change()

    def _remove_row(self, record: T) -> None:
        rows = self._ordered[self._kind(record)]
        del rows[bisect_left(rows, _sort_key(record), key=_sort_key)]


def _sort_in_steps(rows: list[T]) -> list[T]:
    """Return rows in order of creation; no step blocks other threads for long."""
    # Sorting 100,000 rows at once would, unless they are in order already.
    blocks = [
        sorted(rows[start : start + ROWS_PER_SORT], key=_sort_key)
        for start in range(0, len(rows), ROWS_PER_SORT)
    ]
    return [*heapq.merge(*blocks, key=_sort_key)]


class _NewestFirst(Sequence[T]):
    """Reversed view of rows in order of creation."""

    def __init__(self, rows: list[T]) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[T]:
        return reversed(self._rows)

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> list[T]: ...
    def __getitem__(self, at: int | slice) -> T | list[T]:
        places = range(len(self._rows) - 1, -1, -1)[at]
        if isinstance(places, int):
            return self._rows[places]
        return [self._rows[place] for place in places]
