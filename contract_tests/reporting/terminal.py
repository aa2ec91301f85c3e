"""The report for a terminal: a line an operation, each violation once, a verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from textwrap import indent, wrap
from typing import TextIO

from contract_tests.reporting.coverage import Kind, coverage, sums
from contract_tests.reporting.sanitizing import cut, presentable, printable
from contract_tests.reporting.verdict import SENTENCES, by_reason, counts, verdict_of
from contract_tests.reporting.violation_messages import (
    answer_of,
    commands_of,
    got,
    heading_of,
    remainder,
    text_of,
)
from contract_tests.results.record import Record
from contract_tests.results.scope import Share, share_of
from contract_tests.results.violation_groups import Cause, cause_of, causes_of
from contract_tests.results.violations import Violation

NAME_WIDTH = 31
LEGEND = "TOKEN is an access token, CLIENT is client_id:client_secret."
IN_FULL = 20
"""Violations that are shown with their request; those after them by what was got."""
BRIEF = 110
"""Characters of that."""
SHOWN = 10
"""Links, rules or remains that a line or a list of the verdict names."""
REMAINS = 50
"""Things left on the target that are named, each with its reason."""
WIDTH = 96
"""Characters of a line of names, beside their indentation."""
SETTLED = ("held", "violated", "broken", "not checked")
"""Outcomes that need no reason: a violation gives it, or the end of the run."""
INDENT = "   "
LONGEST = 4_000
"""Characters of a command that are shown; a longer one is in the reports."""


class Report:
    """Writes to a stream as the run goes on, and the verdict at its end."""

    def __init__(self, out: TextIO, *, is_told: bool = False) -> None:
        """Write to `out`; `is_told` when violations were shown before, and are only named."""
        self._out = out
        self._is_told = is_told

    def begin(self, url: str, share: Share, seed: int, examples: int) -> None:
        """Say what is going to be checked, and what it takes to do it again."""
        fuzzed = f"{_count(examples, 'fuzzed request')} each"
        self._say(f"Checking {url}: {share}, {fuzzed}, seed {seed}")

    def done(self, name: str, statuses: Counter[int], seconds: float, *, violated: bool) -> None:
        """Say what an operation, or the chains of them, answered."""
        shown = " ".join(f"{status}x{statuses[status]}" for status in sorted(statuses))
        mark = "FAIL" if violated else "ok"
        self._say(
            f"{mark:4} {name:{NAME_WIDTH}} {statuses.total():5} answers {seconds:5.1f} s  {shown}"
        )

    def conclude(self, record: Record, written: Sequence[Path] = ()) -> None:
        """Say each violation, what came of operations, rules and links, the files, the verdict."""
        *lines, verdict = summary(presentable(record, LONGEST), is_told=self._is_told)
        if written:
            first, *others = written
            lines.append(f"Reports: {', '.join([str(first), *(each.name for each in others)])}")
        self._say("\n".join([*lines, verdict]))

    def note(self, text: str) -> None:
        """Print a line that does not change the verdict."""
        self._say(f"Note: {text}")

    def _say(self, text: str) -> None:
        # What was generated may hold what the terminal's encoding does not.
        encoding = self._out.encoding or "utf-8"
        shown = printable(text).encode(encoding, "backslashreplace").decode(encoding)
        self._out.write(shown + "\n")
        self._out.flush()


def told(violation: Violation) -> str:
    """A violation, with its request."""
    return printable(_block(cause_of(presentable(violation, LONGEST))))


def summary(record: Record, *, is_told: bool = False) -> Iterator[str]:
    """The end of the report, line by line; the verdict is the last one."""
    causes = causes_of(record.violations)
    for number, cause in enumerate(causes, 1):
        # What no test has shown is the run's as a whole, and has no request.
        is_full = number <= IN_FULL and not (is_told and cause.example.request)
        block = _block if is_full else _named if is_told else _brief
        yield f"\n{number}. {block(cause)}"
    shown = [cause.example.request for cause in causes[:IN_FULL]]
    if any(sign in each for each in shown for sign in ("$TOKEN", "$CLIENT")):
        yield f"\n{LEGEND}"
    yield ""
    yield from _outcomes(record)
    yield from _left_out(record)
    yield from _links(record)
    yield from _coverage(record)
    yield from _undeclared(record)
    yield from _remains(record)
    yield _verdict(record)


def _outcomes(record: Record) -> Iterator[str]:
    for name, found in counts(record).items():
        if found:
            total = sum(found.values())
            shown = ", ".join(f"{number} {outcome}" for outcome, number in found.items())
            yield f"{name.capitalize():10} {total:3}: {shown}"
    unclear: list[tuple[str, str, str]] = [
        (each.name, each.outcome, each.reason) for each in record.operations
    ]
    unclear += [(each.rule, each.outcome, each.reason) for each in record.rules]
    settled = ("held", "violated", "broken", "not checked")
    for (outcome, reason), names in by_reason(one for one in unclear if one[1] not in settled):
        yield f"  {outcome}: {_some(names)} ({reason or 'no reason given'})"


def _left_out(record: Record) -> Iterator[str]:
    """Yield what was selected by name and not tried; the verdict's share covers the rest."""
    left = record.left_out if record.only else {}
    for (outcome, reason), names in by_reason((n, "left out", why) for n, why in left.items()):
        yield f"  {outcome}: {_some(names)} ({reason})"


