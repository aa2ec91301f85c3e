"""Report of the measurements as a Markdown page, which is printed and written to RESULTS.md."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.figures import Measurements
from benchmarks.reading import READ_INTERVAL
from benchmarks.scaling import LIST_QUERIES, SIZES
from benchmarks.servers import SERVERS
from benchmarks.targets import OPTIONAL_TARGETS, TargetResult, judge_targets

LOAD_NAMES = ("read", "list", "write")
EXTRA_WORK = {
    "read": "the mock checks the token, computes the task's status and statistics from its record "
    "and the clock, and validates the response",
    "list": "likewise, for every task of the page",
    "write": "the mock also applies the business rules, registers the members and stores the task",
}
"""Work of the mock for each load that Scalar does not do, and which explains a lower rate."""


@dataclass(frozen=True)
class BenchmarkRun:
    """Parameters and conditions of a run; load_averages are those before and after it."""

    rounds: int
    seconds: int
    day: str
    load_averages: tuple[float, float]
    machine: Mapping[str, str]
    versions: Mapping[str, str]


def render_report(
    figures: Measurements, verdicts: Sequence[TargetResult], run: BenchmarkRun
) -> str:
    """Return the whole page, without the parts that were not measured."""
    parts = [_render_summary(verdicts, run), _render_targets(verdicts)]
    if "start/mock" in figures:
        parts += [
            _render_servers(figures),
            _render_server_descriptions(),
            _render_scalar_comparison(figures),
        ]
    if "workbook/create" in figures:
        parts += [_render_scaling(figures), _render_workbook(figures)]
    if "bodies/memory" in figures:
        parts.append(_render_hostile_bodies(figures))
    return "\n\n".join([*parts, _render_environment(run)]) + "\n"


def _render_summary(verdicts: Sequence[TargetResult], run: BenchmarkRun) -> str:
    missed = sum(not verdict.met for verdict in verdicts)
    before, after = run.load_averages
    rounds = f"{run.rounds} rounds" if run.rounds > 1 else "one round"
    reached = f"{missed} of {len(verdicts)} targets missed" if missed else "All targets met"
    return f"""\
# Results of `make bench`

