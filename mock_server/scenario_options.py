"""Options of scenario files: what a file sets for a whole mock, and its schema."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from mock_server.seed import AnyScenario, Scenario, ScenarioFile
from mock_server.settings import DEFAULT_SEED
from openapi import load


class Start(NamedTuple):
    """Start of a mock's first world; the fields are those of Settings."""

    scenario: AnyScenario
    seed: int
    frozen: datetime | None
    begins: datetime | None = None


def read_start(
    scenario: Scenario | Path, seed: int | None, frozen: datetime | None, contract: Path | None
) -> Start:
    """Return the start of a mock from its options, of which None stands for one that is not set.

    Options come before the values of a scenario file. Raises ScenarioError.
    """
    if not isinstance(scenario, Path):
        return Start(scenario, DEFAULT_SEED if seed is None else seed, frozen)
    found = _load_file(scenario, contract)
    if seed is None:
        seed = DEFAULT_SEED if found.seed is None else found.seed
    if frozen or found.start is None:
        return Start(found, seed, frozen)
    return Start(found, seed, *((found.start, None) if found.frozen else (None, found.start)))


def _load_file(path: Path, contract: Path | None) -> ScenarioFile:
    # Imported here, because the usual start has no scenario of its own and must be fast.
    from mock_server.seed.scenario_permissions import operations_of  # noqa: PLC0415
    from mock_server.seed.scenario_reader import load_scenario  # noqa: PLC0415

    served = load(contract, lenient=True) if contract else load(readings="exact")
    return load_scenario(path, operations_of(served))


class ScenarioSchemaAction(argparse.Action):
    """Prints the JSON Schema of scenario files, and exits."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        """Print the schema as it is shipped."""
        from mock_server.seed.scenario_validation import SCHEMA_FILE  # noqa: PLC0415

        sys.stdout.write(SCHEMA_FILE.read_text(encoding="utf-8"))
        parser.exit()
