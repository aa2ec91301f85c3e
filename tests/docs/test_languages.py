"""README.zh.md has the same content and commands as README.md."""

from __future__ import annotations

import re
from collections import Counter

from tests.docs.markdown import ROOT, MarkdownFile

ENGLISH_README, CHINESE_README = MarkdownFile("README.md"), MarkdownFile("README.zh.md")
CHINESE_FILE = re.compile(r"\.zh\.md$")
CHINESE_TEXT = re.compile(r"[\u4e00-\u9fff]")
LANGUAGE_OPTION = re.compile(r"(Accept-Language: |--lang |\?lang=)(?:en|zh)\b")


def test_both_readmes_have_the_same_commands_in_the_same_order() -> None:
    """Only the language that they request differs, and texts with Chinese characters in JSON."""
    english, chinese = (
        [LANGUAGE_OPTION.sub(r"\1…", example.command) for example in document.examples()]
        for document in (ENGLISH_README, CHINESE_README)
    )
    for left, right in zip(english, chinese, strict=True):
        for one, other in zip(left.split('"'), right.split('"'), strict=True):
            assert one == other or (CHINESE_TEXT.search(other) and "\n" not in one), (left, right)


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


def in_either_language(names: list[str]) -> Counter[str]:
    """Count files without regard to language: `a.zh.md` as `a.md`, `zh/b.md` as `en/b.md`."""
    return Counter(
        CHINESE_FILE.sub(".md", name).replace(".zh.png", ".en.png").replace("/zh/", "/en/")
        for name in names
    )


def test_both_readmes_name_the_same_things() -> None:
    """Code spans of options, paths and headers occur equally often in both."""
    english, chinese = ENGLISH_README.code(), CHINESE_README.code()
    assert in_either_language(english) == in_either_language(chinese)


def test_both_readmes_link_to_the_same_places() -> None:
    """Each links to the other, and otherwise to the files and pictures in its language."""
    english, chinese = ENGLISH_README.links(), CHINESE_README.links()
    assert in_either_language(english) == in_either_language(chinese)
    assert [link for link in english if ".zh." in link] == [CHINESE_README.name]
    assert not [link for link in chinese if ".en." in link]
    translated = [link for link in chinese if (ROOT / link).with_suffix(".zh.md").is_file()]
    assert translated == [ENGLISH_README.name]
