"""Expectations of the model that depend on how a server decides an open question.

Probes observe the answers; here, whatever some answer allows is not expected otherwise.
"""

from __future__ import annotations

from typing import Any

from contract_tests.contract.sent_fields import CONTENT_FIELD
from contract_tests.contract.strictness import Strictness
from contract_tests.workflows.model import CreatedRecord, ServerModel
from contract_tests.workflows.record_changes import Json, ReturnedRecord
from contract_tests.workflows.recorded_call import RecordedCall

END_FIELD = "scheduledEndTime"
EXTERNAL_ID_FIELD = "externalId"
FINISHED_STATUSES = frozenset({"COMPLETED", "TERMINATED"})


def without_open_fields(strictness: Strictness, returned: ReturnedRecord, expected: Json) -> Json:
    """Return the expected fields without those that may differ in this response."""
    return {
        name: value
        for name, value in expected.items()
        if not _may_differ(strictness, returned.fields, name, value)
    }


def may_be_same_record(model: ServerModel, seen: RecordedCall, thing: CreatedRecord) -> bool:
    """Return whether a creation may return a record that exists: the same file again (F12)."""
    content = seen.sent.get(CONTENT_FIELD)
    is_same = content is not None and content == thing.fields.get(CONTENT_FIELD)
    return is_same and model.strictness.may_follow("same-file-twice", "same-id")


def is_row_open(model: ServerModel, seen: RecordedCall, thing: CreatedRecord) -> bool:
    """Return whether it is open if a list has this record."""
    may_follow = model.strictness.may_follow
    if EXTERNAL_ID_FIELD in seen.query and may_follow("scene-filter-external-id", "plan"):
        return True
    # The plans of a deleted group may stay (M45), but its row is gone.
    is_orphan = bool(seen.entry.grouped) and model.is_known_deleted(thing.within)
    return is_orphan and may_follow("group-with-plans", "deleted")


def _may_differ(strictness: Strictness, returned: Json, name: str, expected: Any) -> bool:
    if name == END_FIELD and returned.get("status") in FINISHED_STATUSES:
        return strictness.may_follow("end-time-adjusted", "adjusted")
    is_unset = name == EXTERNAL_ID_FIELD and expected is None and returned.get(name) == ""
    return is_unset and strictness.may_follow("external-id-after-unbinding", "empty")
