"""The report of a comparison: changes in plain sentences, grouped by the readers they break."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from openapi.changes.change import BOTH, CLIENT, SERVER, Change, Level

MAX_NAMED = 6
"""Maximum number of operations that are named for one change."""
MAX_PLACES = 3
"""Maximum number of places that are listed for one change, and of pointers."""
MAX_TEXTS = 20
"""Maximum number of changed texts that are listed."""
_GROUPS: Sequence[tuple[str, Callable[[Change], bool]]] = (
    ("Breaks clients and servers", lambda change: change.breaks == BOTH),
    ("Breaks clients", lambda change: change.breaks == CLIENT),
    ("Breaks servers", lambda change: change.breaks == SERVER),
    ("Breaks nobody", lambda change: change.level is Level.MINOR),
)


def render_report(changes: Sequence[Change]) -> Iterator[str]:
    """Yield the lines of the report."""
    for heading, belongs in _GROUPS:
        if found := [change for change in changes if belongs(change)]:
            yield from ("", f"{heading} ({_count(found)}):")
            yield from _render_changes(found)
    if texts := [change for change in changes if change.is_text]:
        yield from ("", f"Texts ({len(texts)}):")
        for change in texts[:MAX_TEXTS]:
            yield f"  {change.pointer}: {change.sentence}"
        if len(texts) > MAX_TEXTS:
            yield f"  and {len(texts) - MAX_TEXTS} more"


def count_changes(changes: Sequence[Change]) -> str:
    """Return a sentence with the number of changes of each kind."""
    if not changes:
        return "Nothing has changed."
    clients, servers = (
        _count(change for change in changes if reader in change.breaks)
        for reader in ("client", "server")
    )
    additions = _count(change for change in changes if change.level is Level.MINOR)
    texts = _count(change for change in changes if change.is_text)
    return (
        f"Changes that break clients: {clients}, servers: {servers}, nobody: {additions}; "
        f"changed texts: {texts}."
    )


def _count(changes: Iterable[Change]) -> int:
    """Return the number of changes; one that shows in several responses counts once."""
    return len({(change.pointer, change.sentence) for change in changes})


def _render_changes(changes: Iterable[Change]) -> Iterator[str]:
    """Yield lines for each change; one that is made or shows in several places is listed once."""
    shown: dict[tuple[str, str], list[Change]] = defaultdict(list)
    for change in changes:
        shown[change.sentence, change.pointer].append(change)
    same: dict[tuple[str, tuple[str, ...]], list[Change]] = defaultdict(list)
    for (sentence, _), found in shown.items():
        places = (*dict.fromkeys(change.place for change in found if change.place),)
        same[sentence, places].extend(found)
    for (sentence, places), found in same.items():
        operations = dict.fromkeys(name for change in found for name in change.operations)
        parts = _join([*operations], MAX_NAMED), _join(places, MAX_PLACES)
        where = ", ".join(part for part in parts if part)
        yield f"  {where}: {sentence}" if where else f"  {sentence[:1].upper()}{sentence[1:]}"
        pointers = [*dict.fromkeys(change.pointer for change in found)]
        for pointer in pointers[:MAX_PLACES]:
            yield f"    {pointer}"
        if len(pointers) > MAX_PLACES:
            yield f"    and {len(pointers) - MAX_PLACES} more places"


def _join(names: Sequence[str], most: int) -> str:
    named = ", ".join(names[:most])
    return f"{named} and {len(names) - most} more" if len(names) > most else named
