"""Large JSON bodies, read in a process (`json_process.py`) so that other requests do not wait."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

import orjson

from mock_server.errors import Invalid, TooLarge, Violation
from mock_server.http import json_process
from mock_server.http.schemas import Checker
from mock_server.runtime import json_transfer
from mock_server.runtime.worker_processes import Job, Workers

PIECE = 2**20


async def read(
    workers: Workers, chunks: Sequence[bytes], checker: Checker, values: int
) -> tuple[Any, list[Violation]]:
    """Return the value of a text of at most so many values, and what the checker rejects in it.

    Raises TooLarge, Invalid for what is no JSON, Disconnected and Unavailable.
    """
    return await workers.run(partial(_read, chunks, checker, values))


def _read(
    chunks: Sequence[bytes], checker: Checker, values: int, job: Job
) -> tuple[Any, list[Violation]]:
    size = sum(map(len, chunks))
    head = orjson.dumps({"size": size, "values": values, "checker": checker.plain})
    with job.isolated(json_process.__name__) as process:
        if process.stdin is None or process.stdout is None:
            raise BrokenReader("no pipes")
        try:
            process.stdin.writelines((head, b"\n", *chunks))
            process.stdin.flush()
            said = process.stdout.readline()
            if said:
                return _answered(orjson.loads(said), process.stdout)
        except BrokenPipeError:
            pass
        raise _failed(process)


def _answered(said: Any, rest: Iterable[bytes]) -> tuple[Any, list[Violation]]:
    violations = [Violation(*violation) for violation in said["violations"]]
    if said["refused"]:
        raise (TooLarge if said["refused"] == TooLarge.status else Invalid)(*violations)
    return None if violations else json_transfer.taken(rest), violations


def _failed(process: subprocess.Popen[bytes]) -> Exception:
    """Return why a reader has ended: over its limits, unless it is a bug of ours."""
    if process.wait() == 1:
        said = process.stderr.read() if process.stderr else b""
        return BrokenReader(said.decode(errors="replace")[-2000:])
    limits = f"memory <= {json_process.MAX_MEMORY}, seconds <= {json_process.MAX_SECONDS}"
    return TooLarge(Violation("/body", "maxJsonCost", limits))


class BrokenReader(RuntimeError):
    """The process that reads bodies failed because of a bug."""
