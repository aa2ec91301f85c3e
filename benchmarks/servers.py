"""The four servers that are measured side by side, and what each does for its speed."""

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
    """One of the four: `start` starts it on a free port and stops it at the end of the context."""

    name: str
    title: str
    does: str
    does_not: str
    start: Callable[[Path], AbstractContextManager[ServerProcess]]


def start_mock() -> AbstractContextManager[ServerProcess]:
    """Our mock, its clock standing still so that a round's answers do not depend on the hour."""
    port = free_port()
    return start_server(
        [sys.executable, "-m", "mock_server", "--port", str(port), "--frozen"], port
    )


def _start_prism(folder: Path) -> AbstractContextManager[ServerProcess]:
    port = free_port()
    contract = _write_contract(folder, port)
    # One process, as it is without NODE_ENV=production (whose cluster fails to start in 5.16.0).
    # Its log would have several lines a request; ours and Scalar's have none.
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
        "knows every token that it has issued, validates parameters and body, applies the "
        "business rules, derives the answer from its records and the clock, keeps what is "
        "written, and holds each answer against the contract",
        "write to a disk",
        lambda _folder: start_mock(),
    ),
    BenchmarkServer(
        "prism",
        "Prism",
        "validates parameters and body, chooses the contract's example, and holds the example "
        "against the contract",
        "remember anything: every task is the example's. Any bearer token is good. Its log is off "
        "but for errors",
        _start_prism,
    ),
    BenchmarkServer(
        "scalar",
        "Scalar",
        "validates parameters and body (this version; earlier ones did not), and answers the "
        "contract's example",
        "remember anything, or check its own answers. Any bearer token is good. It takes our "
        "date-time format for any text",
        _start_scalar,
    ),
    BenchmarkServer(
        "starlette",
        "Starlette",
        "routes, reads the body and returns stored bytes, those that the mock answered; under the "
        "same uvicorn, event loop and HTTP parser",
        "validate, authenticate, compute or remember anything, or so much as parse JSON",
        _start_starlette,
    ),
)


def prepare_comparison(folder: Path) -> ResponseSchemas:
    """Write what the servers read into `folder`; returns how their answers are to look.

    Raises Unfit when the mock does not answer as documented.
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
    """The bundled contract as a file, the server on this port in place of the provider's."""
    document: dict[str, Any] = point_to_mock(openapi.load(), f"http://127.0.0.1:{port}", "bench")
    file = folder / f"contract-{port}.json"
    file.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return file
