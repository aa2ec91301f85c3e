"""Markdown as HTML: names of the contract become links, code blocks get a copy button."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from itertools import pairwise
from typing import Any
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from openapi.documentation.names import heading_anchor
from openapi.documentation.sample_folds import FOLD_CLOSE, FOLD_OPEN, SampleTexts, fold_samples

NAME_IN_TEXT = re.compile(
    r"(?<![A-Za-z0-9_/-])(?:[A-Z][0-9]{1,2}|[A-Z]{2}-[0-9]{2})(?![A-Za-z0-9_-])"
)
"""A decision (`N6`) or a rule (`NT-01`) in running text."""
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
"""A Chinese character or a full-width punctuation mark."""
FULL_WIDTH_MARK = re.compile(r"[\u3000-\u303f\uff00-\uffef]")
QUOTATION_MARKS = "“”‘’—…"
"""Marks that Chinese and English have in common."""
MAX_CACHED_TEXTS = 4096


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page for the search: its heading, its anchor and its text.

    samples: texts of folded samples by their anchors; they are not part of `text`.
    """

    title: str
    anchor: str
    text: str
    level: int = 2
    samples: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class MarkdownPage:
    """A page written in Markdown: the text of its first heading, the rest, and its sections.

    has_folds: whether the page has samples that a reader opens.
    """

    title: str
    html: Markup
    sections: tuple[Section, ...]
    has_folds: bool = False


class MarkdownRenderer:
    """Renders the Markdown of one language."""

    def __init__(
        self, targets: Mapping[str, str], files: Mapping[str, str], copy: tuple[str, str]
    ) -> None:
        """Take what names and files are replaced with.

        targets: addresses by the names of decisions, rules, operations, schemas and questions;
        files: addresses by the paths of files below `openapi/` to which texts link; a link to any
        other file of the repository becomes plain text. copy: the texts of the copy button, before
        and after.
        """
        self._targets, self._files = targets, files
        self._parser = MarkdownIt("commonmark", {"html": False}).enable("table")

        # A function, because markdown-it binds the rules to its renderer.
        def render_code(_renderer: Any, tokens: Sequence[Token], index: int, *_: Any) -> str:
            language, _mark, title = tokens[index].info.strip().partition(" ")
            # Not Markup, to which markdown-it-py 4.0 would add its own HTML as a text.
            anchor = str(tokens[index].meta.get("anchor", ""))
            return str(code_block(tokens[index].content, language, title.strip(), copy, anchor))

        for name, rule in (
            ("fence", render_code),
            ("code_block", render_code),
            ("table_open", _render_table_open),
            ("table_close", _render_table_close),
            (FOLD_OPEN, _render_content),
            (FOLD_CLOSE, _render_content),
        ):
            self._parser.add_render_rule(name, rule)
        self.render = lru_cache(maxsize=MAX_CACHED_TEXTS)(self._render)
        self.render_inline = lru_cache(maxsize=MAX_CACHED_TEXTS)(self._render_inline)

    def render_page(
        self, text: str, english: str, folder: str = "", samples: SampleTexts | None = None
    ) -> MarkdownPage:
        """Return a page whose first heading is its title.

        english: the same page in English, from whose headings the anchors of both languages are
        made; folder: that of the file, below `openapi/`, from which its links start; samples: the
        words of the folds if samples are to be folded. Raises ValueError if the pages do not have
        the same headings.
        """
        tokens = self._link_names(self._parser.parse(text), folder)
        if samples:
            tokens = fold_samples(tokens, samples)
        anchors = self._anchors_of(english)
        headings = [token for token in tokens if token.type == "heading_open"]
        if [token.tag for token in headings] != [tag for tag, _ in anchors]:
            raise ValueError("the headings of both languages differ")
        for token, (_, anchor) in zip(headings, anchors, strict=True):
            token.attrSet("id", anchor)
        title, *sections = _sections_of(tokens)
        body = tokens[3:] if headings and tokens[0] is headings[0] else tokens
        has_folds = any(token.type == FOLD_OPEN for token in tokens)
        return MarkdownPage(title.title, self._to_html(body), (title, *sections), has_folds)

    def plain_text(self, text: str) -> str:
        """Return a text without its markup, each paragraph, entry and row in a line of its own."""
        return "\n".join(_plain_lines(self._link_names(self._parser.parse(text))))

    def _anchors_of(self, english: str) -> list[tuple[str, str]]:
        """Return tag and anchor of each heading; a repeated heading gets a number."""
        found: list[tuple[str, str]] = []
        seen: set[str] = set()
        tokens = self._parser.parse(english)
        for token, content in pairwise(tokens):
            if token.type == "heading_open":
                base = anchor = heading_anchor(content.content)
                number = 2
                while anchor in seen:
                    anchor, number = f"{base}-{number}", number + 1
                seen.add(anchor)
                found.append((token.tag, anchor))
        return found

    def _render(self, text: str) -> Markup:
        """Return a text of one or more blocks as HTML."""
        return self._to_html(self._link_names(self._parser.parse(text)))

    def _render_inline(self, text: str) -> Markup:
        """Return a text of one line as HTML without a paragraph around it."""
        tokens = self._parser.parseInline(text)
        return self._to_html(self._link_names(tokens))

    def _to_html(self, tokens: Sequence[Token]) -> Markup:
        html = self._parser.renderer.render(tokens, self._parser.options, {})
        return Markup(html)  # noqa: S704 - the parser escapes all HTML

    def _link_names(self, tokens: list[Token], folder: str = "") -> list[Token]:
        for token in tokens:
            if token.children:
                token.children = list(self._linked(_join_chinese_lines(token.children), folder))
        return tokens

    def _linked(self, children: Sequence[Token], folder: str) -> Iterator[Token]:
        inside, dropped = False, False
        for child in children:
            if child.type == "link_open":
                address = self._address(str(child.attrGet("href") or ""), folder)
                inside, dropped = True, address is None
                child.attrSet("href", address or "")
            elif child.type == "link_close":
                inside = False
            if child.type in ("link_open", "link_close") and dropped:
                continue
            if inside or child.type not in ("text", "code_inline"):
                yield child
            elif child.type == "code_inline":
                target = self._targets.get(child.content)
                yield from _with_link([child], target) if target else [child]
            else:
                yield from self._split_text(child)

    def _split_text(self, token: Token) -> Iterator[Token]:
        at = 0
        for match in NAME_IN_TEXT.finditer(token.content):
            target = self._targets.get(match[0])
            if target:
                yield _text(token.content[at : match.start()])
                yield from _with_link([_text(match[0])], target)
                at = match.end()
        yield _text(token.content[at:])

    def _address(self, href: str, folder: str) -> str | None:
        """Return the address of a page for a link to its file; None if the file has no page."""
        path, mark, anchor = href.partition("#")
        if not path or "://" in path:
            return href
        page = self._files.get(posixpath.normpath(posixpath.join(folder, unquote(path))))
        return f"{page}{mark}{anchor}" if page else None


