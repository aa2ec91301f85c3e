"""`hypers-check` runs the probes and reports each rule."""

from __future__ import annotations

import re

import pytest

from contract_tests.contract.operations import governed_operations, rules, select_rules
from tests.contract_tests.checks.test_custom_checks import GROUPS, everything_accepted
from tests.contract_tests.faulty_server import MockExchange, run_faulty_mock
from tests.contract_tests.recorder import run_recorded_mock
from tests.contract_tests.run_check import QUICK, run_check
from tests.serving import RunningMock

pytestmark = pytest.mark.whole


def test_a_broken_rule_is_a_violation_of_its_own() -> None:
    """The violation has the rule's id and sentence, what was tried, and a command."""
    with run_faulty_mock("POST", GROUPS, everything_accepted) as address:
        outcome = run_check("--target", address, "--only", "GR-01")
    assert outcome.code == 1
    assert outcome.violations == [("GR-01", "Rule-breaking request accepted")], outcome.out
    assert f"Rule: {rules()['GR-01']['en']}" in outcome.out
    assert "-> 200" in outcome.out
    assert outcome.commands
    assert "Rules        1: 1 broken" in outcome.out


def test_a_rule_that_needs_time_is_not_passed_without_a_clock() -> None:
    """Without a clock the rule is not checkable, with the reason."""

    def no_clock(answer: MockExchange) -> None:
        answer.status = 404

    with run_faulty_mock("*", "/__admin/.*", no_clock) as address:
        outcome = run_check("--target", address, "--only", "AU-04")
    assert outcome.code == 2, outcome.out
    assert "Rules        1: 1 not checkable" in outcome.out
    assert "AU-04 (needs a clock, which the target does not have)" in outcome.out


def test_a_target_whose_refusals_name_no_rules_can_hold() -> None:
    """A server whose refusals name no rules is judged less strictly."""

    def nameless(answer: MockExchange) -> None:
        if answer.status == 400:
            answer.json = {"message": "no"}

    with run_faulty_mock("*", "/api/v1/.*", nameless) as address:
        outcome = run_check("--target", address, "--only", "PG-08,GR-01")
    assert (outcome.code, outcome.violations) == (0, []), outcome.out
    assert "Rules        2: 2 held" in outcome.out


def test_a_target_that_names_the_wrong_rule_does_not_hold() -> None:
    """One wrong rule among many right ones is a violation."""

    def wrong(answer: MockExchange) -> None:
        if answer.status == 400:
            answer.body = answer.body.replace(b"GR-01", b"GR-05")

    with run_faulty_mock("POST", GROUPS, wrong) as address:
        outcome = run_check("--target", address, "--only", "GR-01")
    title = "Rule-breaking request rejected for another reason"
    assert outcome.violations == [("GR-01", title)], outcome.out


def test_the_target_s_time_is_moved_last() -> None:
    """Advancing the clock cannot be undone."""
    with run_recorded_mock() as (address, recorder):
        outcome = run_check("--target", address, "--only", "AU-04,AU-05,GR-01")
    assert outcome.code == 0, outcome.out
    assert [*outcome.progress] == [
        "rules-AU",
        "rules-GR",
        "rules-time",
        *_cleanup_lines(outcome.out),
    ]
    paths = [path for _, path, _, _ in recorder.requests]
    moved = paths.index(b"/__admin/clock/advance?")
    assert moved > len(paths) / 3


def _cleanup_lines(out: str) -> list[str]:
    return re.findall(r"^ok +(clean-up)", out, re.MULTILINE)


def test_rules_are_chosen_by_their_id_and_by_their_operations() -> None:
    """A rule is chosen by its id, or if all its operations are chosen."""
    assert select_rules(frozenset()) == [*rules()]
    assert select_rules(frozenset({"PG-08"})) == ["PG-08"]
    by_tag = select_rules(frozenset({"notice-groups"}))
    assert "GR-01" in by_tag
    assert "PG-08" not in by_tag
    operations = {"listGroups", "createGroup", "getGroup", "updateGroup", "deleteGroup"}
    assert all(governed_operations(rule) <= operations for rule in by_tag)


def test_what_cannot_be_removed_is_listed(shared_mock: RunningMock) -> None:
    """Groups and plans are removed at the end; scenes stay, and are counted."""
    world = shared_mock.world
    groups, plans, scenes = {*world.groups}, {*world.notices}, {*world.scenes}
    outcome = run_check(
        "--target", shared_mock.address, "--only", "createGroup,createScene,GR-01", *QUICK
    )
    assert outcome.code == 0, outcome.out
    assert ({*world.groups}, {*world.notices}) == (groups, plans)
    made = len({*world.scenes} - scenes)
    assert made
    assert re.search(rf"Left on the target: .*\b{made} scenes?\b", outcome.out), outcome.out
