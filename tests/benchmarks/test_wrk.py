"""Reading of what wrk prints."""

from __future__ import annotations

import json
import re

import pytest

from benchmarks import wrk
from benchmarks.loads import LOAD_REQUESTS, MeasurementError

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
    """Otherwise missing values would count as zero."""
    with pytest.raises(MeasurementError, match="wrk: unexpected output"):
        wrk.parse_output(WRK_OUTPUT.replace(lost, ""))


def test_the_script_of_a_write_holds_its_body_as_one_text() -> None:
    """JSON's way to write a text is Lua's, too."""
    write = LOAD_REQUESTS[-1]
    *_, last = wrk.render_lua_script(write, "Bearer 1").splitlines()
    assert json.loads(last.removeprefix("wrk.body = ")) == write.body
    assert "wrk.body" not in wrk.render_lua_script(LOAD_REQUESTS[0], "Bearer 1")
