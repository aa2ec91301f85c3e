"""Reader for the project's Markdown: blocks, links, headings, tables."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHELL_LANGUAGE = "sh"
OUTPUT_LANGUAGES = ("json", "text")
SOURCE_LANGUAGES = ("python", "ts", "yaml", "ini")
FENCE = re.compile(r"^```(.*)$")
CODE_SPAN = re.compile(r"`([^`]+)`")
LINK = re.compile(r"\]\(([^()\s]+)\)|<(https?://[^<>\s]+)>")
HEADING = re.compile(r"^(#+) (.+)$", re.MULTILINE)
BUILD_FOLDERS = {"build", "dist"}
GUIDES_FOLDER = "openapi/documentation/guides"


@dataclass(frozen=True)
class CodeBlock:
    """A fenced block: its content, and whether it directly follows the block before."""

    language: str
    text: str
    line: int
    follows: bool


@dataclass(frozen=True)
class ShellExample:
    """A shell block, and the following block with its output."""

    where: str
    command: str
    shown: CodeBlock | None


@dataclass(frozen=True)
class MarkdownFile:
    """A Markdown file, with its path below the project's root as its name."""

    name: str

    @property
    def path(self) -> Path:
        """Path of the file."""
        return ROOT / self.name

    def blocks(self) -> list[CodeBlock]:
        """All fenced blocks in order. Raises ValueError if one does not end."""
        found: list[CodeBlock] = []
        opened: tuple[str, int] | None = None
        held: list[str] = []
        between = True
        for number, line in enumerate(self._lines(), 1):
            fence = FENCE.match(line)
            if opened is None and fence is None:
                between = between or bool(line.strip())
            elif opened is None and fence:
                opened, held = (fence[1], number), []
            elif line == "```" and opened:
                found.append(CodeBlock(opened[0], "\n".join(held), opened[1], not between))
                opened, between = None, False
            else:
                held.append(line)
        if opened:
            raise ValueError(f"{self.name}:{opened[1]}: the block does not end")
        return found

    def examples(self) -> list[ShellExample]:
        """All shell blocks with their output, in order; several commands are several examples."""
        blocks = self.blocks()
        found: list[ShellExample] = []
        for block, after in zip(blocks, [*blocks, None][1:], strict=True):
            if block.language != SHELL_LANGUAGE:
                continue
            where = f"{self.name}:{block.line}"
            *silent, last = split_commands(block.text)
            found += [ShellExample(where, command, None) for command in silent]
            shows = after is not None and after.follows and after.language in OUTPUT_LANGUAGES
            found.append(ShellExample(where, last, after if shows else None))
        return found

    def prose(self) -> str:
        """Text outside of blocks."""
        return re.sub(r"(?ms)^```.*?^```$", "", "\n".join(self._lines()))

    def code(self) -> list[str]:
        """All `code spans` of the prose."""
        return code_spans(self.prose())

    def links(self) -> list[str]:
        """Targets of all links."""
        return [inline or bare for inline, bare in LINK.findall(self.prose())]

    def headings(self) -> list[tuple[int, str]]:
        """Level and text of all headings."""
        return [(len(marks), text) for marks, text in HEADING.findall(self.prose())]

    def tables(self) -> list[list[list[str]]]:
        """All tables as rows of cells, with the header but without the line below it."""
        found = re.findall(r"(?:^\|.*\|\n?)+", self.prose(), re.MULTILINE)
        return [
            [[cell.strip() for cell in row.strip("|").split("|")] for row in _table_rows(table)]
            for table in found
        ]

    def _lines(self) -> list[str]:
        return self.path.read_text(encoding="utf-8").splitlines()


def code_spans(prose: str) -> list[str]:
    """Return all `code spans` of a text, joining the lines of those that are wrapped."""
    paragraphs = (" ".join(text.split()) for text in prose.split("\n\n"))
    return [code for paragraph in paragraphs for code in CODE_SPAN.findall(paragraph)]


def _table_rows(table: str) -> Iterator[str]:
    for number, row in enumerate(table.splitlines()):
        if number != 1:
            yield row


def markdown_files() -> list[MarkdownFile]:
    """Return all Markdown files of the project, without installed and generated ones."""
    folders = [p for p in ROOT.iterdir() if p.is_dir() and not p.name.startswith(".")]
    files = [*ROOT.glob("*.md")]
    files += [file for p in folders if p.name not in BUILD_FOLDERS for file in p.rglob("*.md")]
    return sorted((MarkdownFile(str(f.relative_to(ROOT))) for f in files), key=lambda d: d.name)


def documents_but_guides() -> list[MarkdownFile]:
    """Return all but the guides, which link to pages of the documentation; see test_guides.py."""
    return [each for each in markdown_files() if not each.name.startswith(f"{GUIDES_FOLDER}/")]


def split_commands(script: str) -> list[str]:
    """Return the complete commands of a shell block; open quotes and backslashes continue a line.

    Raises ValueError for a block without a command, or with an incomplete one.
    """
    found: list[str] = []
    held = ""
    for line in script.splitlines():
        held = f"{held}\n{line}" if held else line
        if not held.endswith("\\") and _is_complete_command(held):
            found.append(held)
            held = ""
    if held or not found:
        raise ValueError(f"not a whole command: {held or script!r}")
    return found


def _is_complete_command(command: str) -> bool:
    try:
        shlex.split(command)
    except ValueError:
        return False
    return True
