"""The guides in openapi/documentation/guides, and a reader who runs their samples."""

from __future__ import annotations

import contextlib
import io
import os
import re
import runpy
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import httpx
import pytest

import openapi
from tests.docs.answers import describe_difference
from tests.docs.markdown import (
    GUIDES_FOLDER,
    OUTPUT_LANGUAGES,
    ROOT,
    CodeBlock,
    MarkdownFile,
    split_commands,
)
from tests.docs.reader import DOCUMENTED_ADDRESS
from tests.programs import require_program

GUIDES: tuple[str, ...] = tuple(
    openapi.read_yaml(ROOT / GUIDES_FOLDER / "guides.yaml", "guides.yaml")
)
"""Names of the guides, in the order of the navigation."""
LANGUAGES = ("en", "zh")
CLIENT_GUIDE = "first-token"
"""The guide whose modules the programs of the others import."""
FILE_NAME = re.compile(r"(?:#|//) (\S+)$")
HOST = re.compile(r"https?://[^\s'\"/`)]+")
SESSION_URL = re.compile(rf"{re.escape(DOCUMENTED_ADDRESS)}(?!/__session/)")
SHELL_COMMAND = re.compile(r"(?:export \w+=\$\()?(?:curl|echo) |export \w+=[\w:/.-]+$")
"""Commands that the guides may have: requests, texts and variables."""
START_COMMAND = "make mock ARGS=--frozen"
"""The command that starts the mock; the mock of the tests is already running."""


@dataclass(frozen=True)
class Sample:
    """A shell command or a program, and the block with its output, if it is shown."""

    where: str
    language: str
    text: str
    shown: CodeBlock | None

    @property
    def file(self) -> str:
        """The name of the file in the first line of a program, or an empty text."""
        named = FILE_NAME.fullmatch(self.text.splitlines()[0])
        return named[1] if named else ""


def guide_document(name: str, language: str) -> MarkdownFile:
    """Return a guide in a language."""
    return MarkdownFile(f"{GUIDES_FOLDER}/{language}/{name}.md")


def read_samples(document: MarkdownFile) -> list[Sample]:
    """Return the commands and programs of a document in order, each with its output."""
    blocks = document.blocks()
    found: list[Sample] = []
    for block, after in zip(blocks, [*blocks, None][1:], strict=True):
        if block.language in OUTPUT_LANGUAGES:
            continue
        where = f"{document.name}:{block.line}"
        shows = after is not None and after.follows and after.language in OUTPUT_LANGUAGES
        texts = split_commands(block.text) if block.language == "sh" else [block.text]
        found += [Sample(where, block.language, text, None) for text in texts[:-1]]
        found.append(Sample(where, block.language, texts[-1], after if shows else None))
    return found


Run = Callable[["GuideReader", Sample], str]


class GuideReader:
    """A reader who runs the samples of a guide in an empty folder, in a session of a mock."""

    def __init__(self, folder: Path, address: str, session: str) -> None:
        """Create a reader; `address` is that of the mock, without a path."""
        self.folder = folder
        self.address = address
        self._prefix = f"/__session/{session}"
        self.base = address + self._prefix

    def run_guide(self, document: MarkdownFile, runners: Mapping[str, Run]) -> None:
        """Run all samples whose language is among the runners, and compare their outputs.

        Raises AssertionError with the place of a sample that prints something else.
        """
        for sample in read_samples(document):
            if sample.language not in runners or sample.text == START_COMMAND:
                continue
            printed = runners[sample.language](self, sample)
            printed = printed.replace(self.address, DOCUMENTED_ADDRESS).replace(self._prefix, "")
            if sample.shown:
                difference = describe_difference(sample.shown, printed)
                assert not difference, f"{sample.where}: {difference}"
            else:
                assert not printed, f"{sample.where} prints what is not shown: {printed}"

    def reset(self) -> None:
        """Restore the initial state of the session, as the guides ask before each program."""
        httpx.post(f"{self.base}/__admin/reset").raise_for_status()

    def with_addresses(self, text: str) -> str:
        """Return a text with the addresses of this mock in place of the documented ones."""
        text = SESSION_URL.sub(self.base, text)
        return text.replace(DOCUMENTED_ADDRESS, self.address)

    def write(self, sample: Sample) -> Path:
        """Write a program into the folder under the name in its first line."""
        assert sample.file, f"{sample.where} has no name of a file in its first line"
        path = self.folder / sample.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.with_addresses(sample.text), encoding="utf-8")
        return path

    def write_client(self) -> None:
        """Write the modules that the programs of all guides import."""
        for sample in read_samples(guide_document(CLIENT_GUIDE, "en")):
            if sample.language != "sh":
                self.write(sample)


def run_curl(reader: GuideReader, sample: Sample) -> str:
    """Run a curl command in bash; variables that it sets are there for the next one."""
    require_program("curl")
    hosts = {url for url in HOST.findall(sample.text) if url != DOCUMENTED_ADDRESS}
    assert not hosts, f"{sample.where} sends something to {hosts}"
    assert SHELL_COMMAND.match(sample.text), f"{sample.where}: {sample.text}"
    variables = reader.folder / ".variables"
    variables.touch()
    script = (
        f"set -a; . {variables}; {reader.with_addresses(sample.text)}\ndeclare -px > {variables}"
    )
    done = subprocess.run(
        [require_program("bash"), "-euo", "pipefail", "-c", script],
        cwd=reader.folder,
        env={"PATH": os.environ["PATH"], "no_proxy": "127.0.0.1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, f"{sample.where}: {done}"
    return done.stdout


def run_python(reader: GuideReader, sample: Sample) -> str:
    """Run a program in this process, which has the packages already; it does not really sleep.

    Tests are only written; test_guide_programs.py runs them.
    """
    path = reader.write(sample)
    if path.name.startswith("test_"):
        return ""
    reader.reset()
    printed = io.StringIO()
    with _as_main_program(reader.folder), contextlib.redirect_stdout(printed):
        runpy.run_path(str(path), run_name="__main__")
    return printed.getvalue()


@contextlib.contextmanager
def _as_main_program(folder: Path) -> Iterator[None]:
    before = set(sys.modules)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.syspath_prepend(folder)
        patch.setattr(sys, "dont_write_bytecode", True)
        patch.setattr(time, "sleep", lambda _: None)
        try:
            yield
        finally:
            for name in set(sys.modules) - before:
                if Path(getattr(sys.modules[name], "__file__", None) or "/").parent == folder:
                    _close_clients(sys.modules.pop(name))


def _close_clients(module: ModuleType) -> None:
    for value in vars(module).values():
        if isinstance(value, httpx.Client):  # A program need not close it, but a test has to.
            value.close()


FAST_RUNNERS: Mapping[str, Run] = {"sh": run_curl, "python": run_python}
"""Runners of the samples that take milliseconds."""
