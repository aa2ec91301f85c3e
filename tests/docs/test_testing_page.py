"""The code in docs/testing.md runs: Python here, TypeScript as the files of the example."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from mock_server.testing import Mock
from mock_server.testing.transport import Transport
from tests.docs.answers import describe_difference
from tests.docs.markdown import ROOT, SOURCE_LANGUAGES, CodeBlock, MarkdownFile
from tests.docs.test_sources import PYTEST_PLUGIN, file_name, run_program, write_file

PAGE = MarkdownFile("docs/testing.md")
EXAMPLE = ROOT / "examples/frontend"
WORKFLOW = ".github/workflows/frontend.yml"
RUN_HERE = ("python", "ini")
CALL = re.compile(r"`(mock)?((?:\.\w+)+)[^`]*`")


def blocks(*languages: str) -> list[CodeBlock]:
    """Return the page's blocks in these languages."""
    return [block for block in PAGE.blocks() if block.language in languages]


def write_sources(folder: Path) -> None:
    """Write the Python files and the settings into a folder."""
    for block in blocks(*RUN_HERE):
        write_file(folder, file_name(block), block.text)


@pytest.mark.whole
def test_the_tests_in_python_pass(tmp_path: Path) -> None:
    """They are copied into an empty folder, with the settings of the page."""
    write_sources(tmp_path)
    options = ("-p", PYTEST_PLUGIN, "-p", "no:cacheprovider", "-q", "--strict-markers")
    printed = run_program(tmp_path, sys.executable, "-m", "pytest", *options)
    assert "6 passed" in printed


@pytest.mark.whole
def test_the_program_in_python_prints_what_is_shown(tmp_path: Path) -> None:
    """It starts a mock, and shows a refusal."""
    write_sources(tmp_path)
    [shown] = [block for block in blocks("text") if block.follows]
    printed = run_program(tmp_path, sys.executable, "try_mock.py")
    assert not describe_difference(shown, printed.rstrip("\n"))


@pytest.mark.parametrize("block", blocks("ts", "yaml"), ids=lambda block: str(block.line))
def test_each_other_block_is_the_text_of_a_file_of_the_example(block: CodeBlock) -> None:
    """Or a part of it; tests/examples/test_frontend.py runs them."""
    name = file_name(block)
    path = EXAMPLE / ("ci.yml" if name == WORKFLOW else name)
    first, _, rest = block.text.partition("\n")
    text = path.read_text(encoding="utf-8")
    assert text.startswith(first)
    assert rest.strip() in text


def test_each_block_is_run_or_compared() -> None:
    """No language is left out."""
    languages = {block.language for block in PAGE.blocks() if block.language in SOURCE_LANGUAGES}
    assert languages == {*RUN_HERE, "ts", "yaml"}


def calls_of_the_table() -> list[list[str]]:
    """Return the names of each call of the table; `.restore()` continues the one before it."""
    [rows] = [table for table in PAGE.tables() if table[0] == ["Call", ""]]
    found: list[list[str]] = []
    for row in rows[1:]:
        for is_whole, names in CALL.findall(" ".join(row)):
            before = [] if is_whole else found[-1][:-1]
            found.append([*before, *names.split(".")[1:]])
    return found


def test_each_call_of_the_table_exists() -> None:
    """It is an attribute of the mock, or of one of its parts."""
    calls = calls_of_the_table()
    assert len(calls) > 30
    mock = Mock(Transport("http://127.0.0.1:4010"))
    for call in calls:
        found: object = mock
        for name in call[:-1]:
            found = getattr(found, name)
        assert hasattr(type(found), call[-1]), call
