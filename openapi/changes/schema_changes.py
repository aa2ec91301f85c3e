"""Changes of schemas, compared as they apply: with references and `allOf` resolved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from openapi.changes.change import Effect
from openapi.changes.keyword_changes import compare_keywords
from openapi.changes.schema_merging import Located, MergedSchema, merge_schema
from openapi.pointer import child_pointer, split_pointer

CLOSED: Mapping[str, Any] = {"not": {}}
"""Schema of `additionalProperties: false`."""


class SchemaChange(NamedTuple):
    """A change of a schema: its pointer, the effect on the allowed values, and a sentence."""

    pointer: str
    effect: Effect
    sentence: str


class SchemaComparison:
    """Compares schemas of two documents."""

    def __init__(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        """Compare a schema of `old` with the same schema of `new`."""
        self._old = old
        self._new = new
        self._open: set[tuple[str, ...]] = set()

    def compare(
        self, old: Located | list[Located], new: Located | list[Located]
    ) -> Iterator[SchemaChange]:
        """Yield what changed between two schemas, or between two lists of schemas that all hold."""
        before = merge_schema(self._old, *_as_list(old))
        after = merge_schema(self._new, *_as_list(new))
        pair = (before.pointer, after.pointer)
        if pair in self._open:  # a schema that contains itself
            return
        self._open.add(pair)
        for change in compare_keywords(before.keywords, after.keywords):
            pointer = child_pointer(after.pointer, change.keyword)
            yield SchemaChange(pointer, change.effect, change.sentence)
        yield from self._compare_properties(before, after)
        yield from self._compare_additional(before, after)
        yield from self._compare_items(before, after)
        yield from self._compare_branches(before, after)
        self._open.discard(pair)

    def _compare_properties(
        self, before: MergedSchema, after: MergedSchema
    ) -> Iterator[SchemaChange]:
        was_required = {*before.keywords.get("required", ())}
        is_required = {*after.keywords.get("required", ())}
        for name, parts in before.properties.items():
            if name not in after.properties:
                effect = Effect.REMOVED
                yield SchemaChange(parts[0].pointer, effect, f"the field {name} is removed")
                was_required.discard(name)
                is_required.discard(name)
                continue
            yield from self.compare(parts, after.properties[name])
        for name, parts in after.properties.items():
            if name in before.properties:
                continue
            if name in is_required - was_required:
                is_required.discard(name)
                effect, sentence = Effect.NARROWED, f"the required field {name} is added"
            else:
                closed = before.additional is not None and before.additional.value == CLOSED
                effect = Effect.WIDENED if closed else Effect.ADDED
                sentence = f"the optional field {name} is added"
            yield SchemaChange(parts[0].pointer, effect, sentence)
        yield from _compare_required(after.pointer, was_required, is_required)

    def _compare_additional(
        self, before: MergedSchema, after: MergedSchema
    ) -> Iterator[SchemaChange]:
        pointer = child_pointer(after.pointer, "additionalProperties")
        old = before.additional or Located(pointer, {})
        new = after.additional or Located(pointer, {})
        if old.value == new.value == {}:
            return
        if (old.value == CLOSED) == (new.value == CLOSED):
            yield from self.compare(old, new)
        elif new.value == CLOSED:
            yield SchemaChange(pointer, Effect.NARROWED, "other fields are not allowed any more")
        else:
            yield SchemaChange(pointer, Effect.WIDENED, "other fields are allowed")

    def _compare_items(self, before: MergedSchema, after: MergedSchema) -> Iterator[SchemaChange]:
        if before.items or after.items:
            pointer = child_pointer(after.pointer, "items")
            old, new = before.items or Located(pointer, {}), after.items or Located(pointer, {})
            yield from self.compare(old, new)

    def _compare_branches(
        self, before: MergedSchema, after: MergedSchema
    ) -> Iterator[SchemaChange]:
        old = {_branch_name(index, each): each for index, each in enumerate(before.branches)}
        new = {_branch_name(index, each): each for index, each in enumerate(after.branches)}
        if not before.branches or not after.branches:
            if new:
                sentence = "the value has to match one of several schemas"
                yield SchemaChange(after.pointer, Effect.NARROWED, sentence)
            if old:
                sentence = "the value need not match one of several schemas any more"
                yield SchemaChange(after.pointer, Effect.WIDENED, sentence)
            return
        for name in {**old, **new}:
            if name not in new:
                sentence = f"the alternative {name} is removed"
                yield SchemaChange(old[name].pointer, Effect.NARROWED, sentence)
            elif name not in old:
                sentence = f"the alternative {name} is added"
                yield SchemaChange(new[name].pointer, Effect.WIDENED, sentence)
            else:
                yield from self.compare(old[name], new[name])
        yield from _compare_discriminators(before, after)


def _compare_required(pointer: str, was: set[str], is_: set[str]) -> Iterator[SchemaChange]:
    place = child_pointer(pointer, "required")
    for name in sorted(is_ - was):
        yield SchemaChange(place, Effect.NARROWED, f"the field {name} becomes required")
    for name in sorted(was - is_):
        yield SchemaChange(place, Effect.WIDENED, f"the field {name} becomes optional")


def _compare_discriminators(before: MergedSchema, after: MergedSchema) -> Iterator[SchemaChange]:
    pointer = child_pointer(after.pointer, "discriminator")
    old, new = (each.keywords.get("discriminator", {}) for each in (before, after))
    if old.get("propertyName") != new.get("propertyName"):
        sentence = "the field that selects the alternative changes"
        yield SchemaChange(pointer, Effect.REPLACED, sentence)
    was, is_ = old.get("mapping", {}), new.get("mapping", {})
    for value in {**was, **is_}:
        if value not in is_:
            yield SchemaChange(pointer, Effect.NARROWED, f"the value {value} is removed")
        elif value not in was:
            yield SchemaChange(pointer, Effect.WIDENED, f"the value {value} is added")
        elif was[value] != is_[value]:
            sentence = f"the value {value} selects another alternative"
            yield SchemaChange(pointer, Effect.REPLACED, sentence)


def _branch_name(index: int, branch: Located) -> str:
    reference = branch.value.get("$ref")
    return split_pointer(reference)[-1] if isinstance(reference, str) else f"number {index + 1}"


def _as_list(parts: Located | list[Located]) -> list[Located]:
    return parts if isinstance(parts, list) else [parts]
