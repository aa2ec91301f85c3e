"""The page of open questions can be sent to the provider: nothing is missing or unexplained."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

import openapi
from openapi.questions_page import render_questions_page
from openapi.readings import load_readings

READINGS = load_readings()


def question_section(page: str, key: str) -> str:
    """Return the part of a page about one question."""
    return (
        page.split(f"### `{key}`\n", 1)[1]
        .split("\n### ", maxsplit=1)[0]
        .split("\n## ", maxsplit=1)[0]
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_has_every_question_once(lang: openapi.Language) -> None:
    """The page is in the requested language, with the possible answers and our assumption."""
    page = render_questions_page(lang)
    assert sorted(re.findall(r"^### `(.*)`$", page, re.MULTILINE)) == sorted(
        each.key for each in READINGS
    )
    for reading in READINGS:
        text = question_section(page, reading.key)
        assert reading.question[lang] in text
        assert reading.assumed[lang] in text
        assert all(f"`{name}`: {each[lang]}" in text for name, each in reading.values.items())
        assert all(line in text for line in reading.lines)


def test_a_question_lists_what_depends_on_it() -> None:
    """It lists exactly the operations and rules that are marked with its decision."""
    page = render_questions_page("en")
    names = question_section(page, "content-names")
    assert "Operations that depend on it: `" in names
    assert "`getNotificationTask`" in names
    assert "`listGroups`" not in names
    assert "Rules that depend on it: GR-02, MN-08" in question_section(page, "group-with-plans")
    assert "Operations that depend on it: 36 operations" in question_section(page, "refusal-body")


def test_an_operation_depends_on_a_question_by_a_rule_or_a_parameter_too() -> None:
    """Not only by a mark in its own schema; and a rule of another question does not count."""
    page = render_questions_page("en")
    assert "`listMemberDailyReports`" in question_section(page, "daily-reports-order")
    assert "`listMemberDailyReports`" in question_section(page, "daily-reports-id")
    assert "`createScene`" in question_section(page, "unknown-id-in-body")
    start = question_section(page, "start-in-the-past")
    assert "Rules that depend on it: NT-24, MT-11\n" in start
    assert "`createMarketingNotice`" not in start


def test_the_command_prints_the_page() -> None:
    """`python -m openapi --questions` is in Chinese by default."""
    for words, lang in (([], "zh"), (["--lang", "en"], "en")):
        done = subprocess.run(
            [sys.executable, "-m", "openapi", "--questions", *words],
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        assert done.stdout == render_questions_page("zh" if lang == "zh" else "en")


@pytest.mark.parametrize("option", [("--format", "json"), ("--strictness", "curated")])
def test_an_option_that_the_page_does_not_have_is_refused(option: tuple[str, str]) -> None:
    """It would have no effect; the message names it, and the exit code is that of wrong usage."""
    done = subprocess.run(
        [sys.executable, "-m", "openapi", "--questions", *option],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{option[0]}: not allowed with argument --questions" in done.stderr
