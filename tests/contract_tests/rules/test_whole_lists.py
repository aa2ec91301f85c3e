"""A page of any list has as many rows as were requested, if there are so many."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from contract_tests.rules.probe_registry import all_probes
from mock_server.world.world import World
from tests.contract_tests.rules.probe_contexts import ProbeMock, run_probe_mock
from tests.wire_faults import OperationExchange

MAX_ROWS, RECORD_COUNT = 50, 60
[PROBE] = [probe for probe in all_probes() if probe.name.endswith("existing_records_is_full")]
Copy = Callable[[World], None]


def copy_record(table: str, id_: int) -> Copy:
    """Return a function that adds copies of a record to a table of a world."""

    def add_copies(world: World) -> None:
        records = getattr(world, table)
        for _ in range(RECORD_COUNT):
            copied = replace_id(records[id_], world.next_id(table))
            records[copied.id] = copied

    return add_copies


def replace_id(record: Any, id_: int) -> Any:
    """Return a record with another id."""
    is_tuple = isinstance(record, tuple)
    return record._replace(id=id_) if is_tuple else replace(record, id=id_)


def cap_rows(operation: str) -> Callable[[OperationExchange], None]:
    """Return the fault of a server that sends at most 50 rows of a list, whatever it says."""

    def fault(exchange: OperationExchange) -> None:
        if exchange.operation == operation and exchange.status == 200:
            page = exchange.document
            del page["content" if "content" in page else "records"][MAX_ROWS:]
            exchange.respond(200, page)

    return fault


@pytest.mark.whole
@pytest.mark.parametrize(
    ("operation", "fill"),
    [
        ("listGroups", lambda _world: None),
        ("listGroups", copy_record("groups", 101)),
        ("listMarketingNotices", lambda _world: None),
        ("listMarketingNotices", copy_record("groups", 101)),
        ("listScenes", copy_record("scenes", 204)),
        ("listNotificationTasks", copy_record("notification_tasks", 501)),
        ("listNotificationTasks", copy_record("notification_tasks", 502)),
        ("listMarketingNoticeTasks", copy_record("notice_tasks", 401)),
    ],
)
def test_a_list_with_at_most_50_rows_a_page_is_found(operation: str, fill: Copy) -> None:
    """In each list of records, of those on the server; groups are added where there are few."""
    with run_probe_mock() as mock:
        fill(mock.world)
        sound = mock.context.run_probe(PROBE)
        assert (sound.outcome, sound.reason) == ("held", "")
        assert count_groups_left(mock) == 0
        mock.server.fault = cap_rows(operation)
        faulty = mock.context.run_probe(PROBE)
        assert faulty.outcome == "broken"
        assert operation in faulty.reason


def count_groups_left(mock: ProbeMock) -> int:
    """Return the number of groups that the probe has not deleted."""
    return sum(group.name.startswith("probe-") for group in mock.world.groups.values())
