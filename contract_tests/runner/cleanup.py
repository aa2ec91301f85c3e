"""What a run makes on a target: taken back where the API can, and listed where it cannot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import requests

from contract_tests.contract.api_lookup import creators, entry_of
from contract_tests.rules.client import ROUNDS, UNANSWERED, Api, undo
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

    def __str__(self) -> str:
        """`createGroup 103 "check-1-x"`."""
        return f'{self.operation} {self.number} "{self.name}"'


class Remains:
    """Remembers what was made."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._made: list[Made] = []
        self._stays: Counter[str] = Counter()
        self._kept: list[str] = []
        self._doubtful: list[str] = []

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
                self._doubtful.append(
                    f'{doubt.operation} "{name}", id unknown: it may have been created, even twice,'
                    " because the connection was dropped before the answer"
                )

    def take_back(self, api: Api) -> None:
        """Delete groups and plans, terminate tasks, the last one made first.

        A failure does not stop the rest, unless the target no longer answers.
        """
        # A server that remembers nothing gives one id to all that it makes.
        left = [*{(each.operation, each.number): each for each in self._made[::-1]}.values()]
        reasons: dict[Made, str] = {}
        silent, is_there = 0, True
        for _ in range(ROUNDS):
            for made in left:
                if silent == SILENT:
                    silent, is_there = 0, api.is_there()
                if not is_there:
                    reasons.setdefault(made, "not tried: the target no longer answers")
                    continue
                reasons[made] = why = undo(api, made.operation, made.number)
                silent = silent + 1 if UNANSWERED in why else 0
            left = [made for made in left if reasons[made]]
        self._kept += [f"{made}: {reasons[made]}" for made in left]
        self._made = []

    def give_up(self, why: str) -> None:
        """List all that was made: the target has gone."""
        once = {(each.operation, each.number): each for each in self._made[::-1]}
        self._kept += [f"{made}: not tried: {why}" for made in once.values()]
        self._made = []

    @property
    def left(self) -> list[str]:
        """Return what stays on the target: by kind, `12 scenes`, and what could not be removed."""
        counts = sorted(self._stays.items())
        kinds = [f"{number} {kind}{'' if number == 1 else 's'}" for kind, number in counts]
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
