"""Responses of a measured server."""

from __future__ import annotations

import pytest

from benchmarks.loads import LOAD_REQUESTS, BenchmarkResponse, MeasurementError
from benchmarks.shapes import ResponseSchemas


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
