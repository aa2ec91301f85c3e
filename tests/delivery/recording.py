"""Record what the mock answers to the contract's examples, and to examples that are made wrong.

`python -m tests.delivery.recording FILE` writes a list of `{name, method, path, body, status,
answer, accepted}`: JSON requests and answers only, for tools that are held against them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from contract_tests.contract import Operation
from tests.mock.test_examples import SHOWN
from tests.serving import CLIENT, FROZEN, Mock, log_in, running

JSON = "application/json"


def _path(operation: Operation, given: list[dict[str, Any]], wrong: str = "") -> str:
    path, query = operation.path, list[tuple[str, Any]]()
    for each in given:
        value = wrong if wrong and each is given[-1] else each["example"]
        if each["in"] == "path":
            path = path.replace(f"{{{each['name']}}}", str(value))
        elif each["in"] == "query":
            query += [
                (each["name"], one) for one in (value if isinstance(value, list) else [value])
            ]
    return f"{path}?{urlencode(query, quote_via=quote)}" if query else path


def _exchange(mock: Mock, name: str, operation: Operation, path: str, body: Any) -> dict[str, Any]:
    mock.anonymous.post("/__admin/reset").raise_for_status()
    bearer = {"Authorization": f"Bearer {log_in(mock.anonymous)}"}
    basic = "clientBasic" in operation.schemes
    answer = mock.anonymous.request(
        operation.method,
        path,
        **({"json": body} if body is not None else {}),
        **({"auth": CLIENT} if basic else {"headers": bearer}),
    )
    is_json = answer.headers.get("content-type", "").endswith("json")
    return {
        "name": name,
        "method": operation.method.upper(),
        "path": path,
        "body": body,
        "status": answer.status_code,
        "answer": answer.json() if is_json else None,
        "accepted": answer.status_code < 300,
    }


def exchanges(mock: Mock) -> Iterator[dict[str, Any]]:
    """Each example with a JSON answer; and the same with a word for a number, a list for a body."""
    for name, operation, given, body, kind in SHOWN:
        if kind not in ("", JSON):
            continue
        found = _exchange(mock, name, operation, _path(operation, given), body)
        if found["answer"] is not None:
            yield found
        if given and given[-1].get("schema", {}).get("type") == "integer":
            path = _path(operation, given, "none")
            if given[-1]["in"] == "query":
                yield _exchange(mock, f"{name}, wrong", operation, path, body)
        if isinstance(body, dict):
            yield _exchange(mock, f"{name}, wrong", operation, _path(operation, given), {})


def main() -> None:
    """Write the exchanges into the file that is named."""
    with running(FROZEN) as mock:
        found = [*exchanges(mock)]
    Path(sys.argv[1]).write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
