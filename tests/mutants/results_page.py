"""RESULTS.md of a whole run: hypers-check, and another checker beside it."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version

from tests.mutants.checkers import PlainSchemathesis
from tests.mutants.results import KillScore, MutantResults
from tests.mutants.runner import MutantResult

REPORTED_PACKAGES = ("hypers-contract", "schemathesis", "hypothesis")


@dataclass(frozen=True)
class RunFacts:
    """Conditions of a run.

    day: its date; options: further options of hypers-check; jobs: servers at a time; seconds: total
    duration; compared: the checker beside hypers-check, if there was one.
    """

    day: str
    options: Sequence[str]
    jobs: int
    seconds: float
    compared: PlainSchemathesis | None = None


def render_results(results: Mapping[str, MutantResults], facts: RunFacts) -> str:
    """Return RESULTS.md with the results by checker, those of hypers-check first."""
    return "\n".join(_page_lines(results, facts)) + "\n"


def _page_lines(results: Mapping[str, MutantResults], facts: RunFacts) -> Iterator[str]:
    ours = results["hypers-check"]
    yield from _heading_lines(results, facts)
    yield ""
    yield f"| Class | {' | '.join(f'{name} | Seconds' for name in results)} |"
    yield f"|---{'|---:|---:' * len(results)}|"
    for kind in ours.by_class:
        yield _score_line(kind, [one.by_class[kind] for one in results.values()])
    yield _score_line("**all**", [one.overall for one in results.values()])
    yield ""
    yield "## Alive"
    yield ""
    for one in ours.survivors:
        yield f"- `{one.mutant.id}` ({one.mutant.breaks}): {one.mutant.sentence} {one.by}."
    if not ours.survivors:
        yield "None."
    yield ""
    yield "## Killed"
    yield ""
    others = [one for name, one in results.items() if name != "hypers-check"]
    yield f"| Server | Breaks | Found by | Seconds |{' Schemathesis | Seconds |' * len(others)}"
    yield f"|---|---|---|---:|{'---|---:|' * len(others)}"
    for number, one in enumerate(ours.found):
        if one.outcome == "killed":
            cells = [_finding_cells(each) for each in (one, *(o.found[number] for o in others))]
            yield f"| {one.mutant.id} | {one.mutant.breaks} | {' | '.join(cells)} |"


def _heading_lines(results: Mapping[str, MutantResults], facts: RunFacts) -> Iterator[str]:
    versions = ", ".join(f"{name} {version(name)}" for name in REPORTED_PACKAGES)
    asked = " ".join(["--fail-fast", *facts.options])
    where = "[`tests/mutants/catalogue/`](catalogue/)"
    command = "make mutants" + (' ARGS="--with schemathesis"' if facts.compared else "")
    yield "# How many faulty servers the check catches"
    yield ""
    yield f"Written by `{command}`; {where} says what each server does wrong."
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
    yield f"- the mock without a fault: no violation by {' or '.join(results)}"


def _share_text(score: KillScore) -> str:
    return f"{score} killed, {score.share:.1%}"


def _score_line(kind: str, scores: Sequence[KillScore]) -> str:
    return f"| {kind} | {' | '.join(f'{one} | {one.seconds:.0f}' for one in scores)} |"


def _finding_cells(result: MutantResult) -> str:
    text = result.by.replace("|", "\\|")
    by = text if result.outcome == "killed" else f"— ({text})"
    return f"{by} | {result.seconds:.0f}"
