"""A caller that sees what refused requests have changed: nothing, by GE-02."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import TracebackType
from typing import Any

from contract_tests.contract.api_entry import RecordKind
from contract_tests.contract.api_lookup import (
    operation_effects,
    path_id_name,
    read_operations,
    response_fields,
)
from contract_tests.contract.api_model import BY_TIME
from contract_tests.contract.sent_fields import VOLATILE_FIELDS
from contract_tests.results.violation_kinds import ViolationKind
from contract_tests.rules.client import ApiClient
from contract_tests.rules.outcome import RuleViolationError
from contract_tests.rules.record_lists import is_listed, name_in, rows_named
from contract_tests.rules.response import ApiResponse

Key = tuple[RecordKind, int]
State = tuple[int, Any]
"""A record as it is read: the status and the JSON of the answer."""


class WatchedApi(ApiClient):
    """Reads each record of its own before and after a request that is refused to change it.

    Raises RuleViolationError where they differ. What refused requests may have created is looked
    for once, by the names that they sent.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Nothing was sent yet."""
        super().__init__(*arguments, **options)
        self._states: dict[Key, State] = {}
        self._refused: dict[tuple[RecordKind, int | None], list[ApiResponse]] = {}
        self._is_over = False

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take back what was made, and watch nothing any more."""
        self._is_over = True
        super().__exit__(kind, error, trace)

    def call(self, operation: str, **how: Any) -> ApiResponse:
        """Call an operation; see whether a refused one has changed the record in its path."""
        entry = operation_effects(operation)
        if self._is_over or not entry.written:
            return super().call(operation, **how)
        key = self._own(entry.named, how.get(path_id_name(operation)))
        before = self._read(key) if key else None
        answer = super().call(operation, **how)
        if not 400 <= answer.status < 500:
            self._states.clear()
            return answer
        if entry.creates:
            within = how.get(path_id_name(operation)) if entry.within else None
            self._refused.setdefault((entry.creates, within), []).append(answer)
        if key and before:
            self._expect_unchanged(key, before, answer)
        return answer

    def advance(self, seconds: float) -> None:
        """Move the server's time forward, by which records may change."""
        super().advance(seconds)
        self._states.clear()

    def expect_nothing_left(self) -> None:
        """Go on if no refused request has created anything; else raise RuleViolationError."""
        for (kind, within), answers in self._refused.items():
            is_known = within is None or self._own("plan", within)
            sent = {name: each for each in answers if (name := name_in(each))}
            if not sent or not is_listed(kind) or not is_known:
                continue
            for row in self._listed(kind, within):
                answer = sent.get(str(row.get("name") or row.get("taskName")))
                if answer and not self._own(kind, row.get("id")):
                    made = f"{kind} {row.get('id')}"
                    raise _left(f"{made} exists, although its creation was refused", answer, made)
        self._refused.clear()

    def _own(self, kind: RecordKind | None, number: Any) -> Key | None:
        """Return the key of a record that this caller has made; None for any other one."""
        if kind is None or not isinstance(number, int):
            return None
        made = (
            each.json["id"]
            for each in self.answers
            if operation_effects(each.operation).creates == kind
            and each.status < 300
            and isinstance(each.json, dict)
            and "id" in each.json
        )
        return (kind, number) if number in made else None

    def _read(self, key: Key) -> State | None:
        """Return the state of a record, read once until something is written; None for a file."""
        reading = read_operations()[key[0]]
        if not response_fields(reading):
            return None
        if key not in self._states:
            ids: dict[str, Any] = {path_id_name(reading): key[1]}
            answer = self._unseen(lambda: super(WatchedApi, self).call(reading, **ids))
            self._states[key] = answer.status, answer.json
        return self._states[key]

    def _expect_unchanged(self, key: Key, before: State, answer: ApiResponse) -> None:
        del self._states[key]
        after = self._read(key) or before
        if differing := _differing(before, after):
            message = f"{key[0]} {key[1]} has changed ({differing}), although that was refused"
            raise _left(message, answer, differing)

    def _listed(self, kind: RecordKind, within: int | None) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._unseen(
            lambda: rows_named(self, kind, self.mark, within)
        )
        return found

    def _unseen(self, work: Any) -> Any:
        """Return what a function returns; its requests are no part of the probe."""
        seen = len(self.answers)
        try:
            return work()
        finally:
            del self.answers[seen:]


def _left(message: str, answer: ApiResponse, actual: str) -> RuleViolationError:
    return RuleViolationError(
        f"{message}: {answer}",
        answer,
        expected="no change",
        actual=actual,
        violation=ViolationKind.REFUSED_BUT_DONE,
    )


def _differing(before: State, after: State) -> str:
    """Return what of a record has changed by more than time; empty for nothing."""
    (status, old), (now, new) = before, after
    if status != now:
        return f"{now} instead of {status}"
    if not isinstance(old, Mapping) or not isinstance(new, Mapping):
        return ""
    moved = (old.get("status"), new.get("status"))
    ignored = VOLATILE_FIELDS if moved in BY_TIME else {"statistics"}
    return ", ".join(
        f"{name} {json.dumps(new.get(name), ensure_ascii=False)}"
        for name in sorted(old.keys() | new.keys())
        if name not in ignored and old.get(name) != new.get(name)
    )
