"""Reader for the project's Dockerfile: stages and their instructions.

It reads what our Dockerfile uses of the format, and refuses the rest.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

DOCKERFILE = Path(__file__).parents[2] / "Dockerfile"
KNOWN_INSTRUCTIONS = frozenset(
    ("ARG", "CMD", "COPY", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "RUN", "USER", "WORKDIR")
)
VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")


class Instruction(NamedTuple):
    """An instruction, with continued lines joined."""

    name: str
    text: str


@dataclass(frozen=True)
class Stage:
    """A stage: the image it begins with, its name, and its instructions after FROM in order."""

    base: str
    name: str
    instructions: list[Instruction] = field(default_factory=list)

    def last(self, name: str) -> str:
        """Return the text of the last instruction with this name."""
        return [each.text for each in self.instructions if each.name == name][-1]


def read_stages(text: str) -> list[Stage]:
    """Return the stages of a Dockerfile. Raises ValueError for an unknown instruction."""
    stages: list[Stage] = []
    for name, rest in _iter_instructions(text):
        if name not in KNOWN_INSTRUCTIONS:
            raise ValueError(f"not an instruction that is read here: {name}")
        if name == "FROM":
            base, _, stage = rest.partition(" AS ")
            stages.append(Stage(base.strip(), stage.strip()))
        else:
            stages[-1].instructions.append(Instruction(name, rest))
    return stages


def _iter_instructions(text: str) -> Iterator[Instruction]:
    held = ""
    for line in text.splitlines():
        if line.lstrip().startswith("#") or not (line.strip() or held):
            continue
        held += line.strip()
        if held.endswith("\\"):
            held = held.removesuffix("\\")
            continue
        name, _, rest = held.partition(" ")
        yield Instruction(name, rest.strip())
        held = ""


def command_words(text: str) -> list[str]:
    """Return the words of a CMD or HEALTHCHECK, which are a JSON array (no shell is started)."""
    words = json.loads(text[text.index("[") :])
    if not all(isinstance(word, str) for word in words):
        raise ValueError(f"not a list of words: {text}")
    return list(words)


def copied_paths(text: str) -> tuple[str, list[str], str]:
    """Return the stage (or an empty text), the sources and the destination of a COPY."""
    words = shlex.split(text)
    stage = ""
    if words[0].startswith("--from="):
        stage = words.pop(0).removeprefix("--from=")
    *sources, destination = words
    return stage, sources, destination


def assignments(text: str, known: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of an ENV, with those that they refer to replaced."""
    pairs = (word.partition("=") for word in shlex.split(text))
    return {name: expand_variables(value, known) for name, _, value in pairs}


def expand_variables(text: str, known: Mapping[str, str]) -> str:
    """Replace `$NAME` and `${NAME}`."""
    return VARIABLE.sub(lambda found: known.get(found[1] or found[2], ""), text)
