"""Members: the people to whom notification tasks and plan tasks are addressed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple, TypeVar

from mock_server.runtime.threads import MIN_ROWS_FOR_THREAD, run_in_thread_if

T = TypeVar("T")
IDENTITY_FIELDS = ("memberId", "userId", "ciq")
"""Fields that identify a member; every other field is a dynamic parameter (N2)."""
BY_ID, BY_USER_ID, BY_CIQ = range(3)
"""Indexes of these fields in a row and in a layer of the directory."""
ROWS_PER_BLOCK = 1_000
"""Rows of a long list that are registered at once. Other threads have to wait for a call into C,
so this limits their delay."""
MEMBER_BYTES = 500
"""Estimated memory of a member without its texts, including its entries in the directory."""
SMALL_LIST_ROWS = 100
"""Rows up to which registering one by one is as fast as registering a block."""
MAX_REGISTRATION_ATTEMPTS = 3
"""Attempts at registering a long list; the last one, on the event loop, always succeeds."""


def is_blank(value: object) -> bool:
    """Return whether a value is missing, empty or only white space, like a blank cell (N31)."""
    return not (value.strip() if isinstance(value, str) else value)


def has_identity(row: Mapping[str, object], fields: Collection[str] = IDENTITY_FIELDS) -> bool:
    """Return whether a member of a request has one of the fields that identify it (NT-05)."""
    # Field by field: any() with a generator takes three times as long, for each of many rows.
    return bool(
        ("memberId" in fields and row.get("memberId"))
        or ("userId" in fields and not is_blank(row.get("userId")))
        or ("ciq" in fields and not is_blank(row.get("ciq")))
    )


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
        number, user_id, ciq = row.get("memberId"), row.get("userId"), row.get("ciq")
        return cls(
            number if isinstance(number, int) else None,
            (user_id.strip() or None) if isinstance(user_id, str) else None,
            (ciq.strip() or None) if isinstance(ciq, str) else None,
            _text_or_none(row, "nickname") or _text_or_none(row, "name"),
        )


def merge_repeated(rows: Iterable[MemberRow]) -> list[MemberRow]:
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
    members is therefore applied by adding its layer, without copying.
    """

    def __init__(self, next_id: int, below: Sequence[DirectoryLayer] = ()) -> None:
        """Create a directory on top of the layers `below`; ids are assigned from `next_id` on."""
        self.next_id = next_id
        self.layers = [*below, ({}, {}, {})]
        self.changes = 0
        """Number of members that were added."""
        self.weight = 0
        """Estimated bytes of these members."""

    def __contains__(self, member_id: object) -> bool:
        return any(member_id in layer[BY_ID] for layer in self.layers)

    def __iter__(self) -> Iterator[int]:
        return (member.id for layer in self.layers for member in layer[BY_ID].values())

    def __len__(self) -> int:
        return sum(len(layer[BY_ID]) for layer in self.layers)

    def get(self, member_id: int) -> Member | None:
        """Return the member with this id."""
        return self._find(BY_ID, member_id)

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
        number, user_id, ciq, name = row
        if number is not None:
            known = self._find(BY_ID, number)
        else:
            known = self._find(BY_USER_ID, user_id) or self._find(BY_CIQ, ciq)
        if known:
            return known
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
        called = [name or f"会员{number}" for name, number in zip(names, ids, strict=True)]
        members = [*map(Member._make, zip(ids, called, *keys, strict=True))]
        for known, key in zip(self.layers[-1], (ids, *keys), strict=True):
            known.update(zip(key, members, strict=True))
            known.pop(None, None)  # rows without this key
        self.changes += len(rows)
        self.weight += MEMBER_BYTES * len(rows)
        self.weight += sum(len("".join(filter(None, texts))) for texts in (*keys, called))
        return members

    def _are_new(self, kind: int, keys: Sequence[int | str | None]) -> bool:
        # Rows without this key have None, which may occur any number of times.
        given = {*keys} - {None}
        unlike = len(given) + keys.count(None) == len(keys)
        return unlike and all(layer[kind].keys().isdisjoint(given) for layer in self.layers)

    def add(self, member: Member) -> Member:
        """Add a member. Keys that already belong to another member keep doing so."""
        self.changes += 1
        texts = len(member.name) + len(member.user_id or "") + len(member.ciq or "")
        self.weight += MEMBER_BYTES + texts
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
        self.next_id = draft.next_id
        # A lookup takes longer with every layer, so the members of short lists are copied instead.
        if draft.changes > MIN_ROWS_FOR_THREAD:
            self.layers = [*draft.layers, ({}, {}, {})]
            return
        for mine, met in zip(self.layers[-1], draft.layers[-1], strict=True):
            mine.update(met)

    def _find(self, kind: int, key: int | str | None) -> Member | None:
        # Oldest layer first, so that a key keeps leading to its first member.
        for layer in self.layers:
            if found := layer[kind].get(key):
                return found
        return None


async def register_members(
    directory: MemberDirectory, rows: Sequence[MemberRow], made: Callable[[int, str], T]
) -> list[T]:
    """Register the members of all rows; return `made(id, name)` for each of them."""
    # A list that is registered without a thread needs no draft, since nothing can be added
    # meanwhile, and the few members of most requests need no blocks.
    if len(rows) <= SMALL_LIST_ROWS:
        met = [(directory.get_or_create(row), row.name) for row in rows]
        return [made(one.id, name or one.name) for one, name in met]
    if len(rows) <= MIN_ROWS_FOR_THREAD:
        return _register_in_blocks(directory, rows, made)
    draft, found = await register_in_draft(directory, rows, made)
    directory.apply_draft(draft)
    return found


async def register_in_draft(
    directory: MemberDirectory, rows: Sequence[MemberRow], made: Callable[[int, str], T]
) -> tuple[MemberDirectory, list[T]]:
    """Register the members of all rows in a draft; return it, and `made(id, name)` for each row.

    The name is that of the row, else that of the known member. The caller has to apply the draft
    before it awaits anything else. A long list is registered in a thread, and again if the
    directory has changed meanwhile.
    """
    for attempt in range(1, MAX_REGISTRATION_ATTEMPTS + 1):
        draft, changes = directory.create_draft(), directory.changes
        work = partial(_register_in_blocks, draft, rows, made)
        enrolled = await run_in_thread_if(
            len(rows) > MIN_ROWS_FOR_THREAD and attempt < MAX_REGISTRATION_ATTEMPTS, work
        )
        if directory.changes == changes:
            break
    return draft, enrolled


def _register_in_blocks(
    draft: MemberDirectory, rows: Sequence[MemberRow], made: Callable[[int, str], T]
) -> list[T]:
    found: list[T] = []
    for start in range(0, len(rows), ROWS_PER_BLOCK):
        block = rows[start : start + ROWS_PER_BLOCK]
        if len(block) > SMALL_LIST_ROWS and (met := draft.register_all_new(block)):
            found += [made(one.id, one.name) for one in met]
        else:
            members = [(draft.get_or_create(row), row.name) for row in block]
            found += [made(one.id, name or one.name) for one, name in members]
    return found


def _text_or_none(row: Mapping[str, object], field: str) -> str | None:
    value = row.get(field)
    return value if isinstance(value, str) and value.strip() else None
