"""Members: the people to whom notification tasks and plan tasks are addressed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from mock_server.domain.change_listeners import ChangeListener, ignore_change
from mock_server.runtime.threads import MIN_ROWS_FOR_THREAD

IDENTITY_FIELDS = ("memberId", "userId", "ciq")
"""Fields that identify a member; every other field is a dynamic parameter (N2)."""
BY_ID, BY_USER_ID, BY_CIQ = range(3)
"""Indexes of these fields in a row and in a layer of the directory."""
MEMBER_BYTES = 500
"""Estimated memory of a member without its texts, including its entries in the directory."""


def is_blank(value: object) -> bool:
    """Return whether a value is missing, empty or only white space, like a blank cell (N31)."""
    return not (value.strip() if isinstance(value, str) else value)


class MemberRow(NamedTuple):
    """Member as given in a request or a file, with at least one of three keys."""

    member_id: int | None
    user_id: str | None
    ciq: str | None
    name: str | None

    @classmethod
    def from_request(cls, row: Mapping[str, object]) -> MemberRow:
        """Return the row for a member of a request; its name is `nickname` (L209), else `name`.

        As in a file, white space around an id does not count, and a blank name is none (N31).
        """
        get = row.get
        number, user_id, ciq, name = get("memberId"), get("userId"), get("ciq"), get("nickname")
        if not isinstance(name, str) or not name.strip():
            name = get("name")
            if not isinstance(name, str) or not name.strip():
                name = None
        return cls(
            number if isinstance(number, int) else None,
            (user_id.strip() or None) if isinstance(user_id, str) else None,
            (ciq.strip() or None) if isinstance(ciq, str) else None,
            name,
        )


def merge_repeated_members(rows: Iterable[MemberRow]) -> list[MemberRow]:
    """Return the rows without those that have an id of any earlier row (N33, merged)."""
    seen: tuple[set[int | str | None], ...] = (set(), set(), set())
    found: list[MemberRow] = []
    for row in rows:
        keys = row[: BY_CIQ + 1]
        if not any(key is not None and key in of for key, of in zip(keys, seen, strict=True)):
            found.append(row)
        # Those of a repeated row, too: they name the same member.
        for key, of in zip(keys, seen, strict=True):
            of.add(key)
    return found


class Member(NamedTuple):
    """A person; `user_id` and `ciq` are keys of the caller's own systems, if given."""

    id: int
    name: str
    user_id: str | None = None
    ciq: str | None = None


_MembersByKey = dict[int | str | None, Member]
DirectoryLayer = tuple[_MembersByKey, _MembersByKey, _MembersByKey]
"""Members by each of their keys, in the order BY_ID, BY_USER_ID, BY_CIQ."""


