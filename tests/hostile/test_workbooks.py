"""Uploads that a task uses as its member list."""

from __future__ import annotations

import threading
import time

import pytest

from tests.hostile import forms, values
from tests.hostile.conftest import Victim, logged_errors
from tests.hostile.exchange import TASKS, SocketResponse, request
from tests.hostile.workbooks import CASES, HEAD, FileCase, workbook

pytestmark = pytest.mark.whole


def create_task_from_workbook(victim: Victim, content: bytes) -> SocketResponse:
    """Upload a file and return the response to a task with it."""
    form = forms.MODULE + forms.file(b'; filename="list.xlsx"', content) + forms.END
    (uploaded,) = victim.send(forms.upload(form))
    assert uploaded.status == 200, uploaded
    (answer,) = victim.send(values.new_task(members=None, fileIds=[uploaded.document["id"]]))
    return answer


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_hostile_workbook_is_refused_with_a_reason(victim: Victim, case: FileCase) -> None:
    """The error has the file, the rule and the code; harmless anomalies are accepted."""
    answer = create_task_from_workbook(victim, case.content())
    victim.check_is_responsive()
    if not case.code:
        assert answer.status == 200
        return
    assert answer.status == 400
    error = answer.document["errors"][0]
    assert error["pointer"] == "/body/fileIds/0"
    assert (error["rule"], error["code"]) == (case.rule, case.code)
    assert "root:" not in answer.body.decode()


def test_a_workbook_that_takes_long_holds_up_nobody(victim: Victim) -> None:
    """A file of few bytes may have many rows, so every file is read in a process."""
    content = workbook(HEAD + "<row><c><v>7</v></c></row>" * 30_000)
    assert len(content) < 20_000
    waits = []
    reading = threading.Thread(target=create_task_from_workbook, args=(victim, content))
    begun = time.monotonic()
    reading.start()
    while reading.is_alive():
        asked = time.monotonic()
        victim.check_is_responsive()
        waits.append(time.monotonic() - asked)
    assert len(waits) > 5
    assert max(waits) < (time.monotonic() - begun) / 2


@pytest.mark.parametrize("day", ["0001-01-01", "0999-12-31", "9999-12-31"])
def test_a_task_at_the_end_of_time_can_be_read(victim: Victim, day: str) -> None:
    """Create, list, details with executions, terminate: no date overflows."""
    window = {"scheduledStartTime": f"{day} 00:00:00", "scheduledEndTime": f"{day} 23:59:59"}
    (created,) = victim.send(values.new_task(**window))
    assert created.status == 200
    path = b"%b/%d" % (TASKS, created.document["id"])
    for asked in (path, path + b"/executions", path + b"/executions?orderBy=executeTime"):
        (answer,) = victim.send(request(b"GET", asked))
        assert answer.status == 200
    (ended,) = victim.send(request(b"PUT", path + b"/termination", body=b"{}"))
    assert ended.status in {200, 400}


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("start", ["0001-01-01 00:00", "9999-12-31 23:59:59", "00:00", "23:59"])
def test_a_plan_at_the_end_of_time_can_be_read(victim: Victim, day: str, start: str) -> None:
    """Its period, its tasks, their members and reports."""
    (plan,) = victim.send(values.new_plan(startTime=day, endTime=day))
    assert plan.status == 200
    path = b"%b/%d" % (values.NOTICES, plan.document["id"])
    body = {"name": "t", "startTime": start, "fileIds": [603]}
    (task,) = victim.send(values.post(path + b"/task", body))
    assert task.status == 200
    own = b"%b/task/%d" % (values.NOTICES, task.document["id"])
    for asked in (path, path + b"/report", path + b"/task?orderBy=startDate", own, own + b"/report",
                  own + b"/members?orderBy=lastContactTime"):  # fmt: skip
        (answer,) = victim.send(request(b"GET", asked))
        assert answer.status == 200, asked


def test_the_mock_has_complained_of_nothing(victim: Victim) -> None:
    """There is no traceback and no error so far; the fixture checks again at the end."""
    victim.check_is_responsive()
    assert not logged_errors(victim)
