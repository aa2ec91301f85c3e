"""Every open question of the documents has answers and an assumption of the contract."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import openapi
from openapi import ContractError
from openapi.languages import LANGUAGES
from openapi.readings import READINGS_FILE, Reading, load_readings

READINGS = load_readings()
DECISIONS = READINGS_FILE.with_name("DECISIONS.md").read_text(encoding="utf-8")
GOOD = """
rates:
  decisions: [M35]
  lines: [L1421]
  zh: 比率？
  en: Rates?
  default: fraction
  values:
    fraction: {zh: 小数。, en: A fraction.}
    percent: {zh: 百分数。, en: A percentage.}
"""


def source_lines_of(decision: str) -> set[str]:
    """Return the lines of the documents that a decision names."""
    entry = DECISIONS.split(f"\n### {decision} · ", 1)[1]
    return {*re.findall(r"L\d+(?:-L\d+)?", entry.split("\n\n")[1])}


def load_text(folder: Path, text: str) -> list[Reading]:
    """Return the questions of a file with this text."""
    path = folder / "readings.yaml"
    path.write_text(text, encoding="utf-8")
    return [*load_readings(path)]


def test_every_open_decision_is_a_question() -> None:
    """Every decision marked Open has a question to the provider."""
    is_open = {*re.findall(r"^### (\w+) · .*\n\nOpen · ", DECISIONS, re.MULTILINE)}
    asked = {decision for each in READINGS for decision in each.decisions}
    assert is_open - asked == set()


@pytest.mark.parametrize("reading", READINGS, ids=lambda each: each.key)
def test_a_question_names_the_lines_of_its_decisions(reading: Reading) -> None:
    """The lines in both files are the same."""
    assert {*reading.lines} == {
        line for each in reading.decisions for line in source_lines_of(each)
    }


@pytest.mark.parametrize("reading", READINGS, ids=lambda each: each.key)
def test_a_question_is_complete(reading: Reading) -> None:
    """It is a question, its answers differ, and its texts are sentences in their language."""
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", reading.key)
    assert re.search(r"[\u4e00-\u9fff].*？", reading.question["zh"])
    assert "?" in reading.question["en"]
    assert len(reading.values) != 1
    for texts in (reading.question, reading.assumed, *reading.values.values()):
        assert not re.search(r"[\u4e00-\u9fff]", re.sub(r"（.*?）|\(.*?\)", "", texts["en"])), texts
        assert texts["zh"].endswith(("。", "？"))
        assert texts["en"].endswith((".", "?"))
    for language in LANGUAGES:
        sentences = [texts[language] for texts in reading.values.values()]
        assert len({*sentences}) == len(sentences)


def test_questions_of_one_decision_share_no_rule() -> None:
    """A question names its rules where its decision also answers another one with rules."""
    rules = openapi.load()["x-rules"]
    for reading in READINGS:
        others = [each for each in READINGS if {*each.decisions} & {*reading.decisions}]
        ruled = any({*reading.decisions} & {*rule.get("inferred", ())} for rule in rules.values())
        if len(others) > 1 and ruled:
            assert reading.rules, reading.key
            assert {*reading.rules} <= rules.keys()
            named = [rule for each in others for rule in each.rules]
            assert len({*named}) == len(named)


def test_a_good_file_is_read(tmp_path: Path) -> None:
    """The other tests change one place of this file."""
    [reading] = load_text(tmp_path, GOOD)
    assert (reading.key, reading.decisions, reading.default) == ("rates", ("M35",), "fraction")
    assert reading.assumed["en"] == "A fraction."


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "default: fraction",
            "default: half",
            r"readings.yaml#/rates/default: .*fraction, percent",
        ),
        ("  default: fraction\n", "", "it must be one of fraction, percent"),
        ("default: fraction", "default: [fraction]", "#/rates: .*default one of its names"),
        ("  values:\n", "  values: [fraction]\n  others:\n", "#/rates: values is an object"),
        ("decisions: [M35]", "decisions: M35", "#/rates/decisions: .*a list of strings"),
        ("  decisions: [M35]\n", "", "#/rates: decisions must have an entry"),
        ("lines: [L1421]", "lines: [1421]", "#/rates/lines: .*a list of strings"),
        ("zh: 比率？", "note: none", "readings.yaml#/rates: .*a text in zh is missing"),
        ("en: A percentage.", "fr: Un.", "#/rates/values/percent: .*a text in en is missing"),
        ("  lines:", "  assumption: {zh: 一。, en: One.}\n  lines:", "an assumption alone"),
        (GOOD, "rates: true", "#/rates: .*a question is an object"),
        (GOOD, "- rates", "it is not a mapping of questions"),
    ],
)
def test_a_bad_entry_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    """The error has the place in the file and the reason."""
    assert old in GOOD
    with pytest.raises(ContractError, match=message):
        load_text(tmp_path, GOOD.replace(old, new))
