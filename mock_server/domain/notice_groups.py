"""Groups of marketing notice plans."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from mock_server.domain.notices import Notice
from mock_server.domain.record_errors import abbreviate_ids
from mock_server.errors import ErrorDetail


@dataclass(frozen=True, slots=True)
class NoticeGroup:
    """Group of plans (L1711-L1722). Names are not unique."""

    id: int
    name: str
    created: datetime
    updated: datetime


def deletion_violations(notices: Iterable[Notice], with_plans: str) -> list[ErrorDetail]:
    """Return a violation if a group still has plans, `notices` (GR-02).

    with_plans: answer to group-with-plans (M45). If such a group is `deleted`, its plans stay with
    its id, which no other group gets.
    """
    if with_plans == "deleted":
        return []
    kept = sorted(notice.id for notice in notices)
    return [ErrorDetail("/path/id", "GR-02", "plan: []", abbreviate_ids(kept))] if kept else []