def _links(record: Record) -> Iterator[str]:
    if not record.links:
        return
    missed = [link for link, times in record.links.items() if not times]
    yield f"Links followed: {len(record.links) - len(missed)} of {len(record.links)}"
    unexcused = [f"  not {link}" for link in missed if link not in record.excused]
    if record.shard[1] > 1:
        return  # another shard's
    yield from unexcused[:SHOWN]
    if len(unexcused) > SHOWN:
        yield f"  and {len(unexcused) - SHOWN} more not"


def _coverage(record: Record) -> Iterator[str]:
    found = sums(coverage(record))
    words = {
        "status": "statuses",
        "parameter": "parameters",
        "crossing": "parameter x status pairs",
    }
    named: list[tuple[Kind, str]] = [(kind, words[kind]) for kind in found if kind in words]
    if named:
        each = [f"{found[k]['reached']:,} of {found[k]['all']:,} {word}" for k, word in named]
        yield f"Reached: {', '.join(each)}"


def _undeclared(record: Record) -> Iterator[str]:
    found = [f"{one.name} {place}" for one in record.operations for place in one.undeclared]
    if found:
        yield f"Not in the contract: {_count(len(found), 'field')} of answers: {_some(found)}"


def _remains(record: Record) -> Iterator[str]:
    if record.excused:
        reasons = len(set(record.excused.values()))
        what = f"{_count(len(record.excused), 'status or link', 'statuses and links')} not reached"
        yield f"Excused: {what}, by {_count(reasons, 'reason')}"
    if record.known:
        first = min(known.expires for known in record.known)
        count = _count(len(record.known), "known deviation")
        yield f"Baseline: {count}, the first expires on {first}"
    if record.left:
        kinds = [remainder(one) for one in record.left if one.kind]
        each = [remainder(one) for one in record.left if not one.kind]
        many = _count(len(each), "thing") + " that could not be taken back" if each else ""
        yield f"Left on the target: {', '.join(filter(None, [*kinds, many]))}"
        yield from (f"  {one}" for one in each[:REMAINS])
        if len(each) > REMAINS:
            yield f"  and {len(each) - REMAINS} more, in report.json"


def _verdict(record: Record) -> str:
    verdict = verdict_of(record)
    words = SENTENCES[verdict].upper()
    if verdict == "does not hold":
        names = dict.fromkeys(each.operation for each in record.violations)
        count = _count(len(causes_of(record.violations)), "violation")
        words += f": {count} in {_some([*names])}"
    if record.shard[1] > 1:
        words += f" [shard {record.shard[0]} of {record.shard[1]}]"
    if record.strictness != "curated":
        words += f" [{record.strictness} strictness]"
    requests = _count(sum(record.sent.values()), "request")
    ended = f"; {record.ended}" if record.ended else ""
    return f"{words} ({share_of(record)}; {requests} in {record.seconds:.0f} s{ended})"


def _block(cause: Cause) -> str:
    example = cause.example
    text, answer = text_of(example), answer_of(example.response)
    lines = [cut(text)] if text else []
    if answer:
        lines.append(f"Answer: {cut(answer)}")
    if cause.times > 1 and example.request:
        lines.append(f"In {cause.times} answers; the smallest request of these:")
    lines += commands_of(example)
    return "\n".join([_named(cause), *(indent(each, INDENT) for each in lines)])


def _brief(cause: Cause) -> str:
    """Its heading and what was got: enough to know it again, and one line more."""
    shown = got(cause.example)
    shown = shown if len(shown) <= BRIEF else f"{shown[:BRIEF]} …"
    return f"\n{INDENT}".join(filter(None, [_named(cause), shown]))


def _named(cause: Cause) -> str:
    """Its heading, and below it the names of the operations and rules if there are several."""
    names = (*cause.operations, *cause.rules)
    if len(names) == 1:
        return heading_of(cause)
    lines = wrap(", ".join(names), WIDTH, break_long_words=False, break_on_hyphens=False)
    return "\n".join([heading_of(cause), *(f"{INDENT}{line}" for line in lines)])


def _some(names: Collection[str]) -> str:
    every = list(names)
    more = f" and {len(every) - SHOWN} more" if len(every) > SHOWN else ""
    return ", ".join(every[:SHOWN]) + more


def _count(number: int, noun: str, plural: str = "") -> str:
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
