"""What a target did against the contract, each once, with the smallest request that shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

NO_ANSWER = "No answer"


@dataclass(frozen=True)
class Violation:
    """One thing that an operation does against its contract.

    operation: an operationId, or what else was under way; title: what is wrong, in a few words;
    text: what was expected and what was got; answer: its beginning; curl: a command that shows it
    again, after those of `before`; place: in the schema, where one is violated; times: how many
    answers did.
    """

    operation: str
    title: str
    text: str
    answer: str = ""
    curl: str = ""
    before: tuple[str, ...] = ()
    place: str = ""
    times: int = 1


@dataclass
class Violations:
    """The violations of a run; iterates in the order in which they were first seen."""

    _found: dict[tuple[str, str, str, str], Violation] = field(default_factory=dict)

    def add(self, violation: Violation) -> None:
        """Keep one that is new, or that a smaller request shows than before."""
        status = violation.answer.partition(" ")[0]
        key = violation.operation, violation.title, violation.place, status
        known = self._found.get(key)
        if known is None:
            self._found[key] = violation
        else:
            smaller = min(known, violation, key=_size)
            self._found[key] = replace(smaller, times=known.times + 1)

    @property
    def times(self) -> int:
        """In how many answers, all in all."""
        return sum(violation.times for violation in self._found.values())

    def __iter__(self) -> Iterator[Violation]:
        return iter(self._found.values())

    def __len__(self) -> int:
        return len(self._found)


def _size(violation: Violation) -> int:
    return sum(map(len, violation.before)) + len(violation.curl)
