"""What wrk prints is read as it is meant, and refused when a number would be worth nothing."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys

import pytest
from openpyxl import load_workbook

from benchmarks import processes, wrk
from benchmarks.figures import Measurements
from benchmarks.loads import LOAD_REQUESTS, NEW_TASK, BenchmarkResponse, MeasurementError
from benchmarks.servers import SERVERS
from benchmarks.shapes import ResponseSchemas
from benchmarks.workbooks import COLUMNS, build_workbook
from mock_server.domain.notification_contents import template_variables

WRK_OUTPUT = """\
Running 2s test @ http://127.0.0.1:4811/api/v1/notification-tasks/501
  1 threads and 8 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency    47.95ms   22.48ms 208.92ms   72.97%
    Req/Sec   168.35     60.39   330.00     80.00%
  Latency Distribution
     50%  847.51us
     75%   56.22ms
     90%   72.00ms
     99%    1.13s\x20
  337 requests in 2.01s, 260.65KB read
Requests/sec:    167.94
Transfer/sec:    129.89KB
"""


def test_rate_and_latencies_are_read_in_milliseconds() -> None:
    """Whatever unit wrk has chosen for each."""
    assert wrk.parse_output(WRK_OUTPUT) == pytest.approx((167.94, 0.84751, 1130.0))


@pytest.mark.parametrize(
    "failure",
    ["  Non-2xx or 3xx responses: 3\n", "  Socket errors: connect 0, read 2, write 0, timeout 1\n"],
)
def test_a_load_that_was_refused_or_dropped_has_no_speed(failure: str) -> None:
    """A server that answers 500 at once is not fast."""
    with pytest.raises(MeasurementError, match=re.escape(failure.strip())):
        wrk.parse_output(WRK_OUTPUT.replace("Requests/sec", f"{failure}Requests/sec"))


def test_a_load_without_an_answer_has_no_speed() -> None:
    """Its rate is 0, and its latency 0, which would be the best of all."""
    with pytest.raises(MeasurementError, match="no request was answered"):
        wrk.parse_output(WRK_OUTPUT.replace("167.94", "0.00"))


@pytest.mark.parametrize("lost", ["Requests/sec:    167.94\n", "     99%    1.13s \n"])
def test_another_form_of_output_is_refused(lost: str) -> None:
    """Rather than read as nothing."""
    with pytest.raises(MeasurementError, match="wrk: unexpected output"):
        wrk.parse_output(WRK_OUTPUT.replace(lost, ""))


def test_the_script_of_a_write_holds_its_body_as_one_text() -> None:
    """JSON's way to write a text is Lua's, too."""
    write = LOAD_REQUESTS[-1]
    *_, last = wrk.lua_script(write, "Bearer 1").splitlines()
    assert json.loads(last.removeprefix("wrk.body = ")) == write.body
    assert "wrk.body" not in wrk.lua_script(LOAD_REQUESTS[0], "Bearer 1")


def test_a_ratio_is_taken_round_by_round() -> None:
    """A slow round slows both, and says nothing about either."""
    figures = Measurements()
    for mine, other in ((10.0, 1.0), (20.0, 100.0), (300.0, 150.0)):
        figures.add("mine", mine)
        figures.add("other", other)
    assert figures.ratio("mine", "other") == 2.0
    figures.add("mine", 1.0)
    with pytest.raises(ValueError, match="argument 2 is shorter"):
        figures.ratio("mine", "other")


@pytest.mark.parametrize(
    ("answered", "says"),
    [
        (BenchmarkResponse(404, "application/json", b"{}"), "404"),
        (BenchmarkResponse(200, "text/html", b"{}"), "text/html"),
        (BenchmarkResponse(200, "application/json", b'{"id": "501"}'), "/id"),
    ],
)
def test_a_server_that_answers_something_else_is_not_measured(
    answered: BenchmarkResponse, says: str, contract: dict[str, object]
) -> None:
    """Not 200, not JSON, or not of the documented shape."""
    with pytest.raises(MeasurementError, match=says):
        ResponseSchemas(contract, LOAD_REQUESTS).check(LOAD_REQUESTS[0], answered)


def test_memory_is_that_of_all_processes_below() -> None:
    """A server may keep what it needs in children of its own."""
    child = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'input()'])"
    with subprocess.Popen([sys.executable, "-c", child], stdin=subprocess.PIPE) as process:
        while len(family := processes.process_tree(process.pid)) < 2:
            assert process.poll() is None
        assert family[0] == process.pid
        assert process.pid in processes.process_tree(os.getpid())
        assert sum(processes.resident_bytes(one) for one in family) > processes.resident_bytes(
            family[0]
        )
        process.communicate(b"\n")
    assert processes.resident_bytes(process.pid) == 0


def test_the_workbook_names_each_member_once_and_has_every_variable() -> None:
    """Otherwise the task out of it would be refused, at once."""
    head, *rows = (
        load_workbook(io.BytesIO(build_workbook(3))).worksheets[0].iter_rows(values_only=True)
    )
    assert head == COLUMNS
    assert [row[0] for row in rows] == ["U000000", "U000001", "U000002"]
    assert {*template_variables(NEW_TASK["contents"])} <= {*COLUMNS}


def test_the_four_servers_are_all_described() -> None:
    """A figure without what it costs would mislead."""
    assert [server.name for server in SERVERS] == ["mock", "prism", "scalar", "starlette"]
    assert all(server.does and server.does_not for server in SERVERS)
