"""Client that verifies that rejected requests change nothing (GE-02)."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from contract_tests.contract.api_entry import OperationEffects, RecordKind
from contract_tests.contract.api_lookup import (
    operation_effects,
    path_id_name,
    reading_operation_by_kind,
    response_fields,
)
from contract_tests.contract.sent_fields import record_name
from contract_tests.rules.client import ApiClient
from contract_tests.rules.record_lists import is_listed_by_name, list_records_named, sent_name
from contract_tests.rules.rejection_effects import (
    RecordState,
    differing_fields,
    is_rejected,
    rejected_but_done_error,
)
from contract_tests.rules.response import ApiResponse

Key = tuple[RecordKind, int]


class WatchedApiClient(ApiClient):
    """Client that reads a record of its own before and after each rejected change of it.

    Raises RuleViolationError if they differ. Records that rejected requests may have created are
    looked up once at the end, by their names.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Begin without known states."""
        super().__init__(*arguments, **options)
        self._states: dict[Key, RecordState] = {}
        self._refused: dict[tuple[RecordKind, int | None], list[ApiResponse]] = {}
        self._is_over = False

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Remove the created records, without watching these requests."""
        self._is_over = True
        super().__exit__(kind, error, trace)

    def call(self, operation: str, **how: Any) -> ApiResponse:
        """Call an operation; if it is rejected, check that the record in its path is unchanged."""
        entry = operation_effects(operation)
        if self._is_over or not entry.written_kind:
            return super().call(operation, **how)
        key = self._own_record_key(entry.kind_in_path, how.get(path_id_name(operation)))
        before = self._read(key) if key else None
        answer = super().call(operation, **how)
        if not is_rejected(answer):
            # A write may change other records as well, such as the tasks of a plan.
            self._states.clear()
            return answer
        if entry.creates:
            within = how.get(path_id_name(operation)) if entry.within else None
            self._refused.setdefault((entry.creates, within), []).append(answer)
        if key and before:
            self._expect_unchanged(key, before, answer)
        return answer

    def advance(self, seconds: float) -> None:
        """Advance the server's clock, which may change records."""
        super().advance(seconds)
        self._states.clear()

    def expect_nothing_left(self) -> None:
        """Raise RuleViolationError if a rejected request has created something."""
        for (kind, within), answers in self._refused.items():
            # The tasks of a deleted plan cannot be listed (MN-09).
            is_known = within is None or self._exists("plan", within)
            sent = {name: each for each in answers if (name := sent_name(each))}
            if not sent or not is_listed_by_name(kind) or not is_known:
                continue
            for row in self._list_records(kind, within):
                answer = sent.get(str(record_name(row)))
                # A probe may send one body several times, of which one was accepted.
                if answer and not self._own_record_key(kind, row.get("id")):
                    made = f"{kind} {row.get('id')}"
                    raise rejected_but_done_error(
                        f"{made} exists, although its creation was refused", answer, made
                    )
        self._refused.clear()

    def _exists(self, kind: RecordKind, number: int) -> bool:
        """Return whether a record of this client can still be read."""
        key = self._own_record_key(kind, number)
        state = self._read(key) if key else None
        return state is not None and state[0] == 200

    def _own_record_key(self, kind: RecordKind | None, number: Any) -> Key | None:
        """Return the key of a record that this client has created; None for any other."""
        if kind is None or not isinstance(number, int):
            return None
        made = (
            each.json["id"]
            for each in self.answers
            # An update of a plan may give it another id (M22).
            if kind in (_effects(each).creates, _effects(each).replaces)
            and each.status < 300
            and isinstance(each.json, dict)
            and "id" in each.json
        )
        return (kind, number) if number in made else None

    def _read(self, key: Key) -> RecordState | None:
        """Return the state of a record, read once until something is written; None for a file."""
        reading = reading_operation_by_kind()[key[0]]
        if not response_fields(reading):
            return None
        if key not in self._states:
            ids: dict[str, Any] = {path_id_name(reading): key[1]}
            answer = self._run_unwatched(lambda: super(WatchedApiClient, self).call(reading, **ids))
            self._states[key] = answer.status, answer.json
        return self._states[key]

    def _expect_unchanged(self, key: Key, before: RecordState, answer: ApiResponse) -> None:
        del self._states[key]
        after = self._read(key) or before
        if differing := differing_fields(before, after):
            message = f"{key[0]} {key[1]} has changed ({differing}), although that was rejected"
            raise rejected_but_done_error(message, answer, differing)

    def _list_records(self, kind: RecordKind, within: int | None) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._run_unwatched(
            lambda: list_records_named(self, kind, self.mark, within)
        )
        return found

    def _run_unwatched(self, work: Any) -> Any:
        """Call a function and return its result, without adding its requests to the probe."""
        seen = len(self.answers)
        try:
            return work()
        finally:
            del self.answers[seen:]


def _effects(answer: ApiResponse) -> OperationEffects:
    return operation_effects(answer.operation)
