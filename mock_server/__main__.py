"""`python -m mock_server`, and where `hypers-mock` begins: see `cli.py`."""

import gc
from collections.abc import Sequence

from openapi import Command, run_command


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the mock until it is interrupted; returns the exit code (2: cannot start as asked)."""
    # Until `tune_garbage_collection`: what is imported stays, and to look through it takes a tenth
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
    """Import the command, with all that it needs."""
    # Not above: `run_command` answers for what goes wrong here.
    from mock_server.cli import main as command  # noqa: PLC0415

    return command


if __name__ == "__main__":
    raise SystemExit(main())
