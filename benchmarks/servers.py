"""The four servers that are compared, with a description of what each of them does."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openapi
from benchmarks.loads import LOAD_REQUESTS, LOGIN_REQUEST
from benchmarks.processes import ServerProcess, free_port, start_server
from benchmarks.shapes import ResponseSchemas
from mock_server.pages.contract_files import point_to_mock

HERE = Path(__file__).parent
NODE_PROGRAM = Path(sys.prefix) / "bin/node"
NODE_PACKAGES_FOLDER = Path(sys.prefix) / "bench-node"
PRISM_SCRIPT = NODE_PACKAGES_FOLDER / "node_modules/@stoplight/prism-cli/dist/index.js"


@dataclass(frozen=True)
class BenchmarkServer:
    """A server to compare.

    does, does_not: its work, for the report; start: returns a context that starts it on a free port
    and stops it at the end.
    """

    name: str
    title: str
    does: str
    does_not: str
    start: Callable[[Path], AbstractContextManager[ServerProcess]]


def start_mock(*options: str) -> AbstractContextManager[ServerProcess]:
    """Start our mock with a frozen clock, and other options."""
    # Frozen, so that the statuses of tasks do not depend on the time of day of a round.
    port = free_port()
    return start_server(
        [sys.executable, "-m", "mock_server", "--port", str(port), "--frozen", *options], port
    )


def _start_prism(folder: Path) -> AbstractContextManager[ServerProcess]:
    port = free_port()
    contract = _write_contract(folder, port)
    # A single process, because NODE_ENV=production starts a cluster, which fails in Prism 5.16.0.
    # It logs errors only: by default it logs several lines per request, ours and Scalar none.
    options = ["--port", str(port), "--host", "127.0.0.1", "--verboseLevel", "error"]
    return start_server(
        [str(NODE_PROGRAM), str(PRISM_SCRIPT), "mock", str(contract), *options], port
    )


def _start_scalar(folder: Path) -> AbstractContextManager[ServerProcess]:
    port = free_port()
    words = [
        str(NODE_PROGRAM),
        "--input-type=module",
        "-",
        str(_write_contract(folder, port)),
        str(port),
    ]
    return start_server(words, port, folder=NODE_PACKAGES_FOLDER, source=HERE / "scalar.mjs")


def _start_starlette(folder: Path) -> AbstractContextManager[ServerProcess]:
    port = free_port()
    words = [sys.executable, str(HERE / "bare.py"), str(port), str(folder / "bodies.json")]
    return start_server(words, port)


SERVERS = (
    BenchmarkServer(
        "mock",
        "mock",
        "checks the token, validates parameters and body, applies the business rules, computes the "
        "response from its records and the clock, stores what is written, and validates each "
        "response against the contract",
        "write to a disk",
        lambda _folder: start_mock(),
    ),
    BenchmarkServer(
        "prism",
        "Prism",
        "validates parameters and body, selects the example of the contract, and validates the "
        "example against the contract",
        "store anything: every task is that of the example. It accepts any bearer token. It logs "
        "errors only",
        _start_prism,
    ),
    BenchmarkServer(
        "scalar",
        "Scalar",
        "validates parameters and body (earlier versions did not), and returns the example of the "
        "contract",
        "store anything or validate its responses. It accepts any bearer token, and any text "
        "as a date-time in our format",
        _start_scalar,
    ),
    BenchmarkServer(
        "starlette",
        "Starlette",
        "routes the request, reads the body and returns fixed bytes, which come from the mock; it "
        "runs under the same uvicorn, event loop and HTTP parser",
        "validate, authenticate, compute or store anything, and does not even parse JSON",
        _start_starlette,
    ),
)


def prepare_comparison(folder: Path) -> ResponseSchemas:
    """Write the files that the servers read to `folder`; return the schemas of the responses.

    Raises MeasurementError if a response of the mock does not match the contract.
    """
    contract = openapi.load()
    loads = (LOGIN_REQUEST, *LOAD_REQUESTS)
    shapes = ResponseSchemas(contract, loads)
    with start_mock() as server:
        answers = {load: server.client.send_load(load) for load in LOAD_REQUESTS}
        answers[LOGIN_REQUEST] = server.client.login
    for load, answered in answers.items():
        shapes.check(load, answered)
    bodies = {f"{load.method} {load.template}": a.content.decode() for load, a in answers.items()}
    (folder / "bodies.json").write_text(json.dumps(bodies), encoding="utf-8")
    return shapes


def _write_contract(folder: Path, port: int) -> Path:
    """Write the bundled contract, with a local server in place of the provider's; return it."""
    document: dict[str, Any] = point_to_mock(openapi.load(), f"http://127.0.0.1:{port}", "bench")
    file = folder / f"contract-{port}.json"
    file.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return file
