"""The mock as a process whose memory is measured and whose open files may be limited."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

RUN_MOCK = "\nfrom mock_server.__main__ import main\nraise SystemExit(main())"
MOCK_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


@dataclass(frozen=True)
class MockProcess:
    """A mock that is ready: its address, its process id and what it writes on stderr."""

    address: str
    pid: int
    stderr: IO[bytes]

    def memory(self) -> int:
        """Bytes of resident memory."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        return int(status.partition("VmRSS:")[2].split()[0]) * 1024

    def stderr_text(self) -> str:
        """Return what it has written on stderr."""
        self.stderr.seek(0)
        return self.stderr.read().decode(errors="replace")


@contextmanager
def start_mock_process(
    *arguments: str, files: int | None = None, before: str = ""
) -> Iterator[MockProcess]:
    """Start a mock on a free port.

    `files` is the number of descriptors that it may open, and `before` is code that runs first.
    It has to be alive at the end, and to end with 0 when it is asked to.
    """
    bound = (lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))) if files else None
    with (
        tempfile.TemporaryFile() as stderr,
        subprocess.Popen(
            [sys.executable, "-c", before + RUN_MOCK, "--port", "0", "--frozen", *arguments],
            stdout=subprocess.PIPE,
            stderr=stderr,
            env=os.environ,
            preexec_fn=bound,  # noqa: PLW1509 - nothing of ours runs in threads here
        ) as process,
    ):
        try:
            assert process.stdout
            ready = next(
                filter(None, (MOCK_ADDRESS.search(line.decode()) for line in process.stdout))
            )
            yield MockProcess(ready[0], process.pid, stderr)
            assert process.poll() is None
        finally:
            process.terminate()
        assert process.wait(10) == 0
