"""The readings page: questions, answers, switching, and the command of a start."""

from __future__ import annotations

import pytest

from mock_server.pages.console.readings import start_command
from openapi import load_readings, parse_readings
from tests.mock_server.pages.console.person import person_at, texts_of
from tests.serving import RunningMock


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_question_and_answer_is_shown(shared_mock: RunningMock, lang: str) -> None:
    """With its decisions, and the sentence of each answer, in the language of the page."""
    with person_at(shared_mock, lang=lang) as person:
        shown = texts_of(person.open("/readings"))
    for reading in load_readings():
        texts = [reading.question[lang], *reading.decisions, reading.key]
        answers = reading.values.values() if reading.switchable else ()
        texts += [answer[lang] for answer in answers]
        for text in texts:
            assert " ".join(text.split()) in shown, reading.key


def test_an_answer_is_switched_and_set_back(mock: RunningMock) -> None:
    """The command line then has it."""
    with person_at(mock) as person:
        switched = person.submit("/readings", "/readings", answer="rates=percent")
        assert switched.url.fragment == "rates"
        assert "rates is now percent." in texts_of(switched)
        assert "hypers-mock --readings rates=percent" in texts_of(switched)
        assert mock.sessions.default.readings["rates"] == "percent"
        only = texts_of(person.open("/readings?changed=1"))
        assert "1 of " in only
        back = texts_of(person.submit("/readings/defaults", "/readings"))
        assert "All answers have their defaults again." in back
        assert "--readings" not in back
    assert mock.sessions.default.readings["rates"] == "fraction"


@pytest.mark.whole
def test_a_contradiction_is_refused_beside_its_question(mock: RunningMock) -> None:
    """CP-08; nothing is changed."""
    with person_at(mock) as person:
        person.submit("/readings", "/readings", answer="absent-values=null")
        key = "external-id-after-unbinding"
        refused = person.submit("/readings", "/readings", answer=f"{key}=omitted")
    assert refused.status_code == 400
    section = refused.text.partition(f'id="{key}"')[2].partition("</section>")[0]
    assert "CP-08" in section
    assert mock.sessions.default.readings[key] == "null"


@pytest.mark.parametrize("answer", ["", "none=1", "rates=<b>", "rates"])
def test_an_unknown_answer_is_refused(shared_mock: RunningMock, answer: str) -> None:
    """As text, wherever the page shows it."""
    with person_at(shared_mock) as person:
        refused = person.submit("/readings", "/readings", answer=answer)
    assert refused.status_code == 400
    assert "CP-08" in texts_of(refused)
    assert "<b>" not in refused.text.partition("<main")[2]


def test_questions_are_found_by_their_words(shared_mock: RunningMock) -> None:
    """In question, answers, key or decision."""
    with person_at(shared_mock) as person:
        for text in ("percent", "M35", "RATES"):
            assert "rates" in texts_of(person.open(f"/readings?text={text}"))
        assert "No question matches." in texts_of(person.open("/readings?text=nothing-like-it"))


def test_the_command_gives_the_same_answers() -> None:
    """The option reads what the page offers to copy."""
    changed = {"rates": "percent", "absent-values": "null"}
    command, option, pairs = start_command(changed).split(" ")
    assert (command, option) == ("hypers-mock", "--readings")
    assert parse_readings(pairs) == changed
    assert start_command({}) == "hypers-mock"
