"""Open questions of the contract, read from readings.yaml.

Only the provider can answer them. Each has the possible answers and the one that the contract
assumes, or only an assumption if the answers cannot be listed. What an answer changes in the
contract stands beside it; `reading_changes` applies it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from openapi.languages import LANGUAGES
from openapi.loader import ContractError, read_yaml

READINGS_FILE = Path(__file__).with_name("readings.yaml")
ANY_VALUE = "any"
"""In place of a value: every answer is possible."""

Texts = Mapping[str, str]
"""A text in each of LANGUAGES."""
Readings = Mapping[str, str]
"""A value, or ANY_VALUE, for each question that has values."""


@dataclass(frozen=True)
class ContractChange:
    """Changes that an answer makes in the contract.

    actions: applied in order, see `reading_changes`; rules: sentences by rule id, None for a rule
    that no longer holds.
    """

    actions: Sequence[Mapping[str, Any]] = ()
    rules: Mapping[str, Texts | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """One open question.

    key: its name; decisions: ids in DECISIONS.md; lines: of the documents (`L97`, `L97-L98`);
    rules: those that depend on it, empty for all that rest on its decisions;
    question: its text; values: the possible answers by name, empty if they cannot be listed;
    default: name of the answer that contract and mock assume, empty without values;
    strict: name of the answer whose valid requests are valid under every answer;
    assumed: text of the default answer;
    why_fixed: reason why mock and check do not switch it, empty if they do;
    excludes: by answer, the answers to other questions that it cannot go with;
    changes: by answer, what it changes in the contract, where it changes something; ANY_VALUE is
    the superset of all answers, and `published` the form that is made for readers.
    """

    key: str
    decisions: tuple[str, ...]
    lines: tuple[str, ...]
    rules: tuple[str, ...]
    question: Texts
    values: Mapping[str, Texts]
    default: str
    strict: str
    assumed: Texts
    why_fixed: Texts
    excludes: Mapping[str, Readings]
    changes: Mapping[str, ContractChange]

    @property
    def switchable(self) -> bool:
        """True if mock and check know each of its answers."""
        return not self.why_fixed


@lru_cache(maxsize=4)
def load_readings(path: Path = READINGS_FILE) -> tuple[Reading, ...]:
    """Return all open questions, in the order of the file; raises ContractError for a bad entry."""
    document = read_yaml(path, path.name)
    if not isinstance(document, dict):
        raise ContractError(path.name, "", "it is not a mapping of questions")
    return tuple(_read_reading(path.name, str(key), entry) for key, entry in document.items())


def _read_reading(file: str, key: str, entry: Any) -> Reading:
    place = f"/{key}"
    if not isinstance(entry, dict):
        raise ContractError(file, place, "a question is an object")
    answers, default = entry.get("values", {}), entry.get("default", "")
    if not isinstance(answers, dict) or not isinstance(default, str):
        raise ContractError(file, place, "values is an object, and default one of its names")
    values = {
        name: _read_texts(file, f"{place}/values/{name}", texts) for name, texts in answers.items()
    }
    if ("assumption" in entry) == bool(values):
        raise ContractError(file, place, "it needs values with a default, or an assumption alone")
    strict = entry.get("strict", default)
    for name, chosen in (("default", default), ("strict", strict)):
        if values and chosen not in values:
            raise ContractError(file, f"{place}/{name}", f"it must be one of {', '.join(values)}")
    if not values and "fixed" not in entry:
        raise ContractError(file, place, "a question without values says in `fixed` why")
    fixed = _read_texts(file, f"{place}/fixed", entry["fixed"]) if "fixed" in entry else {}
    return Reading(
        key,
        _read_list(file, place, entry, "decisions", at_least=1),
        _read_list(file, place, entry, "lines"),
        _read_list(file, place, entry, "rules"),
        _read_texts(file, place, entry),
        values,
        default,
        strict,
        values.get(default) or _read_texts(file, f"{place}/assumption", entry["assumption"]),
        fixed,
        {
            name: each["excludes"]
            for name, each in answers.items()
            if isinstance(each.get("excludes"), dict)
        },
        _read_changes_by_answer(file, place, entry),
    )


def _read_changes_by_answer(
    file: str, place: str, entry: Mapping[str, Any]
) -> dict[str, ContractChange]:
    """Return what each answer changes; those that change nothing are left out."""
    written = {f"values/{name}": answer for name, answer in entry.get("values", {}).items()}
    written |= {name: entry[name] for name in (ANY_VALUE, "published") if name in entry}
    found: dict[str, ContractChange] = {}
    for name, answer in written.items():
        actions, rules = answer.get("contract", []), answer.get("rules", {})
        if not isinstance(actions, list) or not all(isinstance(each, dict) for each in actions):
            raise ContractError(file, f"{place}/{name}/contract", "it is a list of actions")
        if not isinstance(rules, dict):
            raise ContractError(file, f"{place}/{name}/rules", "it is an object with rule ids")
        sentences = {
            rule: None
            if texts is None
            else _read_texts(file, f"{place}/{name}/rules/{rule}", texts)
            for rule, texts in rules.items()
        }
        if actions or sentences:
            found[name.removeprefix("values/")] = ContractChange(actions, sentences)
    return found


def _read_list(
    file: str, place: str, entry: Mapping[str, Any], name: str, *, at_least: int = 0
) -> tuple[str, ...]:
    found = entry.get(name, [])
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise ContractError(file, f"{place}/{name}", "it must be a list of strings")
    if len(found) < at_least:
        raise ContractError(file, place, f"{name} must have an entry")
    return tuple(found)


def _read_texts(file: str, place: str, texts: Any) -> Texts:
    found = texts if isinstance(texts, dict) else {}
    for language in LANGUAGES:
        if not isinstance(found.get(language), str):
            raise ContractError(file, place, f"a text in {language} is missing")
    return {language: found[language] for language in LANGUAGES}
