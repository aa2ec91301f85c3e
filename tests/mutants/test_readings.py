"""Runs with and without demanded readings, and on servers with other readings."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from contract_tests.results.observations import ReadingRecord
from contract_tests.results.violations import Evidence, ResponseExcerpt
from tests.mutants.catalogue import CATALOGUE
from tests.mutants.checkers import READINGS_FILE, HypersCheck
from tests.mutants.results import MutantResults
from tests.mutants.results_page import RunFacts, render_section, replace_section
from tests.mutants.run_setup import NO_READINGS, RunSetup
from tests.mutants.runner import MutantResult, UnusableRunError, check_clean_mock, run_mutant

SPRING = RunSetup("spring", "spring")
READING_MUTANT = CATALOGUE["state/full-group-deleted"]


@pytest.mark.whole
@pytest.mark.parametrize(
    ("setup", "outcome", "by"),
    [
        (RunSetup(), "killed", "deleteGroup: Reading differs from the demanded one"),
        (RunSetup(demanded=NO_READINGS), "reading", "group-with-plans deleted"),
    ],
    ids=["demanded", "not-demanded"],
)
def test_an_answer_to_an_open_question_is_a_fault_if_another_is_demanded(
    setup: RunSetup, outcome: str, by: str
) -> None:
    """Otherwise it is observed, and named with the question."""
    result = run_mutant(READING_MUTANT, HypersCheck(("--only", "GR-02"), setup=setup), setup)
    assert (result.outcome, result.by) == (outcome, by)


class DeceivedCheck(HypersCheck):
    """A check that passes, and reports an answer that the server does not give."""

    def command(self, _url: str, directory: str) -> Sequence[str]:
        """Return a command that writes a report without a check."""
        file = str(Path(directory) / READINGS_FILE)
        return [sys.executable, "-c", f"open({file!r}, 'w').write('rates: percent')"]


@pytest.mark.whole
def test_a_base_that_is_observed_otherwise_measures_nothing() -> None:
    """Its faults would be excused as readings."""
    with pytest.raises(UnusableRunError, match="without a fault: rates percent"):
        check_clean_mock(DeceivedCheck(), RunSetup())


@pytest.mark.whole
def test_a_fault_is_found_on_a_server_like_spring() -> None:
    """The server without the fault passes with its own readings."""
    checker = HypersCheck(("--only", "createGroup,listGroups"), setup=SPRING)
    check_clean_mock(checker, SPRING)
    assert run_mutant(CATALOGUE["status/created"], checker, SPRING).outcome == "killed"


def test_every_option_is_that_of_the_mock_or_of_the_check() -> None:
    """The usual run needs none; the demanded readings are those of the base, unless given."""
    assert (RunSetup().options, RunSetup().mock_options) == ("", [])
    assert RunSetup().check_options == ["--readings", "default"]
    assert RunSetup(demanded=NO_READINGS).options == "--readings none"
    assert not RunSetup(demanded=NO_READINGS).check_options
    assert SPRING.options == "--base spring"
    assert SPRING.mock_options == SPRING.check_options == ["--readings", "spring"]
    assert RunSetup("spring", NO_READINGS).options == "--base spring --readings none"


def test_only_answers_that_differ_from_the_base_are_named() -> None:
    """An answer that one base always gives is a reading of another base."""
    observed = {"page-sort": "object", "rates": "percent"}
    assert SPRING.other_readings(observed) == ["rates percent"]
    assert RunSetup().other_readings(observed) == ["page-sort object", "rates percent"]


def test_a_mutant_that_gives_the_answers_of_its_base_is_no_fault() -> None:
    """It is not, if on the default base it differs in nothing but these answers."""
    evidence = Evidence("getScene", "curl", ResponseExcerpt())
    nulls = ReadingRecord("absent-values", {"omitted": evidence, "null": evidence})
    percent = ReadingRecord("rates", {"percent": evidence})
    fraction = ReadingRecord("rates", {"fraction": evidence})
    assert SPRING.same_readings([nulls, fraction]) == ["absent-values null"]
    assert not SPRING.same_readings([nulls, percent])
    assert not SPRING.same_readings([fraction])


@pytest.mark.whole
def test_a_mutant_is_compared_with_the_answers_of_its_base() -> None:
    """A server like Spring may send null for any optional field, with this fault or without it."""
    checker = HypersCheck(("--only", "getScene,listScenes"), setup=SPRING)
    result = run_mutant(CATALOGUE["schema/null-where-none-is-allowed"], checker, SPRING)
    assert (result.outcome, result.by) == ("reading", "absent-values null, as its base")


@pytest.mark.whole
def test_a_fault_behind_a_reading_is_found() -> None:
    """Numbers become texts in a server like Spring, unless the fault is in what does that."""
    checker = HypersCheck(("--only", "NT-06"), setup=SPRING)
    result = run_mutant(CATALOGUE["validation/number-as-parameter"], checker, SPRING)
    assert (result.outcome, result.by) == ("killed", "NT-06: Rule-breaking request accepted")


def test_a_reading_counts_neither_as_killed_nor_as_alive() -> None:
    """With the default answers, every other server has to be killed."""
    setup, name = RunSetup(demanded=NO_READINGS), "hypers-check"
    found = [
        MutantResult(READING_MUTANT, name, "reading", "group-with-plans deleted", 1),
        MutantResult(CATALOGUE["status/created"], name, "killed", "found", 1),
    ]
    results = MutantResults(found)
    assert (str(results.overall), results.survivors) == ("1/1", [])
    assert results.reaches(setup.min_share)
    found.append(MutantResult(CATALOGUE["paging/10-by-default"], name, "survived", "missed", 1))
    assert not MutantResults([*found, *found[1:2] * 30]).reaches(setup.min_share)


def test_a_run_writes_its_own_section_only() -> None:
    """The others stay, in the order of the setups; what belongs to none is dropped."""
    page = "# Old\n\n## Alive\n\nNone.\n"
    for setup in (SPRING, RunSetup(demanded=NO_READINGS), RunSetup()):
        page = replace_section(page, section_of(setup, "before"))
    page = replace_section(page, section_of(SPRING, "after"))
    headings = [line for line in page.splitlines() if line.startswith("## ")]
    assert headings == [
        "## Default answers demanded",
        "## No answers demanded",
        "## Answers of Spring",
    ]
    assert (page.count("before"), page.count("after")) == (2, 1)
    assert 'Written by `make mutants ARGS="--base spring"`.' in page
    assert "- `hypers-check --fail-fast --readings spring`: 0/0 killed, 100.0%" in page
    assert replace_section(page, section_of(SPRING, "after")) == page


def section_of(setup: RunSetup, observed: str) -> str:
    """Return the section of a run in which a server was a reading."""
    result = MutantResult(READING_MUTANT, "hypers-check", "reading", observed, 1)
    facts = RunFacts("2030-04-21", (), 2, 60, setup)
    return render_section({"hypers-check": MutantResults([result])}, facts)
