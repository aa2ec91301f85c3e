"""Generation of unique names."""

from __future__ import annotations


def make_unique(wanted: str, taken: set[str]) -> str:
    """Return the wanted name, with a number appended if it is taken, and add it to `taken`."""
    name, count = wanted, 1
    while name in taken:
        count += 1
        name = f"{wanted}_{count}"
    taken.add(name)
    return name
