"""Record the mock's answers to the contract's examples and to broken variants of them.

`python -m tests.delivery.record_examples FILE` writes a list of `{name, operation, method, path,
type, body, status, answerType, answer, accepted}` for tools that are held against them. `body` and
`answer` are base64; types are media types, empty where there is no body.
"""

from __future__ import annotations

import json
import sys
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx

from tests.mock_server.example_requests import (
    EXAMPLE_REQUESTS,
    ExampleRequest,
    path_and_query,
    send_example,
)
from tests.serving import FROZEN, RunningMock, run_mock


def _exchange_record(name: str, operation: str, answer: httpx.Response) -> dict[str, Any]:
    sent = answer.request
    return {
        "name": name,
        "operation": operation,
        "method": sent.method,
        "path": sent.url.raw_path.decode(),
        "type": sent.headers.get("content-type", ""),
        "body": b64encode(sent.read()).decode(),
        "status": answer.status_code,
        "answerType": answer.headers.get("content-type", "") if answer.content else "",
        "answer": b64encode(answer.content).decode(),
        "accepted": answer.is_success,
    }


def record_exchanges(mock: RunningMock) -> Iterator[dict[str, Any]]:
    """Yield each example, and variants with a word for a number or without fields in the body."""
    for request in EXAMPLE_REQUESTS:
        operation = request.operation.name
        yield _exchange_record(request.name, operation, send_example(mock, request))
        last = request.given[-1] if request.given else {}
        if last.get("in") == "query" and last.get("schema", {}).get("type") == "integer":
            query = [*path_and_query(request)[1][:-1], (last["name"], "none")]
            answer = send_example(mock, request, query=query)
            yield _exchange_record(f"{request.name}, wrong", operation, answer)
        if request.kind:
            yield _exchange_record(
                f"{request.name}, wrong", operation, send_example(mock, _without_fields(request))
            )


def _without_fields(request: ExampleRequest) -> ExampleRequest:
    """Return the request without fields in its body; a form keeps its file, as it needs a part."""
    return replace(request, body={k: v for k, v in request.body.items() if k == "file"})


def main() -> None:
    """Write the exchanges to the given file."""
    with run_mock(FROZEN) as mock:
        found = [*record_exchanges(mock)]
    Path(sys.argv[1]).write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
