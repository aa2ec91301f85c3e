"""Entry point of `python -m contract_tests` and `hypers-check`; see `cli.py`."""

from collections.abc import Sequence

from openapi import Command, run


def main(arguments: Sequence[str] | None = None) -> int:
    """Check a server; returns 0 when the contract holds, 1 when not, 2 when that is not known."""
    return run("hypers-check", imported, arguments, interrupted=130)


def imported() -> Command:
    """Import the command, with all that it needs."""
    # Not above: `run` answers for what goes wrong here.
    from contract_tests.cli import main as command  # noqa: PLC0415
    from contract_tests.runner.garbage_collection import collect_seldom  # noqa: PLC0415

    collect_seldom()
    return command


if __name__ == "__main__":
    raise SystemExit(main())
