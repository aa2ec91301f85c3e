"""Environment of the process while pytest runs the tests of a run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory


@contextmanager
def isolated_environment() -> Iterator[None]:
    """Run without environment variables for other tests, and restore the environment afterwards."""
    # PYTEST_ADDOPTS of the caller's own project could deselect or reorder the tests of the check.
    kept = dict(os.environ)
    for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS"):
        os.environ.pop(name, None)
    try:
        with _hypothesis_storage() as folder:
            os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = folder
            yield
    finally:
        os.environ.clear()
        os.environ.update(kept)


@contextmanager
def _hypothesis_storage() -> Iterator[str]:
    """Yield the directory for Hypothesis' character tables, which take seconds to build.

    It is not in the current directory. Without a writable cache it is a temporary one for this run.
    """
    folder = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache", "hypers-check")
    # RuntimeError: expanduser() finds no home directory, as in some containers.
    with suppress(OSError, RuntimeError):
        folder = folder.expanduser()
        folder.mkdir(parents=True, exist_ok=True)
    if folder.is_absolute() and os.access(folder, os.W_OK):
        yield str(folder)
        return
    with TemporaryDirectory(prefix="hypers-check-") as scratch:
        yield scratch
