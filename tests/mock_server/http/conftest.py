"""A mock with other answers about requests, for all tests of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.serving import (
    RunningMock,
    mock_with,
)


@pytest.fixture(scope="module")
def other_mock() -> Iterator[RunningMock]:
    """A mock with the other answer to each of the questions about requests."""
    with mock_with(
        null_in_requests="refused",
        empty_query_values="refused",
        number_as_text="coerced",
        path_id_type="404",
        text_length="utf16-units",
        unknown_input="refused",
        token_request_form="accepted",
        short_file_path="served",
    ) as mock:
        yield mock
