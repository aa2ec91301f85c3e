"""Expectations that the writes of a recording raise for the reads after them.

A recording shows one client. Others may write to the same server, and requests may overlap, so
nothing is expected where one of them explains a difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from contract_tests.contract.statuses import is_success
from contract_tests.contract.strictness import Strictness
from contract_tests.workflows.model import ServerModel
from contract_tests.workflows.model_checks import ModelMismatch, find_mismatches
from contract_tests.workflows.record_changes import RecordKey
from contract_tests.workflows.recorded.exchange import RecordedExchange
from contract_tests.workflows.recorded.replay import ReplayedCall
from contract_tests.workflows.recorded.validity import RequestValidity
from contract_tests.workflows.recorded_call import RecordedCall, record_call

READ_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
CHANGE_TIME = "lastUpdateTime"
"""Field with the time of the last change of a record, by whomever."""


class RecordHistory:
    """Models of the servers in a recording, one for each base URL."""

    def __init__(self, exchanges: Sequence[RecordedExchange], strictness: Strictness) -> None:
        """Begin with empty models of servers that this strictness binds."""
        self._strictness = strictness
        self._models: dict[str, ServerModel] = {}
        self._changed: dict[tuple[str, RecordKey], str] = {}
        self._writes = [one for one in exchanges if one.request.method not in READ_METHODS]

    def follow(self, call: ReplayedCall, validity: RequestValidity) -> ModelMismatch | None:
        """Return how a response differs from the writes before it, and apply it to the model."""
        is_read = call.exchange.request.method in READ_METHODS
        seen = record_call(call.case, call.response)
        if seen is None:
            return None
        # A list filters by what it was asked, also where a server may have refused the query.
        is_valid = validity.verdict == "valid" or (is_read and validity.verdict == "open")
        seen = replace(seen, is_valid=is_valid)
        base = call.match.base
        model = self._models.setdefault(base, ServerModel(self._strictness))
        if self._is_uncertain(call.exchange, seen, validity):
            model.apply_call(replace(seen, status=0, response_json=None))
            return None
        found = None
        if call.is_body_known:
            self._forget_changed_elsewhere(base, model, seen)
            found = find_mismatches(model, seen)
        self._learn(base, model, seen)
        return next(iter(found or ()), None)

    def note_unanswered(self, call: ReplayedCall) -> None:
        """Forget what a write without a response may have changed."""
        seen = record_call(call.case, call.response)
        if seen and (model := self._models.get(call.match.base)):
            model.apply_call(replace(seen, status=0, response_json=None))

    def forget_host(self, url: str) -> None:
        """Forget the records of a server whose state was replaced: a mock that was reset."""
        host = "/".join(url.split("/")[:3])
        for base in [base for base in self._models if base == host or base.startswith(f"{host}/")]:
            del self._models[base]

    def _is_uncertain(
        self, exchange: RecordedExchange, seen: RecordedCall, validity: RequestValidity
    ) -> bool:
        """Return whether it is open in which state an exchange found or left a record."""
        overlaps = any(write is not exchange and write.overlaps(exchange) for write in self._writes)
        # Which fields of such a write take effect is open.
        overwrites = seen.entry.changes or seen.entry.replaces
        return overlaps or bool(
            overwrites and validity.verdict == "open" and is_success(seen.status)
        )

    def _learn(self, base: str, model: ServerModel, seen: RecordedCall) -> None:
        model.apply_call(seen)
        said = seen.response_json if isinstance(seen.response_json, dict) else {}
        changed = said.get(CHANGE_TIME)
        if seen.written_record and seen.is_success and isinstance(changed, str):
            self._changed[base, seen.written_record] = changed

    def _forget_changed_elsewhere(self, base: str, model: ServerModel, seen: RecordedCall) -> None:
        """Forget a record that shows a later change than the last one in the recording."""
        if seen.entry.written_kind:
            return
        for told in seen.returned_records():
            known, shown = self._changed.get((base, told.key)), told.fields.get(CHANGE_TIME)
            if known is not None and isinstance(shown, str) and shown > known:
                model.things.pop(told.key, None)
                del self._changed[base, told.key]
