"""What a run makes on a target: taken back where the API can, and listed where it cannot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import requests

from contract_tests.contract.api_lookup import creators, entry_of
from contract_tests.results.record import Remainder
from contract_tests.rules.client import ROUNDS, Api, Undone, undo
from contract_tests.runner.lost_records import Lookup, doubt_of

NAMES = ("name", "taskName", "title")
"""The fields by which people know a thing."""
SILENT = 3
"""Requests in a row without an answer, after which it is asked whether anybody is there."""
LONGEST = 80
"""Characters of a name that are shown."""


class Made(NamedTuple):
    """A record that an operation created: its id and its name."""

    operation: str
    number: Any
    name: str = ""

    def left(self, reason: str) -> Remainder:
        """It, as something that stays on the target for a reason."""
        return Remainder("", 1, self.operation, str(self.number), self.name, reason)


class Remains:
    """Remembers what was made."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._made: list[Made] = []
        self._stays: Counter[str] = Counter()
        self._kept: list[Remainder] = []
        self._doubtful: list[Remainder] = []

    def note(self, operation: str, document: Any) -> None:
        """Note the JSON that an operation answered with success."""
        self.note_probed(operation)
        made = document if isinstance(document, dict) and entry_of(operation).undone_by else {}
        if isinstance(made.get("id"), int):
            self._made.append(Made(operation, document["id"], _name(document)))

    def note_probed(self, operation: str) -> None:
        """Note a success of a probe, which takes back itself what can be."""
        if stays := entry_of(operation).stays:
            self._stays[stays] += 1

    def note_kept(self, operation: str, document: Any) -> None:
        """Note what a probe made and could not take back; it is tried once more at the end."""
        self._made.append(Made(operation, document["id"], _name(document)))

    def doubt(self, requests_: Sequence[requests.PreparedRequest], api: Api) -> None:
        """Note requests without an answer: each may have created a record, or created it twice.

        Records with the name that was sent are found in a list, to be deleted with the others;
        where they cannot be looked up, they are listed with an unknown id.
        """
        lookup = Lookup(api)
        known = {(each.operation, each.number) for each in self._made}
        for request in requests_:
            doubt = doubt_of(request, [*creators().values()])
            if doubt is None:
                continue
            name = _name(doubt.body)
            numbers = lookup.numbers(doubt, _full_name(doubt.body))
            self._made += [
                Made(doubt.operation, each, name)
                for each in numbers or ()
                if (doubt.operation, each) not in known
            ]
            if numbers is None:
                self._doubtful.append(Remainder(operation=doubt.operation, name=name))

    def take_back(self, api: Api) -> None:
        """Delete groups and plans, terminate tasks, the last one made first.

        A failure does not stop the rest, unless the target no longer answers.
        """
        # A server that remembers nothing gives one id to all that it makes.
        left = [*{(each.operation, each.number): each for each in self._made[::-1]}.values()]
        results: dict[Made, Undone] = {}
        silent, is_there = 0, True
        for _ in range(ROUNDS):
            for made in left:
                if silent == SILENT:
                    silent, is_there = 0, api.is_there()
                if not is_there:
                    results.setdefault(made, Undone("not tried: the target no longer answers"))
                    continue
                results[made] = result = undo(api, made.operation, made.number)
                silent = silent + 1 if result.is_silent else 0
            left = [made for made in left if results[made].why]
        self._kept += [made.left(results[made].why) for made in left]
        self._made = []

    def give_up(self, why: str) -> None:
        """List all that was made: the target has gone."""
        once = {(each.operation, each.number): each for each in self._made[::-1]}
        self._kept += [made.left(f"not tried: {why}") for made in once.values()]
        self._made = []

    @property
    def left(self) -> list[Remainder]:
        """Return what stays on the target: so many of a kind, and what could not be removed."""
        kinds = [Remainder(kind, number) for kind, number in sorted(self._stays.items())]
        return [*kinds, *self._kept, *dict.fromkeys(self._doubtful)]


def _name(document: Any) -> str:
    """Return the name of a record, shortened for display."""
    return _full_name(document)[:LONGEST]


def _full_name(document: Any) -> str:
    """Return the name of a record; that of a plan is in its data."""
    found = document if isinstance(document, dict) else {}
    inner = found.get("data")
    for each in (found, inner if isinstance(inner, dict) else {}):
        for field in NAMES:
            if isinstance(each.get(field), str):
                return str(each[field])
    return ""
