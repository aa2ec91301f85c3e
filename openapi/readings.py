"""Open questions of the contract, read from readings.yaml.

Only the provider can answer them. Each has the possible answers and the one that the contract
assumes, or only an assumption if the answers cannot be listed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openapi.loader import ContractError, read_yaml

READINGS_FILE = Path(__file__).with_name("readings.yaml")
LANGUAGES = ("zh", "en")

Texts = Mapping[str, str]
"""A text in each of LANGUAGES."""


@dataclass(frozen=True)
class Reading:
    """One open question.

    key: its name; decisions: ids in DECISIONS.md; lines: of the documents (`L97`, `L97-L98`);
    rules: those that depend on it, empty for all that rest on its decisions;
    question: its text; values: the possible answers by name, empty if they cannot be listed;
    default: name of the answer that contract and mock assume, empty without values;
    assumed: text of that answer.
    """

    key: str
    decisions: tuple[str, ...]
    lines: tuple[str, ...]
    rules: tuple[str, ...]
    question: Texts
    values: Mapping[str, Texts]
    default: str
    assumed: Texts


def load_readings(path: Path = READINGS_FILE) -> list[Reading]:
    """Return all open questions, in the order of the file; raises ContractError for a bad entry."""
    document = read_yaml(path, path.name)
    if not isinstance(document, dict):
        raise ContractError(path.name, "", "it is not a mapping of questions")
    return [_read_reading(path.name, str(key), entry) for key, entry in document.items()]


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
    if values and default not in values:
        raise ContractError(file, f"{place}/default", f"it must be one of {', '.join(values)}")
    return Reading(
        key,
        _read_list(file, place, entry, "decisions", at_least=1),
        _read_list(file, place, entry, "lines"),
        _read_list(file, place, entry, "rules"),
        _read_texts(file, place, entry),
        values,
        default,
        values.get(default) or _read_texts(file, f"{place}/assumption", entry["assumption"]),
    )


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