def code_block(
    text: str, language: str, title: str, copy: tuple[str, str], anchor: str = ""
) -> Markup:
    """Return a block of code with a button that copies it, and a title and an anchor if given."""
    caption = f'<p class="caption">{escape(title)}</p>' if title else ""
    name = escape(title or language or "text")
    place = f' id="{escape(anchor)}"' if anchor else ""
    return Markup(  # noqa: S704 - every value is escaped
        f'<div class="code"{place}>{caption}<pre tabindex="0" role="group" aria-label="{name}">'
        f'<code class="language-{escape(language or "text")}">{escape(text.rstrip())}</code></pre>'
        f'<button type="button" class="copy" data-done="{escape(copy[1])}" hidden>'
        f"{escape(copy[0])}</button></div>\n"
    )


def _render_table_open(*_: Any) -> str:
    return '<div class="table" tabindex="0">\n<table>\n'


def _render_content(_renderer: Any, tokens: Sequence[Token], index: int, *_: Any) -> str:
    return tokens[index].content


def _render_table_close(*_: Any) -> str:
    return "</table>\n</div>\n"


def _join_chinese_lines(children: Sequence[Token]) -> list[Token]:
    """Return the tokens without line breaks within Chinese, which would be shown as spaces.

    Between Chinese and a name or a code, the space remains, as it does in one line.
    """
    return [
        child
        for index, child in enumerate(children)
        if child.type != "softbreak"
        or not _is_within_chinese(
            "".join(each.content for each in children[:index])[-1:],
            "".join(each.content for each in children[index + 1 :])[:1],
        )
    ]


def _is_within_chinese(before: str, after: str) -> bool:
    """Return whether no space belongs between these characters, at the ends of two lines."""
    if FULL_WIDTH_MARK.fullmatch(before) or FULL_WIDTH_MARK.fullmatch(after):
        return True
    ends = (before, after)
    return any(map(CHINESE.fullmatch, ends)) and all(
        CHINESE.fullmatch(each) or each in QUOTATION_MARKS for each in ends
    )


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _with_link(tokens: Sequence[Token], target: str) -> Iterator[Token]:
    yield Token("link_open", "a", 1, attrs={"href": target})
    yield from tokens
    yield Token("link_close", "a", -1)


def _sections_of(tokens: Sequence[Token]) -> Iterator[Section]:
    """Yield the sections of a page; the first has what stands before the second heading."""
    title, anchor, level, texts = "", "", 1, list[str]()
    samples, sample = list[tuple[str, str]](), ""
    heading, folded = False, False
    for token in tokens:
        if token.type == "heading_open":
            if title or texts:
                yield Section(title, anchor, "\n".join(texts), level, tuple(samples))
            anchor, level, texts = str(token.attrGet("id") or ""), int(token.tag[1]), []
            heading, samples = True, []
        elif token.type == "inline" and heading:
            title, heading = plain_text(token), False
        elif token.type in (FOLD_OPEN, FOLD_CLOSE):
            folded = token.type == FOLD_OPEN
        elif folded:
            sample = str(token.meta.get("anchor", sample))
            samples.append((sample, token.content.strip()))
        else:
            texts += _plain_lines((token,))
    yield Section(title, anchor, "\n".join(texts), level, tuple(samples))


def _plain_lines(tokens: Iterable[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "inline":
            yield plain_text(token)
        elif token.type in ("fence", "code_block"):
            yield token.content.strip()


def plain_text(token: Token) -> str:
    """Return the text of an inline token without its markup."""
    parts = (" " if "break" in each.type else each.content for each in token.children or ())
    return "".join(parts)
