"""Samples of a guide as parts that a reader opens: a command or program with what it prints."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import PurePosixPath

from markdown_it.token import Token

from openapi.documentation.names import heading_anchor

OPEN_LINES = 2
"""The longest command without a response that is shown at once."""
OUTPUT_LANGUAGES = ("json", "text")
SETTINGS_LANGUAGE = "ini"
LANGUAGE_NAMES = {"python": "Python", "ts": "TypeScript"}
FILE_NAME = re.compile(r"(?:#|//) (\S+)")
CURL = re.compile(r"\bcurl [^|]*?(?=\bcurl |\||\Z)", re.DOTALL)
CURL_PATH = re.compile(r'\$HYPERS_API_URL([^"?\s]*)')
CURL_METHOD = re.compile(r"-X ([A-Z]+)")
CURL_BODY = re.compile(r"\s-[dF] ")
FOLD_OPEN, FOLD_CLOSE = "fold_open", "fold_close"
"""Types of the tokens around a sample."""


@dataclass(frozen=True, slots=True)
class SampleTexts:
    """Words in a page's language; `with_output` has places for a sample and for what it prints."""

    commands: str
    settings: str
    response: str
    output: str
    with_output: str


@dataclass(frozen=True, slots=True)
class SampleFold:
    """Blocks of code that belong together.

    anchor: of the first block, also that of a link to the sample; name: a file or a program;
    requests: methods in upper case and paths, in order; kind: what the blocks are, in words.
    """

    anchor: str
    name: str
    requests: tuple[tuple[str, str], ...]
    kind: str

    @property
    def opening(self) -> str:
        """The start of the element, with its summary."""
        names = ", ".join(
            f'<span class="method {verb.lower()}">{verb}</span>&nbsp;<code>{escape(path)}</code>'
            for verb, path in self.requests
        )
        if self.name:
            names = f"<code>{escape(self.name)}</code>"
        return (
            f'<details class="sample"><summary>{names} '
            f"<small>{escape(self.kind)}</small></summary>\n"
        )


def fold_samples(tokens: Sequence[Token], texts: SampleTexts) -> list[Token]:
    """Return the tokens of a page with each sample in a fold, except for short commands.

    A sample is a command or a program, and the output that follows it directly. Every block gets
    the anchor of its sample in `meta`.
    """
    found: list[Token] = []
    number = 0
    for group in _groups(tokens):
        if group[0].type != "fence":
            found += group
            continue
        number += 1
        fold = describe_sample([(each.info.strip(), each.content) for each in group], number, texts)
        group[0].meta = {"anchor": fold.anchor}
        if len(group) == 1 and len(group[0].content.splitlines()) <= OPEN_LINES:
            found += group
        else:
            found += [
                Token(FOLD_OPEN, "details", 1, content=fold.opening, block=True),
                *group,
                Token(FOLD_CLOSE, "details", -1, content="</details>\n", block=True),
            ]
    return found


def describe_sample(
    blocks: Sequence[tuple[str, str]], number: int, texts: SampleTexts
) -> SampleFold:
    """Return what a fold says about its blocks, which are languages and texts.

    number: that of the sample on its page, for the anchor of one without a file name.
    """
    language, text = blocks[0]
    anchor, name = f"sample-{number}", ""
    named = FILE_NAME.match(text)
    requests = tuple(_requests(text)) if language == "sh" else ()
    if language in OUTPUT_LANGUAGES:
        kind = texts.output
    elif language == SETTINGS_LANGUAGE:
        kind = texts.settings
    elif requests:
        kind = "curl"
    elif language == "sh":
        name, kind = _program(text), texts.commands
    else:
        kind = LANGUAGE_NAMES.get(language, language)
        name = named[1] if named else ""
        anchor = heading_anchor(name) if name else anchor
    if len(blocks) > 1:
        printed = texts.response if blocks[1][0] == "json" else texts.output
        kind = texts.with_output.format(kind, printed)
    return SampleFold(anchor, name, requests, kind)


def _groups(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Yield each sample with its output, and every other token alone."""
    group: list[Token] = []
    for token in tokens:
        is_output = token.type == "fence" and token.info.strip() in OUTPUT_LANGUAGES
        if group and not (is_output and group[0].type == "fence"):
            yield group
            group = []
        group.append(token)
    if group:
        yield group


def _requests(script: str) -> Iterator[tuple[str, str]]:
    """Yield method and path of each request that a script sends with curl."""
    for command in CURL.findall(script):
        path = CURL_PATH.search(command)
        if path:
            method = CURL_METHOD.search(command)
            has_body = CURL_BODY.search(command)
            yield (method[1] if method else "POST" if has_body else "GET"), path[1]


def _program(script: str) -> str:
    """Return the program of the first command."""
    words = shlex.split(script.replace("\\\n", " "))
    first = words[1] if words[0] == "npx" else words[0]
    return PurePosixPath(first).name
