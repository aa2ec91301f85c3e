"""Where an answer disagrees with what was made: with the shadow of the run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from requests import PreparedRequest

from contract_tests.contract.api_entry import Kind as RecordKind
from contract_tests.results.response_findings import Fault
from contract_tests.results.violation_kinds import Kind
from contract_tests.workflows.filters import Fit, fits, is_complete, total_of
from contract_tests.workflows.model import Expectation, Shadow, Thing
from contract_tests.workflows.record_changes import COUNTS, NOTHING, Told, key_of
from contract_tests.workflows.recorded_call import Seen

ALIASES = {"type": "contentType", "value": "contentValue"}
"""The other spelling of contents, which answers may have (N1)."""
LONGEST = 300
"""Characters of a value that are shown."""


class Disagreement(NamedTuple):
    """What is wrong with an answer, and the requests that the expectation comes from."""

    fault: Fault
    before: tuple[PreparedRequest, ...] = ()


def disagreements(shadow: Shadow, seen: Seen) -> list[Disagreement] | None:
    """What an answer says against what was made; None when it speaks of nothing of that."""
    named = shadow.things.get(seen.named) if seen.named else None
    if named and (found := _by_status(seen, named)):
        return [found]
    told = [(each, shadow.expects(seen, each)) for each in seen.told()]
    speaks = [(each, expected) for each, expected in told if expected]
    is_list = bool(seen.entry.lists) and seen.succeeded and seen.is_valid
    if not (named or speaks or (is_list and shadow.things)):
        return None
    wrong = [one for each, expected in speaks for one in _by_told(shadow, seen, each, expected)]
    return [*wrong, *_by_rows(shadow, seen)] if is_list else wrong


def _by_status(seen: Seen, named: Thing) -> Disagreement | None:
    if named.is_gone and seen.succeeded:
        return _of(Kind.STILL_THERE, named, str(seen.status))
    if not named.is_gone and seen.status == 404 and seen.is_valid:
        return _of(Kind.NOT_FOUND, named, "404")
    return None


def _by_told(
    shadow: Shadow, seen: Seen, told: Told, expected: Expectation
) -> Iterator[Disagreement]:
    thing = shadow.things.get(told.key)
    is_made = bool(seen.entry.creates) and seen.written == told.key
    if thing and is_made and not thing.is_gone:
        yield Disagreement(Fault(Kind.ID_TWICE, actual=str(thing), after=thing.writer), thing.by)
    elif thing and thing.is_gone and not is_made:
        yield _of(Kind.STILL_LISTED, thing)
    else:
        is_own = seen.written == told.key or thing is None
        writer = seen.name if is_own or thing is None else thing.writer
        yield from _differences(told, expected, writer, thing.by if thing else ())


def _differences(
    told: Told, expected: Expectation, writer: str, by: tuple[PreparedRequest, ...]
) -> Iterator[Disagreement]:
    wrong = [
        name
        for name, value in expected.fields.items()
        if (name in told.fields or name in expected.needed)
        and _plain(name, told.fields.get(name)) != _plain(name, value)
    ]
    status = told.fields.get("status")
    wanted = {name: expected.fields[name] for name in wrong}
    got = {name: told.fields[name] for name in wrong if name in told.fields}
    if expected.status and status is not None and status not in expected.status:
        wanted["status"], got["status"] = " or ".join(sorted(expected.status)), status
    if wanted:
        kind = Kind.MISCOUNTED if COUNTS.issuperset(wanted) else Kind.DIFFERS
        what, number = told.key
        fields = f"{what} {number} with {_shown(wanted)}"
        yield Disagreement(Fault(kind, fields, _shown(got), after=writer), by)


def _by_rows(shadow: Shadow, seen: Seen) -> Iterator[Disagreement]:
    """What a list has to hold, and must not; what of it is ours."""
    told = seen.told()
    listed = {each.key for each in told}
    every = is_complete(seen.name, seen.query, seen.said, documented=shadow.documented)
    grouped, listed_kind = seen.entry.grouped, seen.entry.lists
    rows = grouped.kind if grouped else listed_kind
    kinds: set[RecordKind] = {kind for kind in (rows, listed_kind) if kind}
    passing = 0
    for thing in shadow.living(*kinds):
        fit = _fit(shadow, seen, thing)
        passing += fit is True and thing.key[0] == rows
        if fit is True and every and thing.key not in listed:
            yield _of(Kind.NOT_LISTED, thing)
        elif fit is False and thing.key in listed:
            yield _of(Kind.NOT_FILTERED, thing)
    total = total_of(seen.said)
    if total is not None and total < passing:
        yield Disagreement(Fault(Kind.TOTAL_TOO_SMALL, str(passing), str(total)))


def _of(kind: Kind, thing: Thing, actual: str = "") -> Disagreement:
    return Disagreement(Fault(kind, str(thing), actual, after=thing.writer), thing.by)


def _fit(shadow: Shadow, seen: Seen, thing: Thing) -> Fit:
    if seen.entry.within and thing.within != seen.named:
        return False
    number = thing.key[1]
    asked = str(seen.query.get("planId"))
    plan = shadow.things.get(key_of("plan", asked) or NOTHING)
    plans = {asked: number in plan.scenes} if plan and not plan.is_gone else {}
    fields = {**thing.fields, "id": number, "plan.sceneIds": plans}
    return fits(seen.name, thing.key[0], fields, seen.query)


def _plain(name: str, value: Any) -> Any:
    """A value as it is compared."""
    if name == "contents" and isinstance(value, list):
        return [
            {ALIASES.get(key, key): inner for key, inner in each.items()}
            if isinstance(each, dict)
            else each
            for each in value
        ]
    return value


def _shown(fields: dict[str, Any]) -> str:
    said = (f"{name} {json.dumps(value, ensure_ascii=False)}" for name, value in fields.items())
    cut = [each if len(each) <= LONGEST else f"{each[:LONGEST]} ..." for each in said]
    return ", ".join(cut) or "nothing of it"
