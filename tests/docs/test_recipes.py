"""Each recipe does what it says on a mock of its own, whatever the other recipes do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.answers import describe_difference
from tests.docs.markdown import MarkdownFile, ShellExample
from tests.docs.reader import DOCUMENTED_ADDRESS, open_runner
from tests.serving import RunningMock

PAGE = MarkdownFile("docs/recipes.md")
START = "make mock"
REQUIRED = (
    *("Expired token", "401", "403", "429", "500", "503", "Slow", "Dropped connection"),
    *("Empty list", "Huge list", "Partly failed task", "Member file before its task"),
    *("Reset between tests", "Snapshot"),
    *("What did my app send?", "Wait for a request"),
)
"""Recipes that the page must have."""


def examples_by_recipe() -> dict[str, list[ShellExample]]:
    """The examples below each heading of the second level; those before the first under ''."""
    found: dict[str, list[ShellExample]] = {"": []}
    starts = {0: ""}
    is_inside = False
    for number, line in enumerate(PAGE.path.read_text(encoding="utf-8").splitlines(), 1):
        is_inside ^= line.startswith("```")
        if line.startswith("## ") and not is_inside:
            starts[number] = line.removeprefix("## ")
            found[starts[number]] = []
    for example in PAGE.examples():
        line_number = int(example.where.rpartition(":")[2])
        found[starts[max(each for each in starts if each < line_number)]].append(example)
    return found


RECIPES = examples_by_recipe()


@pytest.mark.parametrize("name", [name for name in RECIPES if name])
def test_a_recipe_does_what_it_says(mock: RunningMock, name: str, tmp_path: Path) -> None:
    """Its commands follow those of the introduction, on a fresh mock."""
    # The client of the fixture has logged in, too; a reader's mock has only the reader's token.
    mock.anonymous.post("/__admin/reset").raise_for_status()
    examples = [each for each in RECIPES[""] if not each.command.startswith(START)]
    with open_runner(tmp_path) as reader:
        reader.use_mock(mock.address)
        for example in [*examples, *RECIPES[name]]:
            answered = reader.run(example)
            if example.shown:
                assert not describe_difference(example.shown, answered), example.where
            elif DOCUMENTED_ADDRESS in example.command:
                assert not answered, f"{example.where} prints what is not shown: {answered}"


def test_the_page_has_the_recipes_that_are_asked_for() -> None:
    """Each has commands."""
    assert set(REQUIRED) <= RECIPES.keys()
    assert all(RECIPES.values())
