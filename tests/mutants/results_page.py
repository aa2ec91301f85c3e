"""RESULTS.md: a section for each setup, written by a whole run with it.

A section has the results of hypers-check, and of another checker beside it.
"""

from __future__ import annotations

import platform
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from types import MappingProxyType

from tests.mutants.checkers import PlainSchemathesis
from tests.mutants.results import KillScore, MutantResults
from tests.mutants.run_setup import MIN_ON_OTHER_BASES, NO_READINGS, RunSetup
from tests.mutants.runner import MutantResult

REPORTED_PACKAGES = ("hypers-contract", "schemathesis", "hypothesis")
WRITTEN_SETUPS: Mapping[RunSetup, str] = MappingProxyType(
    {
        RunSetup(): "Default answers demanded",
        RunSetup(demanded=NO_READINGS): "No answers demanded",
        RunSetup("spring", "spring"): "Answers of Spring",
    }
)
"""Heading of the section of each setup, in the order of the page."""
PREAMBLE = (
    "# How many faulty servers the check catches\n\n"
    "[`tests/mutants/catalogue/`](catalogue/) says what each server does wrong. Each section is"
    " written by a run of its own:\n\n"
    "- *Default answers demanded*: the servers give the default answers to the"
    " [open questions](../../docs/checking.md#open-questions), and the check demands these. Every"
    " fault has to be found.\n"
    "- *No answers demanded*: the same servers, and the check takes any answer. Every fault has to"
    " be found except those that are an answer to an open question; the check has to observe"
    " these.\n"
    "- *Answers of Spring*: the servers give the answers of a platform that is built with Spring,"
    " and the check demands these. Refusals do not name rules there. At least"
    f" {MIN_ON_OTHER_BASES:.0%} of the faults have to be found.\n"
)
SECTION = re.compile(r"^(?=## )", re.MULTILINE)


@dataclass(frozen=True)
class RunFacts:
    """Conditions of a run.

    day: its date; options: further options of hypers-check; jobs: servers at a time; seconds: total
    duration; setup: the readings of servers and check; compared: the checker beside hypers-check,
    if there was one.
    """

    day: str
    options: Sequence[str]
    jobs: int
    seconds: float
    setup: RunSetup
    compared: PlainSchemathesis | None = None


def replace_section(page: str, section: str) -> str:
    """Return the page with a section in place of the one with its heading.

    Sections without a setup are dropped.
    """
    by_heading = {text.partition("\n")[0]: text for text in [*SECTION.split(page), section]}
    known = [f"## {heading}" for heading in WRITTEN_SETUPS.values()]
    found = [by_heading[heading].strip() + "\n" for heading in known if heading in by_heading]
    return "\n".join([PREAMBLE, *found])


def render_section(results: Mapping[str, MutantResults], facts: RunFacts) -> str:
    """Return a section with the results by checker, those of hypers-check first."""
    return "\n".join(_section_lines(results, facts)) + "\n"


def _section_lines(results: Mapping[str, MutantResults], facts: RunFacts) -> Iterator[str]:
    ours = results["hypers-check"]
    yield from _heading_lines(results, facts)
    yield ""
    yield f"| Class | {' | '.join(f'{name} | Seconds' for name in results)} |"
    yield f"|---{'|---:|---:' * len(results)}|"
    for kind in ours.by_class:
        yield _score_line(kind, [one.by_class[kind] for one in results.values()])
    yield _score_line("**all**", [one.overall for one in results.values()])
    if ours.readings:
        yield from ("", "### Answers to open questions", "")
        yield "These servers are not faulty: the documents leave open what they do."
        yield from ("", "| Server | Breaks | Observed | Seconds |", "|---|---|---|---:|")
        for one in ours.readings:
            yield f"| {one.mutant.id} | {one.mutant.breaks} | {one.by} | {one.seconds:.0f} |"
    yield from ("", "### Alive", "")
    for one in ours.survivors:
        yield f"- `{one.mutant.id}` ({one.mutant.breaks}): {one.mutant.sentence} {one.by}."
    if not ours.survivors:
        yield "None."
    yield from ("", "### Killed", "")
    others = [one for name, one in results.items() if name != "hypers-check"]
    yield f"| Server | Breaks | Found by | Seconds |{' Schemathesis | Seconds |' * len(others)}"
    yield f"|---|---|---|---:|{'---|---:|' * len(others)}"
    for number, one in enumerate(ours.found):
        if one.outcome == "killed":
            cells = [_finding_cells(each) for each in (one, *(o.found[number] for o in others))]
            yield f"| {one.mutant.id} | {one.mutant.breaks} | {' | '.join(cells)} |"


def _heading_lines(results: Mapping[str, MutantResults], facts: RunFacts) -> Iterator[str]:
    versions = ", ".join(f"{name} {version(name)}" for name in REPORTED_PACKAGES)
    asked = " ".join(["--fail-fast", *facts.setup.check_options, *facts.options])
    given = f"{facts.setup.options}{' --with schemathesis' if facts.compared else ''}".strip()
    command = "make mutants" + (f' ARGS="{given}"' if given else "")
    yield f"## {WRITTEN_SETUPS[facts.setup]}"
    yield ""
    yield f"Written by `{command}`."
    yield ""
    yield f"- {facts.day}, {versions}, Python {platform.python_version()}"
    yield f"- {facts.jobs} servers at a time, {facts.seconds / 60:.0f} minutes in all"
    yield f"- `hypers-check {asked}`: {_share_text(results['hypers-check'].overall)}"
    if facts.compared:
        yield (
            f"- `schemathesis run --max-examples {facts.compared.max_examples} --max-failures 1`,"
            f" at most {facts.compared.limit:.0f} seconds for each server:"
            f" {_share_text(results[facts.compared.name].overall)}"
        )
        yield (
            "- schemathesis runs as it comes, with all its phases and default checks, and logs in"
            " as hypers-check does; a 400 for data that the schemas allow is no finding, and"
            " neither is a form that is valid as it is sent ([configuration](schemathesis.toml))"
        )
    yield f"- the server without a fault: no violation by {' or '.join(results)}"


def _share_text(score: KillScore) -> str:
    return f"{score} killed, {score.share:.1%}"


def _score_line(kind: str, scores: Sequence[KillScore]) -> str:
    return f"| {kind} | {' | '.join(f'{one} | {one.seconds:.0f}' for one in scores)} |"


def _finding_cells(result: MutantResult) -> str:
    text = result.by.replace("|", "\\|")
    by = text if result.outcome == "killed" else f"— ({text})"
    return f"{by} | {result.seconds:.0f}"
