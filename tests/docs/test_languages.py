"""README.zh.md has the same content and commands as README.md."""

from __future__ import annotations

import re
from collections import Counter

from tests.docs.markdown import MarkdownFile

ENGLISH_README, CHINESE_README = MarkdownFile("README.md"), MarkdownFile("README.zh.md")
LANGUAGE_OPTION = re.compile(r"(Accept-Language: |--lang |\?lang=)(?:en|zh)\b")


def test_both_readmes_have_the_same_commands_in_the_same_order() -> None:
    """Only the language that they request differs."""
    english, chinese = (
        [LANGUAGE_OPTION.sub(r"\1…", example.command) for example in document.examples()]
        for document in (ENGLISH_README, CHINESE_README)
    )
    assert english == chinese


def test_both_readmes_have_the_same_structure() -> None:
    """Levels of headings, kinds of blocks and sizes of tables are the same."""
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
    """Code spans of options, paths and headers occur equally often in both."""
    assert Counter(ENGLISH_README.code()) == Counter(CHINESE_README.code())


def test_both_readmes_link_to_the_same_places() -> None:
    """Each also links to the other."""
    english, chinese = Counter(ENGLISH_README.links()), Counter(CHINESE_README.links())
    assert english - chinese == Counter([CHINESE_README.name])
    assert chinese - english == Counter([ENGLISH_README.name])
