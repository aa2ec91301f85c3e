"""The tables of options match the command line."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Callable

import pytest

import contract_tests.options
import mock_server.options
import openapi.__main__
import openapi.changes.__main__
from mock_server.pytest_plugin import URL_OPTION
from tests.docs.markdown import MarkdownFile, markdown_files

READMES = ("README.md", "README.zh.md")
ARGPARSE_DESTINATIONS = {"timeout": "request_timeout"}
"""Attribute names of argparse for options with another name."""
PRINTING_OPTIONS = ("--help", "--version", "--scenario-schema")
GENERATOR_OPTIONS = {
    "--custom-template-path",
    "--custom-template-dir",
    "--library",
    "--use-annotated",
    "--use-schema-description",
}
"""Options of generators of clients, which docs/generators.md and a guide name."""
OTHER_COMMANDS = (
    *("make mutants", "make generators"),
    *("schemathesis run", "newman run", "bru run", "httpyac send"),
)
"""Commands whose options are not ours, or not in a table."""
OPTION = re.compile(r"--[a-z][a-z-]+")
VARIABLE = re.compile(r"HYPERS_(?:MOCK|CHECK)_[A-Z_]+")
OTHER_MOCK_VALUES = {
    "host": "::1",
    "port": "0",
    "seed": "7",
    "scenario": "empty",
    "size": "1000",
    "frozen": "true",
    "time_scale": "60",
    "token_lifetime": "60",
    "admin_token": "secret",
    "root_path": "/gw/hypers",
    "admin_cors": "http://localhost:5173",
    "admin_host": "mock.example.com,mock.test",
    "log_level": "info",
    "max_body_size": "1",
    "max_json_size": "1",
    "max_json_values": "1",
    "max_storage": "1",
    "readings": "spring",
    "reading": "rates=percent,page-sort=object",
    "proxy": "http://127.0.0.1:1",
    "proxy_operations": "auth,getFile",
    "proxy_auth_url": "http://127.0.0.1:2",
    "proxy_host": "api.example.com",
    "proxy_ca": "ca.pem",
    "proxy_timeout": "5",
    "contract": "other.yaml",
    "ready_file": "address",
    "max_sessions": "10",
    "max_journal_entries": "10",
    "max_journal_bytes": "1000000",
    "cors": "false",
    "strict": "true",
    "watch": "true",
}
"""A text with another meaning than the default, for each option of hypers-mock."""
OTHER_CHECK_VALUES = {
    "target": "http://127.0.0.1:1",
    "auth_url": "http://127.0.0.1:1",
    "client_id": "client",
    "client_secret": "secret",
    "username": "user",
    "password": "word",
    "token": "token",
    "admin_token": "secret",
    "profile": "safe",
    "strictness": "documented",
    "readings": "page-sort=object",
    "seed": "7",
    "max_examples": "1",
    "only": "auth",
    "rate": "5",
    "wait": "60",
    "ca": "ca.pem",
    "timeout": "5",
    "max_time": "5",
    "fail_fast": "1",
    "allow_writes": "staging.example.com",
    "allow_release": "1",
    "allow_token_probes": "1",
    "report": "report",
    "baseline": "known.yaml",
    "workers": "2",
    "shard": "1/4",
    "har": "traffic.har",
    "har_base": "https://example.com/gw",
}
"""The same for each option of hypers-check but `--test-member`."""
PARSERS: dict[str, Callable[[], argparse.ArgumentParser]] = {
    "HYPERS_MOCK_PORT": mock_server.options.build_parser,
    "HYPERS_CHECK_TARGET": contract_tests.options.build_parser,
}
"""The command whose table has this environment variable."""
OPTION_TABLES = [(name, variable) for name in READMES for variable in PARSERS]


@pytest.fixture(autouse=True)
def _unset_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("HYPERS_")]:
        monkeypatch.delenv(name)


def option_actions(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """Return the options of a command line, without those that print something and end."""
    return [a for a in parser._actions if a.option_strings[-1] not in PRINTING_OPTIONS]


def option_table(name: str, variable: str) -> list[list[str]]:
    """Return the rows of the table with this environment variable."""
    (found,) = (t for t in MarkdownFile(name).tables() if any(f"`{variable}`" in row for row in t))
    return found[1:]


def code_spans(cell: str) -> list[str]:
    """Return the code spans of a cell."""
    return re.findall(r"`([^`]+)`", cell)


def options_with_defaults(parser: argparse.ArgumentParser) -> dict[tuple[str, ...], str]:
    """Return the names of each option with its default; empty for none and for a switch."""
    found = {}
    for action in option_actions(parser):
        names = sorted(action.option_strings, key=lambda option: option.startswith("--no-"))
        default = "" if action.default is None else action.default
        if isinstance(action, argparse._StoreTrueAction):
            default = ""
        found[tuple(names)] = str(default).lower()
    return found


@pytest.mark.parametrize(("name", "variable"), OPTION_TABLES)
def test_a_table_has_exactly_the_options_of_its_command(name: str, variable: str) -> None:
    """Names and defaults are the same."""
    shown = {
        tuple(code_spans(row[0])): "".join(code_spans(row[2]))
        for row in option_table(name, variable)
    }
    assert options_with_defaults(PARSERS[variable]()) == shown


@pytest.mark.parametrize("name", READMES)
def test_a_table_has_the_options_that_print_the_contract(name: str) -> None:
    """`python -m openapi`, which reads no environment variables."""
    assert options_with_defaults(openapi.__main__.build_parser()) == options_in_table(
        name, "`--lang`"
    )


@pytest.mark.parametrize("name", READMES)
def test_a_table_has_the_options_that_compare_contracts(name: str) -> None:
    """`python -m openapi.changes`, which reads no environment variables either."""
    assert options_with_defaults(openapi.changes.__main__.build_parser()) == options_in_table(
        name, "`--base`"
    )


def options_in_table(name: str, first: str) -> dict[tuple[str, ...], str]:
    """Return the options with their defaults in the table that begins with an option."""
    (found,) = (t for t in MarkdownFile(name).tables() if t[1][0] == first)
    return {tuple(code_spans(row[0])): "".join(code_spans(row[1])) for row in found[1:]}


@pytest.mark.parametrize(("name", "variable"), OPTION_TABLES)
def test_every_environment_variable_of_a_table_sets_its_option(
    name: str, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It changes that option and no other."""
    is_mock = variable.startswith("HYPERS_MOCK_")
    others = OTHER_MOCK_VALUES if is_mock else OTHER_CHECK_VALUES
    before = vars(PARSERS[variable]().parse_args([]))
    for options, cell, *_ in option_table(name, variable):
        dest = code_spans(options)[0].removeprefix("--").replace("-", "_")
        if dest == "test_member":  # not read by the parser: tests/contract_tests/safety
            continue
        with monkeypatch.context() as patch:
            patch.setenv(code_spans(cell)[0], others[dest])
            after = vars(PARSERS[variable]().parse_args([]))
        changed = {key for key, value in after.items() if value != before[key]}
        assert changed == {ARGPARSE_DESTINATIONS.get(dest, dest)}


@pytest.mark.parametrize("document", markdown_files(), ids=lambda document: document.name)
def test_every_option_and_variable_named_in_a_text_exists(document: MarkdownFile) -> None:
    """It belongs to a command of ours or to our plugin of pytest.

    Some programs have their own.
    """
    parsers = (mock_server.options.build_parser(), contract_tests.options.build_parser())
    helps = [parser.format_help() for parser in parsers]
    known = {word for text in helps for word in OPTION.findall(text)} | GENERATOR_OPTIONS
    for module in (openapi.__main__, openapi.changes.__main__):
        known |= {*OPTION.findall(module.build_parser().format_help()), URL_OPTION}
    variables = {word for text in helps for word in VARIABLE.findall(text)}
    for code in document.code():
        if code.startswith(OTHER_COMMANDS):
            continue
        assert set(OPTION.findall(code)) <= known, code
        assert set(VARIABLE.findall(code)) <= variables, code
