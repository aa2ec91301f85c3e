"""Changes of what is sent: parameters and body of a request, statuses and bodies of responses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from openapi.changes.change import BOTH, Direction, Effect, Reader, broken_readers
from openapi.changes.schema_changes import SchemaComparison
from openapi.changes.schema_merging import Located, follow_reference
from openapi.changes.texts import is_text

Parameters = Mapping[tuple[str, str], Located]
_PARAMETER_FLAGS = {
    "required": (Effect.NARROWED, "it becomes required", "it becomes optional"),
    "allowEmptyValue": (Effect.WIDENED, "it may be empty", "it must not be empty any more"),
    "deprecated": (Effect.ADDED, "it is deprecated", "it is not deprecated any more"),
}


class PartChange(NamedTuple):
    """A change of a part of an operation: pointer, sentence, broken readers, and the part."""

    pointer: str
    sentence: str
    breaks: frozenset[Reader]
    place: str


class PayloadComparison:
    """Compares parameters, bodies and responses of an operation in two documents."""

    def __init__(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        """Compare a part of `old` with the same part of `new`."""
        self._old = old
        self._new = new
        self._schemas = SchemaComparison(old, new)

    def compare(
        self,
        old: Located,
        new: Located,
        old_parameters: Parameters,
        new_parameters: Parameters,
        renamed: Mapping[str, str],
    ) -> Iterator[PartChange]:
        """Yield the changes; `renamed` has the new name of each variable of the path."""
        matched = {
            key: ("path", renamed.get(key[1], key[1])) if key[0] == "path" else key
            for key in old_parameters
        }
        yield from self._compare_parameters(old_parameters, new_parameters, matched)
        yield from self._compare_request_bodies(old, new)
        yield from self._compare_responses(old, new)

    def _compare_parameters(
        self, old: Parameters, new: Parameters, matched: Mapping[tuple[str, str], tuple[str, str]]
    ) -> Iterator[PartChange]:
        for key, before in old.items():
            place = f"parameter {key[1]} in {key[0]}"
            after = new.get(matched[key])
            if after is None:
                yield _change(before, "request", Effect.REMOVED, "it is removed", place)
                continue
            if matched[key] != key:
                sentence = f"it is called {matched[key][1]}: generated clients rename the argument"
                yield _change(after, "request", Effect.REMOVED, sentence, place)
            yield from self._compare_parameter(before, after, place)
        for key, after in new.items():
            if key not in matched.values():
                required = after.value.get("required") is True
                effect = Effect.NARROWED if required else Effect.ADDED
                sentence = f"it is added and {'required' if required else 'optional'}"
                place = f"parameter {key[1]} in {key[0]}"
                yield _change(after, "request", effect, sentence, place)

    def _compare_parameter(
        self, before: Located, after: Located, place: str, direction: Direction = "request"
    ) -> Iterator[PartChange]:
        for keyword in {**before.value, **after.value}:
            was, is_ = (
                each.value.get(keyword, _default_of(keyword, each.value))
                for each in (before, after)
            )
            if was == is_ or is_text(keyword) or keyword in ("name", "schema"):
                continue
            if keyword in _PARAMETER_FLAGS:
                effect, if_true, if_false = _PARAMETER_FLAGS[keyword]
                if bool(was) != bool(is_):
                    found = effect if is_ else _OPPOSITE[effect]
                    yield _change(after, direction, found, if_true if is_ else if_false, place)
            else:
                sentence = f"{keyword} changes from {was} to {is_}"
                yield _change(after, direction, Effect.REPLACED, sentence, place)
        yield from self._compare_schema(before, after, direction, place)

    def _compare_request_bodies(self, old: Located, new: Located) -> Iterator[PartChange]:
        before = follow_reference(self._old, old.child("requestBody"))
        after = follow_reference(self._new, new.child("requestBody"))
        place = "request body"
        required = after.value.get("required") is True
        if not before.value or not after.value:
            if after.value:
                effect = Effect.NARROWED if required else Effect.ADDED
                yield _change(after, "request", effect, "a body is added", place)
            elif before.value:
                yield _change(before, "request", Effect.REMOVED, "the body is removed", place)
            return
        if (before.value.get("required") is True) != required:
            effect = Effect.NARROWED if required else Effect.WIDENED
            sentence = f"the body becomes {'required' if required else 'optional'}"
            yield _change(after, "request", effect, sentence, place)
        yield from self._compare_content(before, after, "request", place)

    def _compare_responses(self, old: Located, new: Located) -> Iterator[PartChange]:
        before, after = old.child("responses"), new.child("responses")
        for status in {**before.value, **after.value}:
            place = f"response {status}"
            if status not in after.value:
                sentence = "the status is removed"
                where = before.child(status)
                yield _change(where, "response", Effect.NARROWED, sentence, place)
            elif status not in before.value:
                # A client treats an unknown status of an error like 400 or 500 (RFC 9110, 15).
                effect = Effect.WIDENED if status[0] in "123" else Effect.ADDED
                where = after.child(status)
                yield _change(where, "response", effect, "the status is added", place)
            else:
                was = follow_reference(self._old, before.child(status))
                is_ = follow_reference(self._new, after.child(status))
                yield from self._compare_headers(was, is_, place)
                yield from self._compare_content(was, is_, "response", place)
                yield from self._compare_links(was, is_, place)

    def _compare_headers(self, old: Located, new: Located, place: str) -> Iterator[PartChange]:
        before, after = old.child("headers"), new.child("headers")
        for name in {**before.value, **after.value}:
            where = f"{place}, header {name}"
            if name not in after.value:
                yield _change(
                    before.child(name), "response", Effect.REMOVED, "it is removed", where
                )
            elif name not in before.value:
                required = after.value[name].get("required") is True
                effect = Effect.NARROWED if required else Effect.ADDED
                yield _change(after.child(name), "response", effect, "it is added", where)
            else:
                was = follow_reference(self._old, before.child(name))
                is_ = follow_reference(self._new, after.child(name))
                yield from self._compare_parameter(was, is_, where, "response")

    def _compare_links(self, old: Located, new: Located, place: str) -> Iterator[PartChange]:
        before, after = old.child("links"), new.child("links")
        for name in {**before.value, **after.value}:
            where = f"{place}, link {name}"
            if name not in after.value:
                link = before.child(name)
                yield _change(link, "response", Effect.REMOVED, "it is removed", where)
            elif name not in before.value:
                yield _change(after.child(name), "response", Effect.ADDED, "it is added", where)
            elif _without_texts(before.value[name]) != _without_texts(after.value[name]):
                link = after.child(name)
                yield _change(link, "response", Effect.REPLACED, "it leads elsewhere", where)

    def _compare_content(
        self, old: Located, new: Located, direction: Direction, place: str
    ) -> Iterator[PartChange]:
        before, after = old.child("content"), new.child("content")
        for media in {**before.value, **after.value}:
            if media not in after.value:
                yield PartChange(
                    before.child(media).pointer, f"the media type {media} is removed", BOTH, place
                )
            elif media not in before.value:
                sentence = f"the media type {media} is added"
                yield _change(after.child(media), direction, Effect.WIDENED, sentence, place)
            else:
                was, is_ = before.child(media), after.child(media)
                if was.value.get("encoding") != is_.value.get("encoding"):
                    sentence = "the encoding of its fields changes"
                    yield _change(is_, direction, Effect.REPLACED, sentence, place)
                yield from self._compare_schema(was, is_, direction, place)

    def _compare_schema(
        self, before: Located, after: Located, direction: Direction, place: str
    ) -> Iterator[PartChange]:
        for each in self._schemas.compare(before.child("schema"), after.child("schema")):
            breaks = broken_readers(direction, each.effect)
            yield PartChange(each.pointer, each.sentence, breaks, place)


_OPPOSITE = {
    Effect.NARROWED: Effect.WIDENED,
    Effect.WIDENED: Effect.NARROWED,
    Effect.ADDED: Effect.ADDED,
}


def _change(
    where: Located, direction: Direction, effect: Effect, sentence: str, place: str
) -> PartChange:
    return PartChange(where.pointer, sentence, broken_readers(direction, effect), place)


def _default_of(keyword: str, parameter: Mapping[str, Any]) -> Any:
    """Return what holds if a keyword of a parameter or a header is absent (OpenAPI 3.0.3)."""
    by_place = {"query": "form", "cookie": "form"}
    style = parameter.get("style", by_place.get(parameter.get("in", "header"), "simple"))
    return {"style": style, "explode": style == "form", "allowReserved": False}.get(keyword)


def _without_texts(link: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in link.items() if not is_text(key) or key == "x-requestBody"}
