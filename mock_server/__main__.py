"""Entry point of `python -m mock_server` and of `hypers-mock`, which `cli.py` implements."""

import gc
from collections.abc import Sequence

from openapi import Command, run_command


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the mock until it is interrupted, and return the exit code (2: it cannot start)."""
    # Off until `tune_garbage_collection`: imports create little garbage, and the collections during
    # them take a tenth of the start.
    gc.disable()
    return run_command(
        "hypers-mock",
        import_command,
        arguments,
        interrupted=0,
        leaves_at_once=True,
        where="--log-level debug",
    )


def import_command() -> Command:
    """Import and return the command."""
    # Imported here, so that `run_command` reports a missing package in one line.
    from mock_server.cli import main as command  # noqa: PLC0415

    return command


if __name__ == "__main__":
    raise SystemExit(main())