class MemberDirectory:
    """All members of a world, indexed by each of their three keys.

    The directory is a stack of layers, and writes go to the last one. A draft with 100,000 new
    members is therefore applied by adding its layer, without copying. A fork shares all layers; a
    directory that is changed afterwards takes a copy of its last layer, or adds another one.
    """

    def __init__(self, next_id: int, below: Sequence[DirectoryLayer] = ()) -> None:
        """Create a directory on top of the layers `below`; ids are assigned from `next_id` on."""
        self.next_id = next_id
        self.layers = [*below, ({}, {}, {})]
        self._is_shared = False
        """True while a fork refers to the last layer as well."""
        self.changes = 0
        """Number of members that were added."""
        self.weight = 0
        """Estimated bytes of these members."""
        self.on_change: ChangeListener = ignore_change

    def __contains__(self, member_id: object) -> bool:
        return any(member_id in layer[BY_ID] for layer in self.layers)

    def __iter__(self) -> Iterator[int]:
        return (member.id for layer in self.layers for member in layer[BY_ID].values())

    def __len__(self) -> int:
        return sum(len(layer[BY_ID]) for layer in self.layers)

    def values(self) -> Iterator[Member]:
        """Return the members in the order in which they were added."""
        return (member for layer in self.layers for member in layer[BY_ID].values())

    def fork(self) -> MemberDirectory:
        """Return a directory with the same members; changes of one of the two leave the other."""
        made = MemberDirectory(self.next_id)
        made.layers, made.changes, made.weight = self.layers, self.changes, self.weight
        made._is_shared = self._is_shared = True
        return made

    def get(self, member_id: int) -> Member | None:
        """Return the member with this id."""
        return self._find(BY_ID, member_id)

    def find(self, row: MemberRow) -> Member | None:
        """Return the member with a row's memberId; without one, with its userId or ciq."""
        number, user_id, ciq, _ = row
        if number is not None:
            return self._find(BY_ID, number)
        # Written out, because it is done for each member of a request.
        for layer in self.layers:
            if found := layer[BY_USER_ID].get(user_id):
                return found
        return self._find(BY_CIQ, ciq)

    def find_all(self, row: MemberRow, kinds: Iterable[int]) -> set[int]:
        """Return the ids of the members that a row's ids of these kinds belong to."""
        found = (self._find(kind, row[kind]) for kind in kinds if row[kind] is not None)
        return {member.id for member in found if member}

    def has_any(self, kind: int, keys: Iterable[int | str | None]) -> bool:
        """Return whether a member has any of these ids of one kind; None counts as none."""
        return not all(layer[kind].keys().isdisjoint(keys) for layer in self.layers)

    def find_by_path(self, written: int | str, daily_reports_id: str) -> Member | None:
        """Return the member with an id of a path, by the reading daily-reports-id (D4)."""
        return self._find(BY_USER_ID if daily_reports_id == "userId" else BY_ID, written)

    def path_ids(self, daily_reports_id: str) -> Iterator[int | str]:
        """Return the ids that `find_by_path` finds; members without a userId have none there."""
        kind = BY_USER_ID if daily_reports_id == "userId" else BY_ID
        return (key for layer in self.layers for key in layer[kind] if key is not None)

    def get_or_create(self, row: MemberRow) -> Member:
        """Return the member with a row's memberId, userId or ciq; add it if it is unknown.

        A member without a name gets one made from its id.
        """
        if known := self.find(row):
            return known
        number, user_id, ciq, name = row
        member_id = number or self.next_free_id()
        return self.add(Member(member_id, name or f"会员{member_id}", user_id, ciq))

    def register_all_new(self, rows: Sequence[MemberRow]) -> list[Member]:
        """Add members if all of them are new and distinct; otherwise add none and return [].

        This takes a tenth of the time of adding them one by one.
        """
        # Column by column, so that zip, map and dict.update do the loops in C.
        numbers, *keys, names = zip(*rows, strict=True)
        ids = range(self.next_id, self.next_id + len(rows)) if not any(numbers) else numbers
        if None in ids or not all(map(self._are_new, (BY_ID, BY_USER_ID, BY_CIQ), (ids, *keys))):
            return []
        if ids is not numbers:
            self.next_id = ids[-1] + 1
        self._own_last_layer()
        called = [name or f"会员{number}" for name, number in zip(names, ids, strict=True)]
        members = [*map(Member._make, zip(ids, called, *keys, strict=True))]
        for known, key in zip(self.layers[-1], (ids, *keys), strict=True):
            known.update(zip(key, members, strict=True))
            known.pop(None, None)  # rows without this key
        self.changes += len(rows)
        self.weight += MEMBER_BYTES * len(rows)
        self.weight += sum(len("".join(filter(None, texts))) for texts in (*keys, called))
        self.on_change()
        return members

    def _are_new(self, kind: int, keys: Sequence[int | str | None]) -> bool:
        # Rows without this key have None, which may occur any number of times.
        given = {*keys} - {None}
        unlike = len(given) + keys.count(None) == len(keys)
        return unlike and all(layer[kind].keys().isdisjoint(given) for layer in self.layers)

    def add(self, member: Member) -> Member:
        """Add a member. Keys that already belong to another member keep doing so."""
        if self._is_shared:
            self._own_last_layer()
        self.changes += 1
        texts = len(member.name) + len(member.user_id or "") + len(member.ciq or "")
        self.weight += MEMBER_BYTES + texts
        self.on_change()
        by_id, by_user, by_ciq = self.layers[-1]
        by_id[member.id] = member
        if member.user_id and not self._find(BY_USER_ID, member.user_id):
            by_user[member.user_id] = member
        if member.ciq and not self._find(BY_CIQ, member.ciq):
            by_ciq[member.ciq] = member
        return member

    def next_free_id(self) -> int:
        """Return an id that no member has; it is never returned again."""
        while self._find(BY_ID, self.next_id):
            self.next_id += 1
        self.next_id += 1
        return self.next_id - 1

    def create_draft(self) -> MemberDirectory:
        """Return a directory with the same members; adding to it does not change this one."""
        return MemberDirectory(self.next_id, self.layers)

    def apply_draft(self, draft: MemberDirectory) -> None:
        """Add the members of a draft; nothing must have been added here since it was made."""
        self.changes += draft.changes
        self.weight += draft.weight
        self.on_change()
        self.next_id = draft.next_id
        # A lookup takes longer with every layer, so the members of short lists are copied instead.
        if draft.changes > MIN_ROWS_FOR_THREAD:
            self.layers, self._is_shared = [*draft.layers, ({}, {}, {})], False
            return
        self._own_last_layer()
        for mine, met in zip(self.layers[-1], draft.layers[-1], strict=True):
            mine.update(met)

    def _own_last_layer(self) -> None:
        """Stop sharing the last layer with forks, before a change."""
        if self._is_shared:
            last = self.layers[-1]
            # A long layer is left to the forks: a copy would take milliseconds on the event loop.
            if len(last[BY_ID]) > MIN_ROWS_FOR_THREAD:
                self.layers = [*self.layers, ({}, {}, {})]
            else:
                self.layers = [*self.layers[:-1], (last[0].copy(), last[1].copy(), last[2].copy())]
            self._is_shared = False

    def _find(self, kind: int, key: int | str | None) -> Member | None:
        # Oldest layer first, so that a key keeps leading to its first member.
        for layer in self.layers:
            if found := layer[kind].get(key):
                return found
        return None
