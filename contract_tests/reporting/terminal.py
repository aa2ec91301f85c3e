"""The report for a terminal: a line for each operation, each violation once, the verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from textwrap import indent, wrap
from typing import TextIO

from contract_tests.reporting.coverage import CoverageKind, count_coverage, list_coverage_lines
from contract_tests.reporting.open_questions import open_question_lines
from contract_tests.reporting.sanitizing import escape_control_characters, sanitize, truncate
from contract_tests.reporting.verdict import (
    VERDICT_SENTENCES,
    count_outcomes,
    group_by_reason,
    verdict_of,
)
from contract_tests.reporting.violation_messages import (
    actual_value_line,
    cause_heading,
    leftover_text,
    message_text,
    reproducing_commands,
    response_summary,
)
from contract_tests.results.check_scope import CheckScope, checked_scope
from contract_tests.results.record import RecordedTraffic, RunRecord
from contract_tests.results.violation_groups import Cause, cause_of, group_by_cause
from contract_tests.results.violations import Violation

NAME_WIDTH = 31
CREDENTIALS_LEGEND = "TOKEN is an access token, CLIENT is client_id:client_secret."
MAX_FULL_VIOLATIONS = 20
"""Number of violations shown with their request; later ones are shown with the actual value."""
MAX_BRIEF_CHARS = 110
"""Maximum length of that line."""
MAX_LISTED_NAMES = 10
"""Maximum number of links, rules or operations named in one line or list."""
MAX_LISTED_LEFTOVERS = 50
"""Maximum number of leftovers named, each with its reason."""
NAME_LINE_WIDTH = 96
"""Width of a line of names, without its indentation."""
INDENT = "   "
MAX_TERMINAL_COMMAND_CHARS = 4_000
"""Maximum length of a command that is shown; a longer one is in the reports."""


class TerminalReport:
    """Writer of the progress of a run and of its final verdict to a stream."""

    def __init__(self, out: TextIO, *, is_told: bool = False) -> None:
        """Write to `out`; `is_told` is true if violations were shown before and are only named."""
        self._out = out
        self._is_told = is_told

    def write_start(self, url: str, scope: CheckScope, seed: int, examples: int) -> None:
        """Write the scope of the run, and the values needed to repeat it."""
        fuzzed = f"{_pluralize(examples, 'fuzzed request')} each"
        self._write_line(f"Checking {url}: {scope}, {fuzzed}, seed {seed}")

    def write_recordings(self, files: Sequence[str], entries: int) -> None:
        """Write what is read."""
        self._write_line(f"Reading {', '.join(files)}: {_pluralize(entries, 'entry', 'entries')}")

    def write_test(
        self, name: str, statuses: Counter[int], seconds: float, *, violated: bool
    ) -> None:
        """Write the responses of an operation, or of its sequences of requests."""
        shown = " ".join(f"{status}x{statuses[status]}" for status in sorted(statuses))
        mark = "FAIL" if violated else "ok"
        self._write_line(
            f"{mark:4} {name:{NAME_WIDTH}} {statuses.total():5} responses {seconds:5.1f} s  {shown}"
        )

    def write_results(self, record: RunRecord, written: Sequence[Path] = ()) -> None:
        """Write the violations, the outcomes, the paths of the reports and the verdict."""
        *lines, verdict = summary_lines(
            sanitize(record, MAX_TERMINAL_COMMAND_CHARS), is_told=self._is_told
        )
        if written:
            first, *others = written
            lines.append(f"Reports: {', '.join([str(first), *(each.name for each in others)])}")
        self._write_line("\n".join([*lines, verdict]))

    def write_note(self, text: str) -> None:
        """Print a line that does not change the verdict."""
        self._write_line(f"Note: {text}")

    def _write_line(self, text: str) -> None:
        # Generated text may contain characters that the terminal's encoding lacks.
        encoding = self._out.encoding or "utf-8"
        shown = (
            escape_control_characters(text).encode(encoding, "backslashreplace").decode(encoding)
        )
        self._out.write(shown + "\n")
        # A pipe or a log of continuous integration is block-buffered and would show nothing for
        # minutes.
        self._out.flush()


def format_violation(violation: Violation) -> str:
    """Return a violation with its request as text."""
    return escape_control_characters(
        _full_cause_text(cause_of(sanitize(violation, MAX_TERMINAL_COMMAND_CHARS)))
    )


def summary_lines(record: RunRecord, *, is_told: bool = False) -> Iterator[str]:
    """Yield the lines of the final report; the verdict is the last one."""
    causes = group_by_cause(record.violations)
    for number, cause in enumerate(causes, 1):
        # A violation of the run as a whole has no request, and no test has shown it before.
        is_full = number <= MAX_FULL_VIOLATIONS and not (is_told and cause.example.request)
        block = (
            _full_cause_text if is_full else _heading_with_names if is_told else _brief_cause_text
        )
        yield f"\n{number}. {block(cause)}"
    shown = [cause.example.request for cause in causes[:MAX_FULL_VIOLATIONS]]
    if any(sign in each for each in shown for sign in ("$TOKEN", "$CLIENT")):
        yield f"\n{CREDENTIALS_LEGEND}"
    yield ""
    yield from _recording_lines(record.recorded)
    yield from _outcome_lines(record)
    yield from _left_out_lines(record)
    yield from _link_lines(record)
    yield from _coverage_summary(record)
    yield from _undeclared_field_lines(record)
    yield from _excuse_and_leftover_lines(record)
    yield from open_question_lines(record.readings)
    yield _verdict_line(record)


def _recording_lines(recorded: RecordedTraffic) -> Iterator[str]:
    if not recorded.files:
        return
    entries = _pluralize(recorded.entries, "entry", "entries")
    yield f"Recorded: {entries}, {recorded.judged:,} judged"
    if recorded.left_out:
        yield f"  left out: {_join_counts(recorded.left_out)}"
    if recorded.unknown:
        yield f"  unknown: {_join_names([*recorded.unknown])}"
    if recorded.partial:
        yield f"  not recorded: {_join_counts(recorded.partial)}"


def _outcome_lines(record: RunRecord) -> Iterator[str]:
    for name, found in count_outcomes(record).items():
        if found:
            total = sum(found.values())
            shown = ", ".join(f"{number} {outcome}" for outcome, number in found.items())
            yield f"{name.capitalize():10} {total:3}: {shown}"
    unclear: list[tuple[str, str, str]] = [
        (each.name, each.outcome, each.reason) for each in record.operations
    ]
    unclear += [(each.rule, each.outcome, each.reason) for each in record.rules]
    settled = ("held", "violated", "broken", "not checked")
    for (outcome, reason), names in group_by_reason(
        one for one in unclear if one[1] not in settled
    ):
        yield f"  {outcome}: {_join_names(names)} ({reason or 'no reason given'})"


def _left_out_lines(record: RunRecord) -> Iterator[str]:
    """Yield items that were selected by name and not tried; the verdict covers the rest."""
    left = record.left_out if record.only else {}
    for (outcome, reason), names in group_by_reason(
        (n, "left out", why) for n, why in left.items()
    ):
        yield f"  {outcome}: {_join_names(names)} ({reason})"


def _link_lines(record: RunRecord) -> Iterator[str]:
    if not record.links:
        return
    missed = [link for link, times in record.links.items() if not times]
    yield f"Links followed: {len(record.links) - len(missed)} of {len(record.links)}"
    unexcused = [f"  not {link}" for link in missed if link not in record.excused]
    if record.shard[1] > 1:
        return  # the other shards may have followed them
    yield from unexcused[:MAX_LISTED_NAMES]
    if len(unexcused) > MAX_LISTED_NAMES:
        yield f"  and {len(unexcused) - MAX_LISTED_NAMES} more"


def _coverage_summary(record: RunRecord) -> Iterator[str]:
    found = count_coverage(list_coverage_lines(record))
    words = {
        "status": "statuses",
        "parameter": "parameters",
        "crossing": "parameter x status pairs",
    }
    named: list[tuple[CoverageKind, str]] = [(kind, words[kind]) for kind in found if kind in words]
    if named:
        each = [f"{found[k]['reached']:,} of {found[k]['all']:,} {word}" for k, word in named]
        yield f"Reached: {', '.join(each)}"


def _undeclared_field_lines(record: RunRecord) -> Iterator[str]:
    found = [f"{one.name} {place}" for one in record.operations for place in one.undeclared]
    if found:
        count = _pluralize(len(found), "field")
        yield f"Not in the contract: {count} of responses: {_join_names(found)}"


def _excuse_and_leftover_lines(record: RunRecord) -> Iterator[str]:
    if record.excused:
        reasons = len(set(record.excused.values()))
        what = (
            f"{_pluralize(len(record.excused), 'status or link', 'statuses and links')} not reached"
        )
        yield f"Excused: {what}, by {_pluralize(reasons, 'reason')}"
    if record.known:
        first = min(known.expires for known in record.known)
        count = _pluralize(len(record.known), "known violation")
        yield f"Baseline: {count}, the first expires on {first}"
    if record.left:
        kinds = [leftover_text(one) for one in record.left if one.kind]
        each = [leftover_text(one) for one in record.left if not one.kind]
        many = _pluralize(len(each), "record") + " that could not be removed" if each else ""
        yield f"Left on the target: {', '.join(filter(None, [*kinds, many]))}"
        yield from (f"  {one}" for one in each[:MAX_LISTED_LEFTOVERS])
        if len(each) > MAX_LISTED_LEFTOVERS:
            yield f"  and {len(each) - MAX_LISTED_LEFTOVERS} more, in report.json"


def _verdict_line(record: RunRecord) -> str:
    verdict = verdict_of(record)
    words = VERDICT_SENTENCES[verdict].upper()
    if verdict == "does not hold":
        names = dict.fromkeys(each.operation for each in record.violations)
        count = _pluralize(len(group_by_cause(record.violations)), "violation")
        words += f": {count} in {_join_names([*names])}"
    if record.shard[1] > 1:
        words += f" [shard {record.shard[0]} of {record.shard[1]}]"
    if record.strictness != "curated":
        words += f" [{record.strictness} strictness]"
    requests = (
        _pluralize(record.recorded.judged, "recorded exchange")
        if record.recorded.files
        else _pluralize(sum(record.sent.values()), "request")
    )
    ended = f"; {record.ended}" if record.ended else ""
    return f"{words} ({checked_scope(record)}; {requests} in {record.seconds:.0f} s{ended})"


def _full_cause_text(cause: Cause) -> str:
    example = cause.example
    text, answer = message_text(example), response_summary(example.response)
    lines = [truncate(text)] if text else []
    if answer:
        lines.append(f"Response: {truncate(answer)}")
    if cause.times > 1 and example.request:
        lines.append(f"In {cause.times} responses; the shortest request of these:")
    lines += reproducing_commands(example)
    return "\n".join([_heading_with_names(cause), *(indent(each, INDENT) for each in lines)])


def _brief_cause_text(cause: Cause) -> str:
    """Return heading and actual value: enough to recognize a cause, on one line more."""
    shown = actual_value_line(cause.example)
    shown = shown if len(shown) <= MAX_BRIEF_CHARS else f"{shown[:MAX_BRIEF_CHARS]} …"
    return f"\n{INDENT}".join(filter(None, [_heading_with_names(cause), shown]))


def _heading_with_names(cause: Cause) -> str:
    """Return the heading, with the names of several operations and rules below it."""
    names = (*cause.operations, *cause.rules)
    if len(names) == 1:
        return cause_heading(cause)
    lines = wrap(", ".join(names), NAME_LINE_WIDTH, break_long_words=False, break_on_hyphens=False)
    return "\n".join([cause_heading(cause), *(f"{INDENT}{line}" for line in lines)])


def _join_names(names: Collection[str]) -> str:
    every = list(names)
    more = f" and {len(every) - MAX_LISTED_NAMES} more" if len(every) > MAX_LISTED_NAMES else ""
    return ", ".join(every[:MAX_LISTED_NAMES]) + more


def _join_counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number:,} {what}" for what, number in counts.items())


def _pluralize(number: int, noun: str, plural: str = "") -> str:
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
