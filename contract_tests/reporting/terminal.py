"""The report for a terminal: a line an operation, each violation once, a verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from textwrap import indent
from typing import TextIO

from contract_tests.violations import Violation

NAME_WIDTH = 31
LEGEND = "TOKEN is an access token, CLIENT is client_id:client_secret."


class Report:
    """Writes to a stream as the run goes on; keeps the sums for the verdict."""

    def __init__(self, out: TextIO) -> None:
        """Write to `out`."""
        self._out = out
        self._answers = 0
        self._seconds = 0.0

    def begin(self, url: str, operations: int, seed: int, examples: int) -> None:
        """Say what is going to be checked, and what it takes to do it again."""
        amount = f"{_count(operations, 'operation')}, {_count(examples, 'fuzzed request')} each"
        self._say(f"Checking {url}: {amount}, seed {seed}")

    def done(self, name: str, statuses: Counter[int], seconds: float, *, violated: bool) -> None:
        """Say what an operation, or the chains of them, answered."""
        self._answers += statuses.total()
        self._seconds += seconds
        shown = " ".join(f"{status}x{statuses[status]}" for status in sorted(statuses))
        mark = "FAIL" if violated else "ok"
        self._say(
            f"{mark:4} {name:{NAME_WIDTH}} {statuses.total():5} answers {seconds:5.1f} s  {shown}"
        )

    def end(self, violations: Collection[Violation], notes: Iterable[str], *, ended: bool) -> None:
        """Say each violation, the notes, and whether the contract holds, unless it ended early."""
        for number, violation in enumerate(violations, 1):
            self._say(f"\n{number}. {_block(violation)}")
        if any(sign in each.curl for each in violations for sign in ("$TOKEN", "$CLIENT")):
            self._say(f"\n{LEGEND}")
        self._say("")
        for note in notes:
            self._say(note)
        seen = f"{self._answers} answers in {self._seconds:.0f} s"
        if violations:
            names = ", ".join(dict.fromkeys(each.operation for each in violations))
            count = _count(len(violations), "violation")
            self._say(f"THE CONTRACT DOES NOT HOLD: {count} in {names} ({seen})")
        elif ended:
            self._say(f"NOT CHECKED TO THE END ({seen})")
        else:
            self._say(f"THE CONTRACT HOLDS ({seen})")

    def _say(self, text: str) -> None:
        # What was generated may hold what the terminal's encoding does not.
        encoding = self._out.encoding or "utf-8"
        self._out.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
        self._out.flush()


def _block(violation: Violation) -> str:
    lines = [violation.text] if violation.text else []
    if violation.answer:
        lines.append(f"Answer: {violation.answer}")
    if violation.times > 1:
        lines.append(f"In {violation.times} answers; the smallest request of these:")
    lines += [*violation.before, violation.curl]
    body = indent("\n".join(filter(None, lines)), "   ")
    return f"{violation.operation}: {violation.title}\n{body}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
