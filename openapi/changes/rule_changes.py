"""Changes of the business rules and of the answers that open questions are assumed to have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from openapi.changes.change import BOTH, CLIENT, NEITHER, SERVER, Change
from openapi.pointer import pointer_of
from openapi.walking import iter_operations

RULES_KEY = "x-rules"
QUESTIONS_KEY = "x-questions"
"""Root key of a snapshot with default and answers of each open question."""
FIGURES = re.compile(r"`[^`]*`|[0-9][0-9.,:^]*|[A-Z][A-Z_]{2,}")
"""Parts of a sentence that decide what a rule means: numbers, code, values in capitals."""
JsonObject = Mapping[str, Any]


def compare_rules(old: JsonObject, new: JsonObject) -> Iterator[Change]:
    """Yield added, removed and changed rules.

    A `refusal` restricts requests, a `promise` responses. Whether other words mean another rule
    cannot be computed; a sentence with other numbers or values counts as another rule.
    """
    before, after = old.get(RULES_KEY, {}), new.get(RULES_KEY, {})
    was_at, is_at = _operations_by_rule(old), _operations_by_rule(new)
    shared = {*_names(old)} & {*_names(new)}
    for name in {**before, **after}:
        if name not in after:
            yield _removed(name, before[name], was_at.get(name, ()))
        elif name not in before:
            yield _added(name, after[name], is_at.get(name, ()))
        else:
            # An operation that is added or removed says nothing about its rules.
            was, is_ = (
                tuple(each for each in found.get(name, ()) if each in shared)
                for found in (was_at, is_at)
            )
            yield from _compare_rule(name, before[name], after[name], was, is_)


def _compare_rule(
    name: str,
    before: JsonObject,
    after: JsonObject,
    was_at: tuple[str, ...],
    is_at: tuple[str, ...],
) -> Iterator[Change]:
    pointer = pointer_of([RULES_KEY, name])
    if before.get("kind") != after.get("kind"):
        sentence = f"the rule changes from {before.get('kind')} to {after.get('kind')}"
        yield Change(pointer, sentence, BOTH, operations=is_at)
        return
    if gone := tuple(each for each in was_at if each not in is_at):
        yield _removed(name, before, gone)
    if more := tuple(each for each in is_at if each not in was_at):
        yield _added(name, after, more)
    yield from _compare_sentences(pointer, before, after, is_at)
    same = {"zh": "", "en": "", "operations": ""}
    if {**before, **same} != {**after, **same}:
        yield Change(pointer, "source or decisions of the rule change", is_text=True)


def _compare_sentences(
    pointer: str, before: JsonObject, after: JsonObject, operations: tuple[str, ...]
) -> Iterator[Change]:
    """Yield a change of the sentence: of its meaning if a language has other figures."""
    changed = {
        language: (str(before.get(language, "")), str(after.get(language, "")))
        for language in ("en", "zh")
        if before.get(language) != after.get(language)
    }
    others = [
        texts
        for texts in changed.values()
        if sorted(FIGURES.findall(texts[0])) != sorted(FIGURES.findall(texts[1]))
    ]
    for was, is_ in [*others, *changed.values()][:1]:
        sentence = f"the rule says “{is_}”, formerly “{was}”"
        breaks = BOTH if others else NEITHER
        yield Change(pointer, sentence, breaks, operations=operations, is_text=not others)


def _added(name: str, rule: JsonObject, operations: tuple[str, ...]) -> Change:
    kind = rule.get("kind")
    breaks = SERVER if kind == "promise" else BOTH
    sentence = f"a {kind} is added: “{rule.get('en')}”"
    return Change(pointer_of([RULES_KEY, name]), sentence, breaks, operations=operations)


def _removed(name: str, rule: JsonObject, operations: tuple[str, ...]) -> Change:
    kind = rule.get("kind")
    breaks = CLIENT if kind == "promise" else NEITHER
    sentence = f"a {kind} is removed: “{rule.get('en')}”"
    return Change(pointer_of([RULES_KEY, name]), sentence, breaks, operations=operations)


def _operations_by_rule(document: JsonObject) -> dict[str, tuple[str, ...]]:
    """Return the operations that each rule governs; groups of operations resolved."""
    found: dict[str, tuple[str, ...]] = {}
    existing = {*_names(document)}
    for *_, operation in iter_operations(document):
        for rule in operation.get(RULES_KEY, ()):
            found[rule] = (*found.get(rule, ()), operation["operationId"])
    for name, rule in document.get(RULES_KEY, {}).items():
        named = rule.get("operations")
        if name not in found and isinstance(named, list):
            found[name] = tuple(each for each in named if each in existing)
    return found


def _names(document: JsonObject) -> Iterator[str]:
    for *_, operation in iter_operations(document):
        yield operation["operationId"]


def compare_questions(old: JsonObject, new: JsonObject) -> Iterator[Change]:
    """Yield changed open questions: their default answers, and the answers that are possible."""
    before, after = old.get(QUESTIONS_KEY, {}), new.get(QUESTIONS_KEY, {})
    for name in {**before, **after}:
        pointer = pointer_of([QUESTIONS_KEY, name])
        if name not in after:
            yield Change(pointer, f"the question {name} is no longer open", SERVER)
            continue
        if name not in before:
            yield Change(pointer, f"the question {name} is open", NEITHER)
            continue
        was, is_ = before[name], after[name]
        if was.get("default") != is_.get("default"):
            sentence = (
                f"the contract assumes {is_.get('default')} for {name}, formerly "
                f"{was.get('default')}"
            )
            yield Change(pointer, sentence, BOTH)
        if gone := [each for each in was.get("answers", ()) if each not in is_.get("answers", ())]:
            yield Change(pointer, f"{', '.join(gone)} is no answer to {name} any more", SERVER)
        if more := [each for each in is_.get("answers", ()) if each not in was.get("answers", ())]:
            yield Change(pointer, f"{', '.join(more)} is a possible answer to {name}", NEITHER)
