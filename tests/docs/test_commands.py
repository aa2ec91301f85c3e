"""Every command in the documents is run, and its output compared."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.docs.answers import describe_difference
from tests.docs.markdown import (
    OUTPUT_LANGUAGES,
    ROOT,
    SHELL_LANGUAGE,
    SOURCE_LANGUAGES,
    CodeBlock,
    MarkdownFile,
    ShellExample,
    documents_but_guides,
    markdown_files,
    split_commands,
)
from tests.docs.reader import DOCUMENTED_ADDRESS, UnknownCommandError, open_runner
from tests.programs import require_program

pytestmark = pytest.mark.whole

MAIN_README = "README.md"
"""The README whose commands are run; test_languages.py compares the other one with it."""
RECIPES = "docs/recipes.md"
MAKE_TARGET = re.compile(r"make ([a-z-]+)")
VENV_PROGRAM = re.compile(r"\.venv/bin/(\S+)")


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(
            each, id=each.name, marks=() if each.name == MAIN_README else pytest.mark.whole
        )
        for each in documents_but_guides()
        # test_recipes.py runs each recipe alone, because they change what the others start from.
        if each.examples() and each.name != RECIPES
    ],
)
def test_a_reader_who_pastes_every_command_gets_what_is_shown(
    document: MarkdownFile, tmp_path: Path
) -> None:
    """All commands are run in order in one terminal, and their outputs are compared."""
    with open_runner(tmp_path) as reader:
        for example in document.examples():
            answered = reader.run(example)
            if example.shown:
                assert not describe_difference(example.shown, answered), example.where
            elif DOCUMENTED_ADDRESS in example.command:
                assert not answered, f"{example.where} prints what is not shown: {answered}"


@pytest.mark.parametrize("document", markdown_files(), ids=lambda document: document.name)
def test_a_block_is_a_command_a_source_or_something_shown(document: MarkdownFile) -> None:
    """Other languages (`bash`, none) would not be run, and `$` could not be pasted."""
    for block in document.blocks():
        assert block.language in (SHELL_LANGUAGE, *SOURCE_LANGUAGES, *OUTPUT_LANGUAGES), (
            f"{document.name}:{block.line}"
        )
        if block.language == SHELL_LANGUAGE:
            assert not block.text.startswith("$ "), f"{document.name}:{block.line}"


@pytest.mark.parametrize("document", markdown_files(), ids=lambda document: document.name)
def test_every_target_and_program_named_in_a_text_exists(document: MarkdownFile) -> None:
    """`make something` is in the Makefile, and `.venv/bin/something` is installed."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    for code in document.code():
        if target := MAKE_TARGET.match(code):
            assert target[1] in targets
        if program := VENV_PROGRAM.match(code):
            assert (Path(sys.prefix) / "bin" / program[1]).exists()


def test_every_target_has_its_line_in_the_help() -> None:
    """`make help`, which is in the READMEs, has every target."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    declared = re.search(r"^\.PHONY: FORCE (.*)$", makefile, re.MULTILINE)
    assert declared
    done = subprocess.run(
        [require_program("make"), "help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert re.findall(r"^  make (\S+) +\S", done.stdout, re.MULTILINE) == declared[1].split()


@pytest.mark.parametrize(
    "command",
    [
        "pip install hypers-contract",
        "curl -s http://localhost:4010/",
        f"wget {DOCUMENTED_ADDRESS}/",
        "make",
        "make -j test",
    ],
)
def test_a_command_that_nothing_here_runs_is_refused(command: str, tmp_path: Path) -> None:
    """Otherwise a document could contain an untested command."""
    example = ShellExample("here", command, None)
    with open_runner(tmp_path) as reader, pytest.raises(AssertionError) as refused:
        reader.run(example)
    assert refused.type is UnknownCommandError or "sends something to" in str(refused.value)


def test_the_first_command_fails_a_document_when_the_mock_would_not_start(tmp_path: Path) -> None:
    """An unknown option is found in the document."""
    example = ShellExample("here", "make mock ARGS=--freeze", None)
    with open_runner(tmp_path) as reader, pytest.raises(AssertionError, match="unrecognized"):
        reader.run(example)


@pytest.mark.parametrize(
    ("shown", "answered", "pointer"),
    [
        ({"id": 1}, {"id": 2}, "/id"),
        ({"id": 1}, {"id": True}, "/id"),
        ({"id": 1}, {"id": 1, "name": "a"}, "/"),
        ({"rows": [1, 2]}, {"rows": [1]}, "/rows"),
        ({"rows": [{"a": "x"}]}, {"rows": [{"a": "y"}]}, "/rows/0/a"),
        ({"token": "…"}, {"token": 1}, "/token"),
    ],
)
def test_an_answer_that_differs_is_told_by_its_pointer(
    shown: Any, answered: Any, pointer: str
) -> None:
    """JSON is compared value by value; `…` is any text, but no other value."""
    block = CodeBlock("json", json.dumps(shown), 1, follows=True)
    assert describe_difference(block, json.dumps(answered)).startswith(f"{pointer}: ")


def test_an_answer_that_agrees_has_no_difference() -> None:
    """Order of keys and layout do not matter, and … matches any text."""
    shown = CodeBlock("json", '{\n  "a": "…",\n  "b": [1]\n}', 1, follows=True)
    assert not describe_difference(shown, '{"b":[1],"a":"x"}')
    assert not describe_difference(CodeBlock("text", "port …!\n", 1, follows=True), "port 80!")
    assert describe_difference(CodeBlock("text", "port …!", 1, follows=True), "port 80")


def test_a_command_may_span_lines() -> None:
    """Backslashes and open quotes continue a line; an incomplete command is an error."""
    assert split_commands("a \\\n  b\nc 'x\ny'") == ["a \\\n  b", "c 'x\ny'"]
    with pytest.raises(ValueError, match="whole"):
        split_commands("a 'b")
