"""The options tables say what the command line takes."""

from __future__ import annotations

import argparse
import re

import pytest

import contract_tests.options
import mock_server.options
from tests.docs.markdown import Document, documents

READMES = ("README.md", "README.zh.md")
OPTION = re.compile(r"--[a-z][a-z-]+")
TWIN = re.compile(r"HYPERS_(?:MOCK|CHECK)_[A-Z_]+")
ANOTHER_VALUE = {
    "host": "::1",
    "port": "0",
    "seed": "7",
    "scenario": "empty",
    "size": "1000",
    "frozen": "true",
    "time_scale": "60",
    "admin_token": "secret",
    "root_path": "/gw/hypers",
    "admin_host": "mock.example.com,mock.test",
    "log_level": "info",
    "max_body_size": "1",
    "max_json_size": "1",
    "max_json_values": "1",
    "max_storage": "1",
    "contract": "other.yaml",
    "ready_file": "address",
    "cors": "false",
    "watch": "true",
}
"""For each option of hypers-mock, a text that means something else than its default."""


@pytest.fixture(autouse=True)
def _no_twin_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ANOTHER_VALUE:
        monkeypatch.delenv(f"HYPERS_MOCK_{name.upper()}", raising=False)


def actions(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """The options of a command line, without those that say something and end."""
    return [a for a in parser._actions if a.option_strings[-1] not in ("--help", "--version")]


def table(name: str) -> list[list[str]]:
    """The rows of a README's options table: options, twin, default, words."""
    (found,) = (t for t in Document(name).tables() if any("HYPERS_MOCK_PORT" in r[1] for r in t))
    return found[1:]


def codes(cell: str) -> list[str]:
    """What stands between backquotes in a cell."""
    return re.findall(r"`([^`]+)`", cell)


@pytest.mark.parametrize("name", READMES)
def test_the_table_has_exactly_the_options_of_hypers_mock(name: str) -> None:
    """Their names, all of them, and their defaults."""
    told = {tuple(codes(row[0])): "".join(codes(row[2])) for row in table(name)}
    taken = {}
    for action in actions(mock_server.options.parser()):
        names = sorted(action.option_strings, key=lambda option: option.startswith("--no-"))
        taken[tuple(names)] = "" if action.default is None else str(action.default)
    assert {names: default.lower() for names, default in taken.items()} == told


@pytest.mark.parametrize("name", READMES)
def test_every_environment_twin_of_the_table_sets_its_option(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin, and nothing but the twin, changes what the option says."""
    before = mock_server.options.parser().parse_args([])
    for options, twin, *_ in table(name):
        dest = codes(options)[0].removeprefix("--").replace("-", "_")
        with monkeypatch.context() as patch:
            patch.setenv(codes(twin)[0], ANOTHER_VALUE[dest])
            after = mock_server.options.parser().parse_args([])
        changed = {key for key, value in vars(after).items() if value != getattr(before, key)}
        assert changed == {dest}


@pytest.mark.parametrize("document", documents(), ids=lambda document: document.name)
def test_every_option_and_twin_named_in_a_text_exists(document: Document) -> None:
    """An option between backquotes is taken by hypers-mock, hypers-check or python -m openapi."""
    parsers = (mock_server.options.parser(), contract_tests.options.option_parser())
    helps = [parser.format_help() for parser in parsers]
    known = {word for text in helps for word in OPTION.findall(text)}
    known |= {"--lang", "--format", "--strictness"}
    twins = {word for text in helps for word in TWIN.findall(text)}
    for code in document.code():
        assert set(OPTION.findall(code)) <= known, code
        assert set(TWIN.findall(code)) <= twins, code
