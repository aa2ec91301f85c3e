"""Reads are compared with the writes before them, unless something else explains a difference."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from contract_tests.contract.strictness import CURATED
from contract_tests.results.violation_kinds import ViolationKind
from contract_tests.runner.schemathesis_config import RunPlan
from contract_tests.workflows.recorded.check import RecordingCheck
from contract_tests.workflows.recorded.har import read_har
from tests.contract_tests.workflows.recorded.recordings import GROUPS, Entry, Recording

GROUP = {
    "id": 7,
    "createTime": "2025-04-21 09:00:00",
    "lastUpdateTime": "2025-04-21 09:00:00",
    "name": "甲",
}
URL = f"https://example.com{GROUPS}"


def write_group(second: float, *, lasts: float = 0.1, method: str = "POST") -> Entry:
    """Return a request that makes or changes the group, at a second of the recording."""
    url = URL if method == "POST" else f"{URL}/7"
    return entry_at(second, method, url, GROUP, lasts=lasts, body={"name": "甲"})


def read_group(second: float, *, lasts: float = 0.1, **fields: Any) -> Entry:
    """Return a request that reads the group with other fields."""
    return entry_at(second, "GET", f"{URL}/7", GROUP | fields, lasts=lasts)


def entry_at(
    second: float,
    method: str,
    url: str,
    document: Any,
    *,
    lasts: float = 0.1,
    status: int = 200,
    body: Any = None,
) -> Entry:
    """Return an entry that begins at a second and lasts for some."""
    text = json.dumps(document)
    request: Entry = {"method": method, "url": url, "headers": []}
    if body is not None:
        request["headers"] = [{"name": "Content-Type", "value": "application/json"}]
        request["postData"] = {"mimeType": "application/json", "text": json.dumps(body)}
    return {
        "startedDateTime": f"2025-04-21T01:00:{second:06.3f}Z",
        "time": lasts * 1000,
        "request": request,
        "response": {
            "status": status,
            "headers": [{"name": "Content-Type", "value": "application/json"}],
            "content": {"size": len(text), "text": text},
        },
    }


def differences(folder: Path, *entries: Entry) -> list[ViolationKind]:
    """Return the kinds of violations in a recording of these entries."""
    path = Recording([*entries]).write(folder)
    exchanges = sorted(read_har(path), key=lambda each: each.started)
    check = RecordingCheck(exchanges, RunPlan(1, 1, strictness=CURATED), ())
    return [each.kind for each in check.judge_all([path]).violations]


def test_a_read_has_to_agree_with_the_write_before_it(tmp_path: Path) -> None:
    """Field by field."""
    assert differences(tmp_path, write_group(0), read_group(1)) == []
    found = differences(tmp_path, write_group(0), read_group(1, name="乙"))
    assert found == [ViolationKind.DIFFERS]


def test_a_read_before_the_write_is_not_compared(tmp_path: Path) -> None:
    """The order is that of their starts, not that of the file."""
    assert differences(tmp_path, write_group(2, method="PUT"), read_group(1, name="乙")) == []


def test_a_read_that_overlaps_with_a_write_is_not_compared(tmp_path: Path) -> None:
    """The server may have handled either first."""
    slow = read_group(0.5, name="乙", lasts=1)
    assert differences(tmp_path, write_group(0), slow, write_group(1, method="PUT")) == []


def test_writes_that_overlap_leave_a_record_uncertain(tmp_path: Path) -> None:
    """Either may have come last."""
    second = entry_at(1.05, "PUT", f"{URL}/7", GROUP | {"name": "乙"}, body={"name": "乙"})
    entries = [write_group(0), write_group(1, method="PUT"), second]
    assert differences(tmp_path, *entries, read_group(3, name="乙")) == []


def test_a_later_change_by_another_user_is_explained(tmp_path: Path) -> None:
    """`lastUpdateTime` is later than in the response to the write."""
    later = read_group(1, name="乙", lastUpdateTime="2025-04-21 09:00:01")
    assert differences(tmp_path, write_group(0), later) == []
    earlier = read_group(1, name="乙", lastUpdateTime="2025-04-20 09:00:00")
    assert differences(tmp_path, write_group(0), earlier) == [ViolationKind.DIFFERS]


def test_a_write_without_a_response_leaves_a_record_uncertain(tmp_path: Path) -> None:
    """It may have been carried out."""
    lost = entry_at(1, "PUT", f"{URL}/7", {}, status=0, body={"name": "乙"})
    assert differences(tmp_path, write_group(0), lost, read_group(2, name="乙")) == []


def test_a_write_of_unknown_validity_leaves_a_record_uncertain(tmp_path: Path) -> None:
    """A server may have ignored or taken an unknown field."""
    body = {"name": "乙", "color": "red"}
    open_write = entry_at(1, "PUT", f"{URL}/7", {**GROUP, "name": "乙"}, body=body)
    assert differences(tmp_path, write_group(0), open_write, read_group(2, name="丙")) == []


def test_servers_do_not_share_records(tmp_path: Path) -> None:
    """The same id on another host is another record."""
    other = read_group(1, name="乙")
    other["request"]["url"] = f"https://staging.example.com{GROUPS}/7"
    assert differences(tmp_path, write_group(0), other) == []
