"""The catalogue of mistakes in member files."""

from __future__ import annotations

from string import Formatter

import pytest

from mock_server.domain import notice_tasks, notification_contents
from openapi import MEMBER_FILE_SENTENCES, Language
from openapi.documentation.member_file_codes import CELL, PLACES, CodeEntry, code_groups
from tests.corpus.manifest import load_manifest

KINDS_OF_TASK = (notification_contents.FILE_RULES, notice_tasks.FILE_RULES)


def entries(lang: Language = "en") -> dict[str, CodeEntry]:
    """Return all codes with their entries."""
    return {entry.code: entry for group in code_groups(lang) for entry in group.codes}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_code_has_its_sentences_in_both_languages(lang: Language) -> None:
    """Also the second sentence of a code that has two."""
    listed = [each for entry in entries(lang).values() for each in entry.sentences]
    assert listed == [texts[("zh", "en").index(lang)] for texts in MEMBER_FILE_SENTENCES.values()]


def test_the_rules_are_those_of_the_mock() -> None:
    """Notification tasks come first; plan tasks have no rule for variables."""
    for entry in entries().values():
        expected = (rules.rule_of(entry.code) for rules in KINDS_OF_TASK)
        assert entry.rules == tuple(rule for rule in expected if rule), entry.code


def test_a_code_has_the_fields_that_its_sentences_name() -> None:
    """A name in braces that is a field of the error is listed with the code."""
    assert PLACES.keys() <= entries().keys()
    for entry in entries().values():
        named = {name for each in entry.sentences for _, name, *_ in Formatter().parse(each)}
        assert named & set(CELL) <= set(entry.fields), entry.code


def test_the_fields_are_those_of_the_mistakes_in_the_corpus() -> None:
    """Row, column and header are listed just if a mistake has them; a value may be left open."""
    for expectation in load_manifest():
        for mistake in expectation.mistakes:
            has = {
                "row": mistake.row > 0,
                "column": mistake.column != "",
                "header": mistake.header != "",
            }
            fields = entries()[mistake.code].fields
            assert {name: name in fields for name in has} == has, (expectation.file, mistake)
            assert not mistake.value or "value" in fields, (expectation.file, mistake)
