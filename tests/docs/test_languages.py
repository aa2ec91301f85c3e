"""README.zh.md says in Chinese what README.md says in English, with the same commands."""

from __future__ import annotations

import re
from collections import Counter

from tests.docs.markdown import MarkdownFile

ENGLISH_README, CHINESE_README = MarkdownFile("README.md"), MarkdownFile("README.zh.md")
LANGUAGE_OPTION = re.compile(r"(Accept-Language: |--lang |\?lang=)(?:en|zh)\b")


def test_both_readmes_have_the_same_commands_in_the_same_order() -> None:
    """But for the language that they ask for."""
    english, chinese = (
        [LANGUAGE_OPTION.sub(r"\1…", example.command) for example in document.examples()]
        for document in (ENGLISH_README, CHINESE_README)
    )
    assert english == chinese


def test_both_readmes_have_the_same_structure() -> None:
    """Headings of the same levels, blocks of the same kinds, tables of the same size."""
    english, chinese = (
        (
            [level for level, _ in document.headings()],
            [(block.language, block.follows) for block in document.blocks()],
            [[len(row) for row in table] for table in document.tables()],
        )
        for document in (ENGLISH_README, CHINESE_README)
    )
    assert english == chinese


def test_both_readmes_name_the_same_things() -> None:
    """What stands between backquotes, options and paths and headers, stands in both as often."""
    assert Counter(ENGLISH_README.code()) == Counter(CHINESE_README.code())


def test_both_readmes_link_to_the_same_places() -> None:
    """And each to the other."""
    english, chinese = Counter(ENGLISH_README.links()), Counter(CHINESE_README.links())
    assert english - chinese == Counter([CHINESE_README.name])
    assert chinese - english == Counter([ENGLISH_README.name])
