"""Entry point of `python -m contract_tests` and `hypers-check`; see `cli.py`."""

from collections.abc import Sequence

from openapi import Command, Extra, run_command

CHECK_EXTRA = Extra(
    "check",
    frozenset(("hypothesis", "openpyxl", "pytest", "requests", "schemathesis", "urllib3")),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Check a server and return the exit code: 0 the contract holds, 1 it does not, 2 unknown."""
    return run_command(
        "hypers-check", import_command, arguments, interrupted=130, extra=CHECK_EXTRA
    )


def import_command() -> Command:
    """Import the command with everything it needs."""
    # Not at the top: `run_command` reports errors of these imports in one line.
    from contract_tests.cli import main as command  # noqa: PLC0415
    from contract_tests.runner.garbage_collection import reduce_garbage_collection  # noqa: PLC0415

    reduce_garbage_collection()
    return command


if __name__ == "__main__":
    raise SystemExit(main())
