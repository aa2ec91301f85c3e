"""Members: the people that notification tasks and plan tasks address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

IDENTITY = ("memberId", "userId", "ciq")
"""The fields that name a member; every other field is a dynamic parameter (decision N2)."""


def names_somebody(row: Mapping[str, object]) -> bool:
    """Whether a row has a field that names its member (NT-05)."""
    return bool(row.get("memberId") or row.get("userId") or row.get("ciq"))


@dataclass(frozen=True, slots=True)
class Member:
    """One person. `user_id` and `ciq` are the caller's own keys, where it has given them."""

    id: int
    name: str
    user_id: str | None = None
    ciq: str | None = None


class Directory:
    """Every member the world has met, found by any of its three keys."""

    def __init__(self, next_id: Callable[[], int]) -> None:
        """`next_id` gives the id of a member met for the first time without one."""
        self._next_id = next_id
        self._by_id: dict[int, Member] = {}
        self._by_key: dict[tuple[str, str], Member] = {}

    def __contains__(self, member_id: object) -> bool:
        return member_id in self._by_id

    def __len__(self) -> int:
        return len(self._by_id)

    def get(self, member_id: int) -> Member | None:
        """The member with this id."""
        return self._by_id.get(member_id)

    def enrol(self, row: Mapping[str, object]) -> Member:
        """The member a row names by memberId, userId or ciq, met now if it was not before.

        A row's name is its `nickname` (L209), else `name`, else a name made from the id.
        """
        user_id, ciq = _key(row, "userId"), _key(row, "ciq")
        number = row.get("memberId")
        if isinstance(number, int):
            known = self._by_id.get(number)
        else:
            known = self._by_key.get(("userId", user_id or "")) or self._by_key.get(
                ("ciq", ciq or "")
            )
        if known:
            return known
        member_id = number if isinstance(number, int) else self._fresh_id()
        name = _key(row, "nickname") or _key(row, "name") or f"会员{member_id}"
        return self.add(Member(member_id, name, user_id, ciq))

    def add(self, member: Member) -> Member:
        """Remember a member."""
        self._by_id[member.id] = member
        for field, key in (("userId", member.user_id), ("ciq", member.ciq)):
            if key:
                self._by_key.setdefault((field, key), member)
        return member

    def _fresh_id(self) -> int:
        while (fresh := self._next_id()) in self._by_id:
            pass
        return fresh


def _key(row: Mapping[str, object], field: str) -> str | None:
    value = row.get(field)
    return value if isinstance(value, str) and value else None