{reached}. One run, {run.day}; load average {before:.1f} before it, {after:.1f} after it (a run by
itself causes about 2). Requests per second depend on the machine and its load; the ratios, which
are computed within each round, depend on them much less. Each value is the median of {rounds}, with
the lowest and the highest in brackets."""


def _render_targets(verdicts: Iterable[TargetResult]) -> str:
    rows = [
        [
            verdict.target.title,
            f"at {'least' if verdict.target.is_minimum else 'most'} {verdict.target.bound:g}"
            + verdict.target.unit,
            format_number(verdict.value) + verdict.target.unit,
            "met" if verdict.met else "**missed**",
        ]
        for verdict in verdicts
    ]
    return "## Targets\n\n" + markdown_table(["", "target", "measured", ""], rows)


def _render_servers(figures: Measurements) -> str:
    def row(title: str, *names: str) -> list[str]:
        cells = []
        for server in SERVERS:
            series = [name.format(server.name) for name in names]
            cells.append(" / ".join(format_measurement(figures, one) for one in series))
        return [title, *cells]

    rows = []
    for load in LOAD_NAMES:
        rows.append(row(f"{load}, requests per second", f"{load}/{{}}/rate"))
        rows.append(row(f"{load}, median, ms", f"{load}/{{}}/p50"))
        rows.append(row(f"{load}, 99th percentile, ms", f"{load}/{{}}/p99"))
    rows.append(row("start to first response, s", "start/{}"))
    rows.append(row("memory after the start, MiB", "memory/{}/idle"))
    rows.append(row("memory after the loads, MiB", "memory/{}/loaded"))
    return "## Side by side\n\n" + markdown_table(["", *(server.title for server in SERVERS)], rows)


def _render_server_descriptions() -> str:
    lines = [
        f"- **{server.title}** {server.does}. It does not {server.does_not}." for server in SERVERS
    ]
    return (
        "All servers get the same requests from wrk over 8 connections. Before that, each of them\n"
        "has responded to each request with 200 and JSON that is valid by the contract. They are\n"
        "started anew in every round. The first start on a machine takes longer, because Python\n"
        "then writes its bytecode and the mock its bundled contract.\n\n" + "\n".join(lines)
    )


def _render_scalar_comparison(figures: Measurements) -> str:
    lines = []
    for verdict in judge_targets(figures, OPTIONAL_TARGETS, ["servers"]):
        load = verdict.target.series.partition("/")[0]
        if verdict.met:
            lines.append(f"- {load}: ahead, {format_number(verdict.value)} times its rate.")
        else:
            behind = f"{(1 - verdict.value) * 100:.0f} % behind"
            lines.append(
                f"- {load}: {behind} ({format_number(verdict.value)} times its rate): "
                f"{EXTRA_WORK[load]}."
            )
    return "### Beside Scalar\n\nThese are no targets:\n\n" + "\n".join(lines)


def _render_scaling(figures: Measurements) -> str:
    rows = []
    for query in LIST_QUERIES:
        of = "members" if query.of_members else "tasks"
        costs = [
            format_measurement(figures, f"{query.name}/{size}") if size in query.sizes else ""
            for size in SIZES
        ]
        few, most = (f"{query.name}/{size}" for size in query.sizes)
        rows.append([query.title, of, *costs, format_number(figures.ratio(most, few))])
    head = ["milliseconds per request", "number of", *(f"{size:,}" for size in SIZES), "growth"]
    return "## The mock with many records\n\n" + markdown_table(head, rows)


def _render_workbook(figures: Measurements) -> str:
    rows = [
        ["its parser alone, s", format_measurement(figures, "workbook/parser")],
        ["created, s", format_measurement(figures, "workbook/create")],
        [
            "delay of other requests, 99th percentile, ms",
            format_measurement(figures, "workbook/delay"),
        ],
        ["longest delay, ms", format_measurement(figures, "workbook/worst")],
    ]
    return (
        "### A task from a workbook of 100,000 rows\n\n"
        + markdown_table(["", ""], rows)
        + f"\n\nThe other requests are reads, one due every {READ_INTERVAL * 1000:g} ms whether or "
        "not the last\none has been answered, while the task is created."
    )


def _render_hostile_bodies(figures: Measurements) -> str:
    rows = [
        ["peak memory above idle, MiB", format_measurement(figures, "bodies/memory")],
        [
            "delay of other requests, 99th percentile, ms",
            format_measurement(figures, "bodies/delay"),
        ],
        [
            "shutdown while tasks are created from 8 workbooks, s",
            format_measurement(figures, "bodies/leave"),
        ],
    ]
    return (
        "### Hostile bodies\n\n"
        + markdown_table(["", ""], rows)
        + "\n\nBodies as large as the limits allow (a million invalid items, a wrong root, unknown "
        + "keys, a text of\ncommas and so on), one after the other, then 8 at the same time. "
        + "Memory is that of the mock and its\nprocesses."
    )


def _render_environment(run: BenchmarkRun) -> str:
    rows = [[name, value] for name, value in {**run.machine, **run.versions}.items()]
    return "## Machine and versions\n\n" + markdown_table(["", ""], rows)


def format_measurement(figures: Measurements, name: str) -> str:
    """Return the median of a series, with lowest and highest value unless all are the same."""
    low, high = (format_number(value) for value in figures.spread(name))
    middle = format_number(figures.median(name))
    # After rounding: a range of equal texts would say nothing.
    return middle if low == high else f"{middle} ({low}–{high})"


def format_number(value: float) -> str:
    """Return a number with three significant digits, or all digits before the decimal point."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def markdown_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table whose columns are also aligned in a terminal."""
    widths = [
        max(_terminal_width(row[column]) for row in (head, *rows)) for column in range(len(head))
    ]

    def line(cells: Sequence[str]) -> str:
        padded = (
            text + " " * (width - _terminal_width(text))
            for text, width in zip(cells, widths, strict=True)
        )
        return f"| {' | '.join(padded)} |"

    rule = f"|{'|'.join('-' * (width + 2) for width in widths)}|"
    return "\n".join([line(head), rule, *map(line, rows)])


def _terminal_width(text: str) -> int:
    """Return the number of terminal columns of a text; Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
