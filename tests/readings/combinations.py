"""Combinations of answers in which every pair of answers to two questions occurs."""

from __future__ import annotations

from allpairspy import AllPairs

from openapi import exact_readings, load_readings, parse_readings

MAX_COMBINATIONS = 24
BUNDLED = ("default", "spring")
"""Sets that are combinations of their own; each occurs in `make test`, too."""


def list_combinations() -> dict[str, dict[str, str]]:
    """Return combinations by name: the bundled sets, then those that cover the remaining pairs.

    An object has an answer for each switchable question.
    """
    questions = [each for each in load_readings() if each.switchable]
    found = {name: exact_readings(parse_readings(name)) for name in BUNDLED}
    keys = [each.key for each in questions]
    answers = [list(each.values) for each in questions]
    done = [[one[key] for key in keys] for one in found.values()]
    pairs = AllPairs(answers, previously_tested=done)
    for number, combination in enumerate(pairs, 1):
        found[f"pairs-{number:02}"] = dict(zip(keys, combination, strict=True))
    return found
