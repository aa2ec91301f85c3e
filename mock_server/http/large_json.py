"""Large JSON bodies, read in a process (`json_process.py`) so that other requests do not wait."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple

import orjson

from mock_server.errors import ContentTooLarge, ErrorDetail, InvalidRequest
from mock_server.http import json_process
from mock_server.http.body_preparation import BodyPreparation
from mock_server.http.json_process import USUAL_COST, JsonCost
from mock_server.http.schemas import SchemaChecker
from mock_server.runtime import json_transfer
from mock_server.runtime.process_limits import is_failure
from mock_server.runtime.worker_processes import WorkerJob, WorkerPool


class BodySchema(NamedTuple):
    """The preparation of a body, and the checker of the result."""

    checker: SchemaChecker
    preparation: BodyPreparation


async def read_large_json(
    workers: WorkerPool,
    chunks: Sequence[bytes],
    schema: BodySchema,
    values: int,
    cost: JsonCost = USUAL_COST,
) -> tuple[Any, list[ErrorDetail]]:
    """Return the value of a JSON text, prepared, and its violations of the schema.

    chunks: the text; values: maximum number of values in it; cost: limits of reading it.
    With violations, the value is None.
    Raises ContentTooLarge, InvalidRequest for invalid JSON, ClientDisconnected and
    ServiceUnavailable.
    """
    return await workers.run(partial(_read_in_process, chunks, schema, values, cost))


def _read_in_process(
    chunks: Sequence[bytes], schema: BodySchema, values: int, cost: JsonCost, job: WorkerJob
) -> tuple[Any, list[ErrorDetail]]:
    size = sum(map(len, chunks))
    head = orjson.dumps(
        {
            "size": size,
            "values": values,
            "cost": [*cost],
            "checker": schema.checker.definition,
            "preparation": schema.preparation.definition,
        }
    )
    with job.start_process(json_process.__name__) as process:
        if process.stdin is None or process.stdout is None:
            raise JsonProcessError("no pipes")
        try:
            process.stdin.writelines((head, b"\n", *chunks))
            process.stdin.flush()
            said = process.stdout.readline()
            if said:
                return _parse_result(orjson.loads(said), process.stdout)
        except OSError:  # it ended while we were writing: BrokenPipeError, or EINVAL on Windows
            pass
        raise _process_error(process, cost)


def _parse_result(said: Any, rest: Iterable[bytes]) -> tuple[Any, list[ErrorDetail]]:
    violations = [ErrorDetail(*violation) for violation in said["violations"]]
    if said["refused"]:
        raise (ContentTooLarge if said["refused"] == ContentTooLarge.status else InvalidRequest)(
            *violations
        )
    return None if violations else json_transfer.decode_lines(rest), violations


def _process_error(process: subprocess.Popen[bytes], cost: JsonCost) -> Exception:
    """Return the error for a process that ended without a result."""
    # Every end but by a bug (EXIT_OUT_OF_MEMORY, SIGALRM, SIGKILL by the system) means that the
    # body exceeded a limit.
    code, said = process.wait(), process.stderr.read() if process.stderr else b""
    if is_failure(code, said):
        return JsonProcessError(said.decode(errors="replace")[-2000:])
    limits = f"memory <= {cost.memory}, seconds <= {cost.seconds}"
    return ContentTooLarge(ErrorDetail("/body", "maxJsonCost", limits))


class JsonProcessError(RuntimeError):
    """The process that reads bodies failed because of a bug in the mock."""
