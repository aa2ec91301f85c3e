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
    question: its text; values: the possible answers by name, empty if they cannot be listed;
    default: name of the answer that contract and mock assume, empty without values;
    assumed: text of that answer.
    """

    key: str
    decisions: tuple[str, ...]
    lines: tuple[str, ...]
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
    values = {
        name: _read_texts(file, f"{place}/values/{name}", texts)
        for name, texts in entry.get("values", {}).items()
    }
    default = entry.get("default", "")
    if ("assumption" in entry) == bool(values):
        raise ContractError(file, place, "it needs values with a default, or an assumption alone")
    if values and default not in values:
        raise ContractError(file, f"{place}/default", f"it is none of {', '.join(values)}")
    return Reading(
        key,
        tuple(entry.get("decisions", ())),
        tuple(entry.get("lines", ())),
        _read_texts(file, place, entry),
        values,
        default,
        values.get(default) or _read_texts(file, f"{place}/assumption", entry["assumption"]),
    )


def _read_texts(file: str, place: str, texts: Any) -> Texts:
    found = texts if isinstance(texts, dict) else {}
    for language in LANGUAGES:
        if not isinstance(found.get(language), str):
            raise ContractError(file, place, f"a text in {language} is missing")
    return {language: found[language] for language in LANGUAGES}
