"""All forms of the report, written into one directory."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile

from contract_tests.reporting.coverage import coverage, to_csv
from contract_tests.reporting.html import to_html
from contract_tests.reporting.json_report import to_json
from contract_tests.reporting.junit import to_junit
from contract_tests.reporting.sanitizing import mapped, redacted
from contract_tests.results.record import Record
from contract_tests.target.target import Unfit

FORMS: dict[str, Callable[[Record], str]] = {
    "report.html": to_html,
    "report.json": to_json,
    "junit.xml": to_junit,
    "coverage.csv": lambda record: to_csv(coverage(record)),
}
DOCUMENT = "report.json"
"""The form that can be read back."""


def prepare(directory: Path) -> None:
    """Make the directory, before a long run is done for nothing; raises Unfit if that fails."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=directory):
            pass
    except OSError as error:
        raise _unfit(directory, error) from None


def write_all(record: Record, directory: Path) -> list[Path]:
    """Write every form of the report and return their paths, the page first.

    Each file is there whole or not at all, and none holds what looks like a secret. Raises Unfit
    when the directory cannot be written to.
    """
    prepare(directory)
    safe = mapped(record, redacted)
    paths = []
    for name, render in FORMS.items():
        path = directory / name
        try:
            _write(path, render(safe))
        except OSError as error:
            raise _unfit(path, error) from None
        paths.append(path)
    return paths


def _write(path: Path, text: str) -> None:
    content = text.encode("utf-8", "backslashreplace")
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        written = Path(file.name)
        try:
            file.write(content)
            file.flush()
            written.chmod(0o666 & ~_umask())
            written.replace(path)
        except BaseException:
            written.unlink(missing_ok=True)
            raise


def _umask() -> int:
    """What a file is made without, by this process: a temporary one is the owner's alone."""
    current = os.umask(0)
    os.umask(current)
    return current


def _unfit(path: Path, error: OSError) -> Unfit:
    return Unfit(f"the report cannot be written to {path}: {error.strerror or error}")
