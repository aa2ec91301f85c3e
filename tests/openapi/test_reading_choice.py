"""Choices of readings, as command lines and files name them."""

from __future__ import annotations

from pathlib import Path

import pytest

from openapi import (
    ANY_VALUE,
    ReadingsError,
    all_readings,
    default_readings,
    load_readings,
    parse_readings,
    reading_set_names,
    readings_with_defaults,
    strict_readings,
)


def test_every_switchable_question_has_an_answer_in_every_form() -> None:
    """The forms differ in their answers only."""
    keys = {each.key for each in load_readings() if each.switchable}
    assert keys == {*default_readings()} == {*all_readings()} == {*strict_readings()}
    assert {*all_readings().values()} == {ANY_VALUE}
    assert readings_with_defaults() == default_readings()
    assert all_readings({"rates": "percent"})["rates"] == "percent"


@pytest.mark.parametrize("name", reading_set_names())
def test_a_bundled_set_has_a_name(name: str) -> None:
    """Each can be given by its name."""
    assert parse_readings(name)


def test_pairs_and_files_say_the_same(tmp_path: Path) -> None:
    """YAML's null and numbers are names of answers as they are written."""
    pairs = "absent-values=null, unknown-id-in-body=404"
    file = tmp_path / "readings.yaml"
    file.write_text("absent-values: null\nunknown-id-in-body: 404\n", encoding="utf-8")
    expected = {"absent-values": "null", "unknown-id-in-body": "404"}
    assert parse_readings(pairs) == parse_readings(str(file)) == expected


def test_a_file_of_comments_names_nothing(tmp_path: Path) -> None:
    """A run that observed nothing writes such a file."""
    file = tmp_path / "readings.yaml"
    file.write_text("# rates: not observed\n", encoding="utf-8")
    assert parse_readings(str(file)) == {}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("rates=half", "rates is one of fraction, percent, not 'half'"),
        ("rate=fraction", "there is no 'rate'; there are absent-values"),
        ("time-zone=CST", "time-zone cannot be set: Date-times have no zone"),
        ("rates=fraction,rates=percent", "rates is given twice"),
        ("rates=fraction,percent", "'percent' is not key=value"),
        ("sprig", "there is no file sprig; sets are default, all, spring"),
    ],
)
def test_an_error_says_what_is_accepted(text: str, reason: str) -> None:
    """It names the question, the answer and the possible ones."""
    with pytest.raises(ReadingsError, match=reason):
        parse_readings(text)


def test_a_mock_has_one_answer_to_each_question() -> None:
    """It cannot be both."""
    with pytest.raises(ReadingsError, match="rates: a mock needs one of fraction, percent"):
        readings_with_defaults({"rates": ANY_VALUE})


def test_pairs_may_be_longer_than_the_name_of_a_file() -> None:
    """All readings can be given as pairs, which no file system takes as a name."""
    chosen = default_readings()
    text = ",".join(f"{key}={value}" for key, value in chosen.items())
    assert len(text) > 255
    assert parse_readings(text) == chosen


def test_answers_that_cannot_go_together_are_refused() -> None:
    """Where absent values are null, an external id without a value is not left out."""
    with pytest.raises(ReadingsError, match="unbinding=omitted cannot go with absent-values=null"):
        readings_with_defaults({"external-id-after-unbinding": "omitted", "absent-values": "null"})
