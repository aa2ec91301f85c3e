"""Names that have to differ."""

from __future__ import annotations


def make_unique(wanted: str, taken: set[str]) -> str:
    """Return the wanted name, with a number when it is taken; it is taken from now on."""
    name, count = wanted, 1
    while name in taken:
        count += 1
        name = f"{wanted}_{count}"
    taken.add(name)
    return name
