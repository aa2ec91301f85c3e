"""Changes of the keywords of a schema that concern the value itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from openapi.changes.change import Effect
from openapi.changes.texts import NAME_EXTENSION, is_text

_COMPARED_ELSEWHERE = frozenset({"required", "discriminator", NAME_EXTENSION})
_NOTHING = object()
_WIDENINGS = (("integer", "number"), ("int32", "int64"), ("float", "double"))
"""Types and formats, each with one that includes it."""


class KeywordChange(NamedTuple):
    """A changed keyword: its name, the effect on the allowed values, and a sentence."""

    keyword: str
    effect: Effect
    sentence: str


Keywords = Mapping[str, Any]


def compare_keywords(old: Keywords, new: Keywords) -> Iterator[KeywordChange]:
    """Yield the changes of all keywords that have no subschemas, texts excepted."""
    for keyword in {**old, **new}:
        before, after = old.get(keyword, _NOTHING), new.get(keyword, _NOTHING)
        if before == after or is_text(keyword) or keyword in _COMPARED_ELSEWHERE:
            continue
        compare = _COMPARISONS.get(keyword, _compare_other)
        yield from compare(keyword, before, after)
    yield from _compare_value_names(old, new)


def _compare_other(keyword: str, before: Any, after: Any) -> Iterator[KeywordChange]:
    """Compare a keyword of which nothing is known but that it restricts the value."""
    if before is _NOTHING:
        yield KeywordChange(keyword, Effect.NARROWED, f"{keyword} {_show(after)} is added")
    elif after is _NOTHING:
        yield KeywordChange(keyword, Effect.WIDENED, f"{keyword} {_show(before)} is removed")
    else:
        sentence = f"{keyword} changes from {_show(before)} to {_show(after)}"
        yield KeywordChange(keyword, Effect.REPLACED, sentence)


def _compare_width(keyword: str, before: Any, after: Any) -> Iterator[KeywordChange]:
    """Compare types or formats, some of which include others."""
    for change in _compare_other(keyword, before, after):
        if (before, after) in _WIDENINGS:
            yield change._replace(effect=Effect.WIDENED)
        elif (after, before) in _WIDENINGS:
            yield change._replace(effect=Effect.NARROWED)
        else:
            yield change


def _compare_bound(is_upper: bool) -> Callable[[str, Any, Any], Iterator[KeywordChange]]:
    def compare(keyword: str, before: Any, after: Any) -> Iterator[KeywordChange]:
        for change in _compare_other(keyword, before, after):
            if isinstance(before, int | float) and isinstance(after, int | float):
                effect = Effect.WIDENED if (after > before) is is_upper else Effect.NARROWED
                yield change._replace(effect=effect)
            else:
                yield change

    return compare


def _compare_flag(
    if_true: Effect, if_false: Effect
) -> Callable[[str, Any, Any], Iterator[KeywordChange]]:
    """Return a comparison of a keyword that is false if it is absent."""

    def compare(keyword: str, before: Any, after: Any) -> Iterator[KeywordChange]:
        was, is_ = before is True, after is True
        if was != is_:
            sentence = f"{keyword} becomes {'true' if is_ else 'false'}"
            yield KeywordChange(keyword, if_true if is_ else if_false, sentence)

    return compare


def _compare_enum(keyword: str, before: Any, after: Any) -> Iterator[KeywordChange]:
    if before is _NOTHING or after is _NOTHING:
        yield from _compare_other(keyword, before, after)
        return
    if removed := [each for each in before if each not in after]:
        sentence = f"{_show_values(removed)} removed from the values"
        yield KeywordChange(keyword, Effect.NARROWED, sentence)
    if added := [each for each in after if each not in before]:
        yield KeywordChange(keyword, Effect.WIDENED, f"{_show_values(added)} added to the values")


def _compare_open_values(keyword: str, before: Any, after: Any) -> Iterator[KeywordChange]:
    """Compare the known values of a list that may grow: an added one breaks nobody."""
    for change in _compare_enum(keyword, before, after):
        widens = change.effect is Effect.WIDENED
        yield change._replace(effect=Effect.ADDED) if widens else change


def _compare_default(keyword: str, before: Any, after: Any) -> Iterator[KeywordChange]:
    for change in _compare_other(keyword, before, after):
        # Without a default, the contract said nothing of what happens.
        yield change._replace(effect=Effect.ADDED if before is _NOTHING else Effect.DEFAULT)


def _compare_value_names(old: Keywords, new: Keywords) -> Iterator[KeywordChange]:
    """Compare the names that generated source has for the values of both enums."""
    before, after = (
        dict(zip(each.get("enum", ()), each.get(NAME_EXTENSION, ()), strict=False))
        for each in (old, new)
    )
    if after and not before:
        yield KeywordChange(NAME_EXTENSION, Effect.ADDED, "the values have names for generators")
    for value, name in before.items():
        if value not in after and value in new.get("enum", ()):
            sentence = f"generated clients name {value} as they like, formerly {name}"
            yield KeywordChange(NAME_EXTENSION, Effect.REMOVED, sentence)
        elif after.get(value, name) != name:
            sentence = f"generated clients call {value} {after[value]}, formerly {name}"
            yield KeywordChange(NAME_EXTENSION, Effect.REMOVED, sentence)


def _show(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _show_values(values: list[Any]) -> str:
    named = ", ".join(map(_show, values))
    return f"{named} {'is' if len(values) == 1 else 'are'}"


_UPPER, _LOWER = _compare_bound(is_upper=True), _compare_bound(is_upper=False)
_COMPARISONS: Mapping[str, Callable[[str, Any, Any], Iterator[KeywordChange]]] = {
    **dict.fromkeys(("type", "format"), _compare_width),
    "nullable": _compare_flag(Effect.WIDENED, Effect.NARROWED),
    "uniqueItems": _compare_flag(Effect.NARROWED, Effect.WIDENED),
    "exclusiveMinimum": _compare_flag(Effect.NARROWED, Effect.WIDENED),
    "exclusiveMaximum": _compare_flag(Effect.NARROWED, Effect.WIDENED),
    "readOnly": _compare_flag(Effect.REPLACED, Effect.REPLACED),
    "writeOnly": _compare_flag(Effect.REPLACED, Effect.REPLACED),
    "deprecated": _compare_flag(Effect.ADDED, Effect.ADDED),
    "enum": _compare_enum,
    "x-extensible-enum": _compare_open_values,
    "default": _compare_default,
    **dict.fromkeys(("maximum", "maxLength", "maxItems", "maxProperties"), _UPPER),
    **dict.fromkeys(("minimum", "minLength", "minItems", "minProperties"), _LOWER),
}
