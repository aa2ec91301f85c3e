"""Choices of readings: one answer, or all of them, for each open question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from openapi.loader import ContractError, read_yaml
from openapi.readings import ANY_VALUE, Reading, Readings, load_readings

SETS_FOLDER = Path(__file__).with_name("reading_sets")
"""Folder of the bundled sets of readings, one file each."""
DEFAULT_SET = "default"
ALL_SET = "all"


class ReadingsError(ValueError):
    """A choice of readings names an unknown question or answer, or cannot be read."""


def switchable_readings() -> dict[str, Reading]:
    """Return the questions that mock and check can switch, by key."""
    return {each.key: each for each in load_readings() if each.switchable}


def default_readings() -> dict[str, str]:
    """Return the default answer of each question."""
    return {key: each.default for key, each in switchable_readings().items()}


def readings_with_defaults(given: Readings | None = None) -> dict[str, str]:
    """Return the default answers with those `given`; raises ReadingsError.

    A contract of these is exact: it is the one that a mock serves.
    """
    chosen = default_readings() | _checked(given or {})
    if loose := [key for key, value in chosen.items() if value == ANY_VALUE]:
        raise ReadingsError(f"{loose[0]}: a mock needs one of {_answers(loose[0])}")
    if contradictory := next(iter_contradictions(chosen), None):
        raise ReadingsError("{}={} cannot go with {}={}".format(*contradictory))
    return chosen


def iter_contradictions(chosen: Readings) -> Iterator[tuple[str, str, str, str]]:
    """Yield answers that cannot go together: key and value of each of the two."""
    for key, question in switchable_readings().items():
        value = chosen.get(key, "")
        for other, excluded in question.excludes.get(value, {}).items():
            if chosen.get(other) == excluded:
                yield key, value, other, excluded


def all_readings(demanded: Readings | None = None) -> dict[str, str]:
    """Return ANY_VALUE for each question but those that are `demanded`; raises ReadingsError."""
    return dict.fromkeys(switchable_readings(), ANY_VALUE) | _checked(demanded or {})


def strict_readings() -> dict[str, str]:
    """Return for each question the answer whose valid requests are valid under every answer."""
    return {key: each.strict for key, each in switchable_readings().items()}


def reading_set_names() -> list[str]:
    """Return the names that `parse_readings` accepts for a whole choice."""
    return [DEFAULT_SET, ALL_SET, *sorted(file.stem for file in SETS_FOLDER.glob("*.yaml"))]


def parse_readings(text: str) -> dict[str, str]:
    """Return the readings that a text names.

    text: the name of a bundled set, `key=value,key=value`, or the path of a YAML or JSON file with
    an object of them. Questions that are not named are not in the result. Raises ReadingsError with
    what is accepted.
    """
    if text == DEFAULT_SET:
        return default_readings()
    if text == ALL_SET:
        return all_readings()
    if text in reading_set_names():
        return _read_file(SETS_FOLDER / f"{text}.yaml")
    path = Path(text)
    if "=" in text and not _is_file(path):
        return _parse_pairs(text)
    return _read_file(path)


def _is_file(path: Path) -> bool:
    """Return whether there is such a file; a list of many pairs is too long for a name."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _parse_pairs(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in text.split(","))):
        key, equals, value = (part.strip() for part in pair.partition("="))
        if not equals:
            raise ReadingsError(f"{pair!r} is not key=value")
        if found.setdefault(key, value) != value:
            raise ReadingsError(f"{key} is given twice, as {found[key]} and {value}")
    return _checked(found)


def _read_file(path: Path) -> dict[str, str]:
    sets = ", ".join(reading_set_names())
    if not _is_file(path):
        raise ReadingsError(f"there is no file {path}; sets are {sets}, or write key=value,...")
    try:
        document = read_yaml(path, path.name)
    except ContractError as error:
        raise ReadingsError(str(error)) from error
    if document is None:  # a file of comments only: nothing was observed
        return {}
    if not isinstance(document, Mapping):
        raise ReadingsError(f"{path.name}: it must be an object with a value for each question")
    return _checked({str(key): _text(value) for key, value in document.items()})


def _text(value: object) -> str:
    """Return a YAML value as it is written: `null` and `400` are names of answers."""
    return "null" if value is None else str(value)


def _checked(given: Readings) -> dict[str, str]:
    known = switchable_readings()
    for key, value in given.items():
        if key not in known:
            fixed = [each for each in load_readings() if each.key == key]
            if fixed:
                raise ReadingsError(f"{key} cannot be set: {fixed[0].why_fixed['en']}")
            raise ReadingsError(f"there is no {key!r}; there are {', '.join(known)}")
        if value != ANY_VALUE and value not in known[key].values:
            raise ReadingsError(f"{key} is one of {_answers(key)}, not {value!r}")
    return dict(given)


def _answers(key: str) -> str:
    return ", ".join(switchable_readings()[key].values)
