"""`--ready-file`: a file that contains the mock's URL and exists while the mock runs."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from mock_server.errors import StartupError


class ReadyFile:
    """A file that signals that the mock is ready.

    It is written in one step. A file of an earlier mock that was killed is removed at the start.
    """

    def __init__(self, path: Path) -> None:
        """Remove an old file; raises StartupError if the file cannot be written later."""
        self._path = path.resolve()
        # In the same folder, because a file can be replaced only within one file system.
        self._beside = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        self._text = ""
        if self._path.exists() and not self._path.is_file():
            raise StartupError(f"--ready-file {path} exists and is not a file")
        try:
            # Tried now, because an error after the import and the contract would come late.
            self._path.unlink(missing_ok=True)
            self._beside.touch()
            self._beside.unlink()
        except OSError as error:
            raise StartupError(f"cannot write --ready-file {path}: {error.strerror}") from None

    def write(self, address: str) -> None:
        """Write the address of the mock; raises StartupError if this fails."""
        self._text = f"{address}\n"
        try:
            self._beside.write_text(self._text, encoding="utf-8")
            self._beside.replace(self._path)
        except OSError as error:
            with suppress(OSError):
                self._beside.unlink(missing_ok=True)
            raise StartupError(
                f"cannot write --ready-file {self._path}: {error.strerror}"
            ) from None

    def remove(self) -> None:
        """Remove the file, unless another mock has replaced it."""
        with suppress(OSError):
            if self._text and self._path.read_text(encoding="utf-8") == self._text:
                self._path.unlink()
