"""All forms of the report, written to one directory."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile

from contract_tests.reporting.coverage import list_coverage_lines, to_csv
from contract_tests.reporting.html import to_html
from contract_tests.reporting.json_report import to_json
from contract_tests.reporting.junit import to_junit
from contract_tests.reporting.open_questions import readings_yaml
from contract_tests.reporting.sanitizing import map_strings, redact_secrets
from contract_tests.results.record import RunRecord
from contract_tests.target.target import CannotCheckError

REPORT_RENDERERS: dict[str, Callable[[RunRecord], str]] = {
    "report.html": to_html,
    "report.json": to_json,
    "junit.xml": to_junit,
    "readings.yaml": readings_yaml,
    "coverage.csv": lambda record: to_csv(list_coverage_lines(record)),
}
JSON_REPORT_NAME = "report.json"
"""The form that can be read back."""


def prepare_directory(directory: Path) -> None:
    """Create the directory, so that a failure shows before a long run and not after it.

    Raises CannotCheckError if it cannot be written to.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        # Permission bits are not enough: the file system may be read-only or full.
        with NamedTemporaryFile(dir=directory):
            pass
    except OSError as error:
        raise _write_error(directory, error) from None


def write_reports(record: RunRecord, directory: Path) -> list[Path]:
    """Write every form of the report and return their paths, the page first.

    Each file is written whole or not at all, and without secrets. Raises CannotCheckError if the
    directory cannot be written to.
    """
    prepare_directory(directory)
    safe = map_strings(record, redact_secrets)
    paths = []
    for name, render in REPORT_RENDERERS.items():
        path = directory / name
        try:
            _write_atomically(path, render(safe))
        except OSError as error:
            raise _write_error(path, error) from None
        paths.append(path)
    return paths


def _write_atomically(path: Path, text: str) -> None:
    content = text.encode("utf-8", "backslashreplace")
    # In the same directory, since a rename is atomic only within one file system.
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
    """Return the umask of this process, which temporary files do not follow."""
    # The umask can only be read by setting it.
    current = os.umask(0)
    os.umask(current)
    return current


def _write_error(path: Path, error: OSError) -> CannotCheckError:
    return CannotCheckError(f"the report cannot be written to {path}: {error.strerror or error}")
