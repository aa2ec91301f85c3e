"""Fault rules are applied in order, and their hits are counted."""

from __future__ import annotations

from mock_server.sessions.faults import FaultRule, FaultRules

SEED = 7


def rule_for(*targets: str, times: int | None = None, probability: float = 1) -> FaultRule:
    """A rule that applies to these operations."""
    return FaultRule("*", frozenset(targets), status=503, times=times, probability=probability)


def decide(rules: FaultRules, operation: str = "a") -> str | None:
    """The id of the rule that decides a request."""
    found = rules.decide(operation, SEED)
    return found.id if found else None


def test_the_first_rule_that_matches_decides() -> None:
    """Rules below it are neither reached nor counted."""
    rules = FaultRules()
    for targets in (("b",), ("a", "b"), ("a",)):
        rules.add(rule_for(*targets))
    assert [decide(rules, name) for name in ("a", "b", "c")] == ["2", "1", None]
    assert [each.hits for each in rules.rules()] == [1, 1, 0]


def test_a_rule_that_was_hit_often_enough_leaves_the_request_to_the_next_one() -> None:
    """`times` is a number of hits."""
    rules = FaultRules()
    rules.replace([rule_for("a", times=2), rule_for("a")])
    assert [decide(rules) for _ in range(4)] == ["1", "1", "2", "2"]


def test_chance_follows_from_the_seed_and_the_requests() -> None:
    """The same requests meet the same faults, again after the same rules are set anew."""
    rules = FaultRules()
    runs = []
    for _ in range(2):
        rules.replace([rule_for("a", probability=0.3)])
        runs.append([decide(rules) for _ in range(400)])
    assert runs[0] == runs[1]
    assert 80 < runs[0].count("1") < 160
    other = FaultRules()
    other.add(rule_for("a", probability=0.3))
    drawn = [other.decide("a", SEED + 1) is not None for _ in range(400)]
    assert drawn != [each is not None for each in runs[0]]


def test_a_random_delay_is_within_its_limits_and_repeatable() -> None:
    """Both limits occur, and the same rules give the same delays."""
    rules = FaultRules()
    runs = []
    for _ in range(2):
        rules.replace([FaultRule("*", frozenset("a"), delay=(3, 5))])
        hits = (rules.decide("a", SEED) for _ in range(60))
        runs.append([hit.delay_of_hit(SEED) for hit in hits if hit])
    assert runs[0] == runs[1]
    assert set(runs[0]) == {3, 4, 5}


def test_rules_are_active_as_long_as_there_are_any() -> None:
    """`active` is all that a request without faults looks at."""
    rules = FaultRules()
    seen = [rules.active]
    added = rules.add(rule_for("a"))
    seen.append(rules.active)
    assert rules.remove(added.id) is added
    assert rules.remove(added.id) is None
    seen.append(rules.active)
    for given in ([rule_for("a")], []):
        rules.replace(given)
        seen.append(rules.active)
    assert seen == [False, True, False, True, False]
