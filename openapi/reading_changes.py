"""Changes that readings make in the bundled contract.

An action has `at`, a JSON pointer in which `*` stands for every name or index, and one of
- `merge`: a JSON merge patch (RFC 7396), in which null removes a name;
- `set`: the new value;
- `replace`: for each language, a part of the text and what stands in its place;
- `remove: true`;
- `rename`: the new name of the last token, whose place among its siblings stays.
An action whose pointer leads nowhere is an error, so that a change of the contract cannot silently
lose it. `transform` in place of `at` names a computed change (TRANSFORMS), which follows all
actions. An object with nothing but `zh` and `en` is a text and becomes that of the language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

from openapi.closed_request_bodies import forbid_undeclared_body_fields
from openapi.document_shape import READINGS_KEY
from openapi.error_bodies import keep_problem_documents_only, use_spring_bodies
from openapi.example_corrections import (
    correct_rule_sentences_in_examples,
    drop_invalid_examples,
    reverse_daily_report_examples,
)
from openapi.languages import LANGUAGES
from openapi.loader import ContractError
from openapi.nullability import NullResponses, allow_null
from openapi.pointer import split_pointer
from openapi.readings import (
    ANY_VALUE,
    READINGS_FILE,
    ContractChange,
    Reading,
    Readings,
    Texts,
)
from openapi.walking import walk_nodes

PUBLISHED = "published"
JsonObject = dict[str, Any]


def _allow_empty_query_values(document: JsonObject) -> None:
    """Allow an empty value for each optional query parameter (decision X4)."""
    for _, kind, node in walk_nodes(document):
        is_optional = kind == "parameter" and node.get("in") == "query" and not node.get("required")
        if is_optional and "allowEmptyValue" not in node:
            node["allowEmptyValue"] = True
            marks = node.setdefault("x-inferred", {})
            marks["X4"] = ["allowEmptyValue"]


TRANSFORMS: Mapping[str, Callable[[JsonObject], None]] = {
    "problem-errors": keep_problem_documents_only,
    "spring-errors": use_spring_bodies,
    "empty-query-values": _allow_empty_query_values,
    "oldest-reports-first": reverse_daily_report_examples,
}
"""Computed changes of the whole contract, which follow the actions of all readings."""
LATE_TRANSFORMS = (
    "nullable-requests",
    "nullable-responses",
    "complete-responses",
    "closed-requests",
)
"""Computed changes that follow all others; see `nullability` and `closed_request_bodies`."""


def apply_readings(
    document: JsonObject,
    questions: Sequence[Reading],
    readings: Readings | None,
    lang: str,
    *,
    for_readers: bool = True,
) -> None:
    """Change the contract, in place, to these readings; None for the published form.

    questions: all of them, with the changes that their answers make.
    for_readers: examples that exact readings do not allow are removed, which takes a second.
    Raises ContractError for an action that cannot be applied.
    """
    transforms: list[str] = []
    rules: dict[str, Texts | None] = {}
    is_exact = bool(readings) and ANY_VALUE not in (readings or {}).values()
    changed = False
    for reading in questions:
        value = PUBLISHED if readings is None else readings.get(reading.key, reading.default)
        change = reading.changes.get(value)
        if change is None:
            continue
        changed = changed or value not in (PUBLISHED, ANY_VALUE, reading.default)
        _apply_actions(document, reading, change, lang, transforms)
        rules |= change.rules
        if is_exact:
            _require_known_rules(document, reading, change)
    for name in transforms:
        if name in TRANSFORMS:
            TRANSFORMS[name](document)
    allow_null(
        document,
        requests="nullable-requests" in transforms,
        responses=_null_responses(transforms, is_exact=is_exact),
    )
    if "closed-requests" in transforms:
        forbid_undeclared_body_fields(document)
    if readings is not None:
        document[READINGS_KEY] = dict(readings)
    if is_exact:
        _apply_rules(document, rules, for_readers=for_readers)
    if changed and for_readers and is_exact:
        # The contract's examples follow the default answers.
        drop_invalid_examples(document)


def _null_responses(transforms: Sequence[str], *, is_exact: bool) -> NullResponses:
    if "complete-responses" in transforms:
        # With another question open, the schemas also have fields that a server need not have.
        return "complete" if is_exact else "allowed"
    return "allowed" if "nullable-responses" in transforms else "no"


def _apply_actions(
    document: JsonObject, reading: Reading, change: ContractChange, lang: str, later: list[str]
) -> None:
    for index, action in enumerate(change.actions):
        place = f"/{reading.key}, action {index}"
        if "transform" in action:
            name = action["transform"]
            if name not in TRANSFORMS and name not in LATE_TRANSFORMS:
                known = ", ".join([*TRANSFORMS, *LATE_TRANSFORMS])
                raise ContractError(READINGS_FILE.name, place, f"{name} is not one of {known}")
            later.append(name)
            continue
        found = [*_targets(document, split_pointer(str(action.get("at"))))]
        if not found:
            raise ContractError(READINGS_FILE.name, place, f"nothing is at {action.get('at')}")
        for parent, token in found:
            if not _apply_action(parent, token, action, lang):
                raise ContractError(
                    READINGS_FILE.name,
                    place,
                    "it needs merge, set, replace, remove, rename or transform",
                )


def _apply_action(parent: Any, token: Any, action: Mapping[str, Any], lang: str) -> bool:
    """Apply one action; False if it is of no known kind."""
    if "merge" in action:
        parent[token] = _merged(parent[token], _in_language(action["merge"], lang))
    elif "set" in action:
        parent[token] = _in_language(deepcopy(action["set"]), lang)
    elif "replace" in action:
        old, new = _in_language(action["replace"], lang)
        if old not in parent[token]:
            raise ContractError(READINGS_FILE.name, str(action["at"]), f"it has no text {old!r}")
        parent[token] = parent[token].replace(old, new)
    elif action.get("remove") is True:
        del parent[token]
    elif "rename" in action:
        items = [(action["rename"] if key == token else key, parent[key]) for key in parent]
        parent.clear()
        parent.update(items)
    else:
        return False
    return True


def _targets(document: Any, tokens: list[str]) -> Iterator[tuple[Any, Any]]:
    """Yield parent and last token of each place that a pointer with `*` leads to."""
    first, *rest = tokens
    names: list[Any] = []
    if isinstance(document, dict):
        names = [*document] if first == "*" else [first] * (first in document)
    elif isinstance(document, list):
        is_index = first.isdigit() and int(first) < len(document)
        names = [*range(len(document))] if first == "*" else [int(first)] if is_index else []
    for name in names:
        if rest:
            yield from _targets(document[name], rest)
        else:
            yield document, name


def _merged(value: Any, patch: Any) -> Any:
    """Return a value changed by a JSON merge patch (RFC 7396)."""
    if not isinstance(patch, dict):
        return patch
    found = dict(value) if isinstance(value, dict) else {}
    for name, change in patch.items():
        if change is None:
            found.pop(name, None)
        else:
            found[name] = _merged(found.get(name), change)
    return found


def _in_language(value: Any, lang: str) -> Any:
    if isinstance(value, list):
        return [_in_language(each, lang) for each in value]
    if not isinstance(value, dict):
        return value
    if {*value} == {*LANGUAGES}:
        return value[lang]
    return {name: _in_language(each, lang) for name, each in value.items()}


def _require_known_rules(document: JsonObject, reading: Reading, change: ContractChange) -> None:
    for rule in change.rules:
        if rule not in document.get("x-rules", {}):
            raise ContractError(READINGS_FILE.name, f"/{reading.key}", f"there is no rule {rule}")


def _apply_rules(
    document: JsonObject, changed: Mapping[str, Texts | None], *, for_readers: bool
) -> None:
    """Replace the sentences of rules, and drop the rules without one."""
    rules = document.get("x-rules", {})
    if changed and for_readers:
        correct_rule_sentences_in_examples(document, rules, changed)
    for rule, texts in changed.items():
        if texts is None:
            del rules[rule]
        else:
            rules[rule] = {**rules[rule], **texts}
