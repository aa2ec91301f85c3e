"""The catalogue: every mutant by its id."""

from __future__ import annotations

from tests.mutants.catalogue import (
    answers,
    credentials,
    dates,
    figures,
    files,
    filters,
    heads,
    ids,
    leaks,
    methods,
    paging,
    refusals,
    sorting,
    states,
    texts,
    timing,
    validation,
)
from tests.mutants.mutant import FAULT_CLASSES, Mutant

MODULES = (
    answers,
    credentials,
    dates,
    figures,
    files,
    filters,
    heads,
    ids,
    leaks,
    methods,
    paging,
    refusals,
    sorting,
    states,
    texts,
    timing,
    validation,
)
MUTANTS: tuple[Mutant, ...] = tuple(one for module in MODULES for one in module.MUTANTS)
CATALOGUE: dict[str, Mutant] = {
    one.id: one for one in sorted(MUTANTS, key=lambda one: FAULT_CLASSES.index(one.kind))
}
"""Mutants by id, in the order of FAULT_CLASSES."""
