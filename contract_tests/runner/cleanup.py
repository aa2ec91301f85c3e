"""Cleanup of the records that a run has created; those that must stay are listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import requests

from contract_tests.contract.api_entry import RecordKind
from contract_tests.contract.api_lookup import creating_operation_by_kind, operation_effects
from contract_tests.results.record import Leftover
from contract_tests.rules.client import ApiClient
from contract_tests.rules.record_removal import REMOVAL_ROUNDS, RemovalResult, remove_record
from contract_tests.runner.lost_records import RecordLookup, as_unanswered_creation

NAME_FIELDS = ("name", "taskName", "title")
"""Fields with the name of a record."""
MAX_UNANSWERED_REQUESTS = 3
"""Consecutive requests without a response, after which the server is tested for reachability."""
MAX_NAME_CHARS = 80
"""Maximum displayed length of a name."""


class RemovableRecord(NamedTuple):
    """A record that an operation created, with id and name."""

    operation: str
    number: Any
    name: str = ""

    def as_leftover(self, reason: str) -> Leftover:
        """Return the record as a leftover with this reason."""
        return Leftover("", 1, self.operation, str(self.number), self.name, reason)


class Cleanup:
    """Created records of a run, and their removal."""

    def __init__(self) -> None:
        """Begin without records."""
        self._made: list[RemovableRecord] = []
        self._stays: Counter[str] = Counter()
        self._kept: list[Leftover] = []
        self._possibly_created: list[Leftover] = []

    def note_success(
        self, operation: str, document: Any, path_ids: Collection[object] = ()
    ) -> None:
        """Record the JSON of a successful response; `path_ids` are those in the request's path."""
        self.note_probe_success(operation)
        creation = operation if operation_effects(operation).undone_by else ""
        made = document if isinstance(document, dict) else {}
        if (kind := operation_effects(operation).replaces) and self._has_made(kind, path_ids):
            # It may have got another id (M22).
            creation = creating_operation_by_kind()[kind]
        if creation and isinstance(made.get("id"), int):
            self._made.append(RemovableRecord(creation, made["id"], _short_name(made)))

    def _has_made(self, kind: RecordKind, numbers: Collection[object]) -> bool:
        creation, wanted = creating_operation_by_kind()[kind], {*map(str, numbers)}
        return any(each.operation == creation and str(each.number) in wanted for each in self._made)

    def note_probe_success(self, operation: str) -> None:
        """Record the success of a probe, which removes its own records where that is possible."""
        if stays := operation_effects(operation).stays:
            self._stays[stays] += 1

    def note_not_removed(self, operation: str, document: Any) -> None:
        """Record what a probe could not remove; removal is tried once more at the end."""
        self._made.append(RemovableRecord(operation, document["id"], _short_name(document)))

    def note_unanswered(
        self, requests_: Sequence[requests.PreparedRequest], api: ApiClient
    ) -> None:
        """Record requests without a response: each may have created a record, perhaps twice.

        Records with the name that was sent are looked up in a list and deleted with the others.
        Where that is impossible, they are listed with an unknown id.
        """
        lookup = RecordLookup(api)
        # The repeated request may have been answered, so that the record is in the list already.
        known = {(each.operation, each.number) for each in self._made}
        for request in requests_:
            doubt = as_unanswered_creation(request, [*creating_operation_by_kind().values()])
            if doubt is None:
                continue
            name = _short_name(doubt.body)
            numbers = lookup.find_ids(doubt, _full_name(doubt.body))
            self._made += [
                RemovableRecord(doubt.operation, each, name)
                for each in numbers or ()
                if (doubt.operation, each) not in known
            ]
            if numbers is None:
                self._possibly_created.append(Leftover(operation=doubt.operation, name=name))

    def remove_all(self, api: ApiClient) -> None:
        """Delete groups and plans and terminate tasks, the newest first.

        A failure does not stop the rest, unless the target no longer responds.
        """
        # Each id once: a server without memory returns the same id for all records.
        left = [*{(each.operation, each.number): each for each in self._made[::-1]}.values()]
        results: dict[RemovableRecord, RemovalResult] = {}
        silent, is_there = 0, True
        for _ in range(REMOVAL_ROUNDS):
            for made in left:
                # Hundreds of records times the timeout would keep the user waiting for hours.
                if silent == MAX_UNANSWERED_REQUESTS:
                    silent, is_there = 0, api.is_reachable()
                if not is_there:
                    results.setdefault(
                        made, RemovalResult("not tried: the target no longer responds")
                    )
                    continue
                results[made] = result = remove_record(api, made.operation, made.number)
                silent = silent + 1 if result.is_silent else 0
            left = [made for made in left if results[made].why]
        self._kept += [made.as_leftover(results[made].why) for made in left]
        self._made = []

    def list_as_not_removed(self, why: str) -> None:
        """List all created records as not removed, because the target is gone."""
        once = {(each.operation, each.number): each for each in self._made[::-1]}
        self._kept += [made.as_leftover(f"not tried: {why}") for made in once.values()]
        self._made = []

    @property
    def leftovers(self) -> list[Leftover]:
        """Records that stay on the target.

        A number for each kind, and those that could not be removed.
        """
        kinds = [Leftover(kind, number) for kind, number in sorted(self._stays.items())]
        return [*kinds, *self._kept, *dict.fromkeys(self._possibly_created)]


def _short_name(document: Any) -> str:
    """Return the name of a record, shortened for display."""
    return _full_name(document)[:MAX_NAME_CHARS]


def _full_name(document: Any) -> str:
    """Return the name of a record; a plan has it in `data`."""
    found = document if isinstance(document, dict) else {}
    inner = found.get("data")
    for each in (found, inner if isinstance(inner, dict) else {}):
        for field in NAME_FIELDS:
            if isinstance(each.get(field), str):
                return str(each[field])
    return ""
