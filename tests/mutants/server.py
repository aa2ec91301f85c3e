"""A faulty server: `python -m tests.mutants.server --mutant ID`, and what `hypers-mock` takes."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from tests.mutants.catalogue import CATALOGUE
from tests.mutants.faults import install_fault


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve a mutant with a frozen clock, like that of the clean mock, until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants.server", description=__doc__)
    parser.add_argument("--mutant", required=True, metavar="ID", help="its id in the catalogue")
    options, others = parser.parse_known_args(arguments)
    if options.mutant not in CATALOGUE:
        parser.error(f"there is no mutant {options.mutant}")
    install_fault(CATALOGUE[options.mutant])
    from mock_server.__main__ import main as serve  # noqa: PLC0415 - after its fault is there

    return serve(["--frozen", *others])


if __name__ == "__main__":
    sys.exit(main())
