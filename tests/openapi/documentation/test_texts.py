"""The texts of the pages: both languages, all of them used."""

from __future__ import annotations

import re
from string import Formatter

import pytest

import openapi
from openapi.documentation.error_catalogue import GENERAL_CHAPTERS
from openapi.documentation.errors_page import PARTS
from openapi.documentation.member_file_codes import GROUPS
from openapi.documentation.operations import PARAMETER_PLACES
from openapi.documentation.texts import FOLDER, page_texts, status_advice
from openapi.languages import LANGUAGES
from tests.openapi.test_overlay import CHINESE_CHARACTER

USE = re.compile(r"\b(?:t|texts)\.([a-z_]+)")
MADE_NAMES = {
    *(f"errors_{part.replace('-', '_')}" for part in PARTS),
    *(f"errors_codes_{group}" for group in GROUPS),
    *(f"{place}_parameters" for place in PARAMETER_PLACES),
    *(f"state_{state}" for state in ("decided", "inferred", "open")),
    *(f"kind_{kind}" for kind in ("refusal", "promise")),
    *GENERAL_CHAPTERS.values(),
}
"""Names that the code puts together."""
WITHOUT_CHINESE = ("brand",)


def test_every_text_is_used_and_every_name_has_a_text() -> None:
    """Templates fail on an unknown name, but nothing else finds a text that no page has."""
    sources = [*FOLDER.glob("*.py"), *(FOLDER / "templates").glob("*.html")]
    used = {name for path in sources for name in USE.findall(path.read_text(encoding="utf-8"))}
    assert vars(page_texts("en")).keys() == used & vars(page_texts("en")).keys() | MADE_NAMES


def test_texts_have_both_languages_and_the_same_places() -> None:
    """Chinese texts are Chinese, English ones are not, and both have the same gaps for values."""
    chinese, english = vars(page_texts("zh")), vars(page_texts("en"))
    for name, text in chinese.items():
        is_word = any(letter.isalpha() for letter in english[name])
        if is_word and name not in WITHOUT_CHINESE:
            assert CHINESE_CHARACTER.search(text), name
        assert not CHINESE_CHARACTER.search(english[name]), name
        gaps = [
            sum(part is not None for _, part, *_ in Formatter().parse(each))
            for each in (text, english[name])
        ]
        assert gaps[0] == gaps[1], name


@pytest.mark.parametrize("lang", LANGUAGES)
def test_there_is_advice_for_each_status_of_an_error_and_for_no_other(
    lang: openapi.Language,
) -> None:
    """The catalogue says what each status means, what to do, and whether to retry."""
    documented = {
        status
        for *_, operation in openapi.iter_operations(openapi.load())
        for status in operation["responses"]
        if status >= "400"
    }
    assert status_advice(lang).keys() == documented
    for advice in status_advice(lang).values():
        assert advice.keys() == {"meaning", "advice", "retry"}
        assert all(advice.values())
