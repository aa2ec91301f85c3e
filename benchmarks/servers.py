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
from benchmarks.loads import LOADS, LOGIN
from benchmarks.processes import Running, free_port, running
from benchmarks.shapes import Shapes
from mock_server.pages.contract_files import served

HERE = Path(__file__).parent
NODE = Path(sys.prefix) / "bin/node"
PACKAGES = Path(sys.prefix) / "bench-node"
PRISM = PACKAGES / "node_modules/@stoplight/prism-cli/dist/index.js"


@dataclass(frozen=True)
class Server:
    """One of the four: `start` starts it on a free port and stops it at the end of the context."""

    name: str
    title: str
    does: str
    does_not: str
    start: Callable[[Path], AbstractContextManager[Running]]


def mock() -> AbstractContextManager[Running]:
    """Our mock, its clock standing still so that a round's answers do not depend on the hour."""
    port = free_port()
    return running([sys.executable, "-m", "mock_server", "--port", str(port), "--frozen"], port)


def _prism(folder: Path) -> AbstractContextManager[Running]:
    port = free_port()
    contract = _contract(folder, port)
    # One process, as it is without NODE_ENV=production (whose cluster fails to start in 5.16.0).
    # Its log would have several lines a request; ours and Scalar's have none.
    options = ["--port", str(port), "--host", "127.0.0.1", "--verboseLevel", "error"]
    return running([str(NODE), str(PRISM), "mock", str(contract), *options], port)


def _scalar(folder: Path) -> AbstractContextManager[Running]:
    port = free_port()
    words = [str(NODE), "--input-type=module", "-", str(_contract(folder, port)), str(port)]
    return running(words, port, folder=PACKAGES, source=HERE / "scalar.mjs")


def _starlette(folder: Path) -> AbstractContextManager[Running]:
    port = free_port()
    words = [sys.executable, str(HERE / "bare.py"), str(port), str(folder / "bodies.json")]
    return running(words, port)


SERVERS = (
    Server(
        "mock",
        "mock",
        "knows every token that it has issued, validates parameters and body, applies the "
        "business rules, derives the answer from its records and the clock, keeps what is "
        "written, and holds each answer against the contract",
        "write to a disk",
        lambda _folder: mock(),
    ),
    Server(
        "prism",
        "Prism",
        "validates parameters and body, chooses the contract's example, and holds the example "
        "against the contract",
        "remember anything: every task is the example's. Any bearer token is good. Its log is off "
        "but for errors",
        _prism,
    ),
    Server(
        "scalar",
        "Scalar",
        "validates parameters and body (this version; earlier ones did not), and answers the "
        "contract's example",
        "remember anything, or check its own answers. Any bearer token is good. It takes our "
        "date-time format for any text",
        _scalar,
    ),
    Server(
        "starlette",
        "Starlette",
        "routes, reads the body and returns stored bytes, those that the mock answered; under the "
        "same uvicorn, event loop and HTTP parser",
        "validate, authenticate, compute or remember anything, or so much as parse JSON",
        _starlette,
    ),
)


def prepare(folder: Path) -> Shapes:
    """Write what the servers read into `folder`; returns how their answers are to look.

    Raises Unfit when the mock does not answer as documented.
    """
    contract = openapi.load()
    loads = (LOGIN, *LOADS)
    shapes = Shapes(contract, loads)
    with mock() as server:
        answers = {load: server.client.ask(load) for load in LOADS}
        answers[LOGIN] = server.client.login
    for load, answered in answers.items():
        shapes.check(load, answered)
    bodies = {f"{load.method} {load.template}": a.content.decode() for load, a in answers.items()}
    (folder / "bodies.json").write_text(json.dumps(bodies), encoding="utf-8")
    return shapes


def _contract(folder: Path, port: int) -> Path:
    """The bundled contract as a file, the server on this port in place of the provider's."""
    document: dict[str, Any] = served(openapi.load(), f"http://127.0.0.1:{port}", "bench")
    file = folder / f"contract-{port}.json"
    file.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return file
