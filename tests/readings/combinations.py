"""Combinations of answers in which every possible pair of answers to two questions occurs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from allpairspy import AllPairs

from openapi import (
    default_readings,
    iter_contradictions,
    load_readings,
    parse_readings,
    readings_with_defaults,
)

MAX_COMBINATIONS = 24
BUNDLED = ("default", "spring")
"""Sets that are combinations of their own; `make test` checks these two."""


def list_combinations() -> dict[str, dict[str, str]]:
    """Return combinations by name: the bundled sets, then those that cover the remaining pairs.

    An object has an answer for each switchable question.
    """
    questions = [each for each in load_readings() if each.switchable]
    found = {name: readings_with_defaults(parse_readings(name)) for name in BUNDLED}
    keys = [each.key for each in questions]
    answers = [list(each.values) for each in questions]
    done = [[one[key] for key in keys] for one in found.values()]
    pairs = (dict(zip(keys, row, strict=True)) for row in AllPairs(answers, previously_tested=done))
    for number, combination in enumerate(chain.from_iterable(map(_possible, pairs)), 1):
        found[f"pairs-{number:02}"] = combination
    return found


def _possible(combination: dict[str, str]) -> Iterator[dict[str, str]]:
    """Yield a combination, or two in its place if two of its answers cannot go together.

    Each of the two has the default answer for one of these, so that no other pair is lost.
    """
    # Not by the filter of AllPairs, which then leaves out possible pairs, too.
    contradictory = next(iter_contradictions(combination), None)
    if contradictory is None:
        yield combination
        return
    key, _, other, _ = contradictory
    for each in (key, other):
        yield combination | {each: default_readings()[each]}
