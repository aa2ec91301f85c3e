"""The options of a mock that a test starts are those of the command line."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from mock_server.options import build_parser
from mock_server.testing.start_options import StartOptions, command_line

CHOSEN_BY_THE_CLIENT = {"host", "port", "ready_file"}
NO_MOCK_STARTS = {"help", "version"}


def test_every_option_of_the_command_line_is_a_keyword() -> None:
    """Except the address, which is a free port of this machine."""
    options = {action.dest for action in build_parser()._actions if action.dest != "==SUPPRESS=="}
    assert StartOptions.__annotations__.keys() == options - CHOSEN_BY_THE_CLIENT - NO_MOCK_STARTS


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, ["--frozen"]),
        ({"frozen": False}, []),
        ({"frozen": "2025-05-01 09:00:00"}, ["--frozen=2025-05-01T09:00:00+08:00"]),
        ({"frozen": datetime(2025, 5, 1, tzinfo=UTC)}, ["--frozen=2025-05-01T00:00:00+00:00"]),
        ({"strict": True, "cors": False}, ["--frozen", "--strict", "--no-cors"]),
        ({"reading": ["a=b", "c=d"]}, ["--frozen", "--reading=a=b", "--reading=c=d"]),
        ({"scenario": Path("my.yaml"), "seed": 7}, ["--frozen", "--scenario=my.yaml", "--seed=7"]),
        ({"admin_token": None}, ["--frozen"]),
    ],
)
def test_keywords_become_words(options: dict[str, Any], words: list[str]) -> None:
    """The clock is frozen unless `frozen` is False."""
    assert command_line(cast("StartOptions", options)) == words


def test_every_word_is_understood_by_the_command_line() -> None:
    """Values with a hyphen at their beginning, too."""
    options = StartOptions(frozen="2025-05-01", seed=7, reading=["rates=percent"], admin_token="-x")
    parsed = build_parser().parse_args(command_line(options))
    assert (parsed.seed, parsed.admin_token) == (7, "-x")
    assert parsed.frozen.isoformat() == "2025-05-01T00:00:00+08:00"


def test_an_unknown_keyword_is_refused_with_those_that_exist() -> None:
    """It is a TypeError, as for any function."""
    with pytest.raises(TypeError, match=r"not an option of the mock: frosen; there are .*frozen"):
        command_line(cast("StartOptions", {"frosen": True}))
