"""`hypers-mock` as users start it: a process, its messages and exit codes."""

from __future__ import annotations

import copy
import gc
import io
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from pathlib import Path
from typing import Any

import httpx
import pytest

import openapi
from mock_server.__main__ import main
from tests.openapi.editing import copy_contract, edit_file
from tests.programs import require_program
from tests.serving import fetch_token

MOCK_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")
COMMAND = [sys.executable, "-m", "mock_server"]


@contextmanager
def start_mock(*arguments: str, **environment: str) -> Iterator[tuple[str, list[str]]]:
    """Start a mock process; yield its address and what it printed until it was ready."""
    with subprocess.Popen(
        [*COMMAND, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | environment,
    ) as process:
        assert process.stdout
        printed: list[str] = []
        try:
            for line in process.stdout:
                printed.append(line)
                if line == "\n" and "Try it:\n" in printed:
                    break
            address = MOCK_ADDRESS.search("".join(printed))
            assert address, printed
            yield address.group(0), printed
        finally:
            process.terminate()
            assert process.wait(10) == 0, process.stdout.read()


def startup_error(*arguments: str, **environment: str) -> str:
    """Return the only line that the command prints if it cannot start, called in this process."""
    (line,) = startup_errors(*arguments, **environment)
    return line


def startup_errors(*arguments: str, **environment: str) -> list[str]:
    """Return the lines that the command prints if it cannot start, called in this process."""
    err = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stderr(err):
        for name, value in environment.items():
            patch.setenv(name, value)
        try:
            code: object = main(arguments)
        except SystemExit as ended:  # as argparse ends
            code = ended.code
        finally:
            gc.enable()  # a start that fails leaves that to the end of its process
    assert code == 2
    return err.getvalue().splitlines()


def startup_error_of_process(*arguments: str) -> str:
    """Return the only line that a process prints if it cannot start; its exit code is 2."""
    done = subprocess.run(
        [*COMMAND, *arguments],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 2, done
    (line,) = str(done.stderr).splitlines()
    return line


def test_it_says_where_it_is_and_the_printed_curl_works_as_pasted() -> None:
    """The greeting has address, documentation, credentials, seed and a command that returns 200."""
    with start_mock("--port", "0", "--frozen", "--seed", "7") as (address, printed):
        text = "".join(printed)
        for expected in (
            f"{address}/docs/",
            f"{address}/openapi.yaml",
            "demo-client / demo-secret",
            "demo@example.com / demo-password",
            "seed 7",
            "2025-04-21T09:00:00+08:00",
        ):
            assert expected in text
        require_program("curl")
        command = text[text.index("curl ") :].replace("curl -s", "curl -s -w '%{http_code}'")
        done = subprocess.run(
            [require_program("bash"), "-c", command], capture_output=True, text=True, check=True
        )
        assert done.stdout.endswith("200")
        assert '"access_token"' in done.stdout


@pytest.mark.whole
def test_with_a_contract_of_others_the_printed_curl_asks_for_what_it_has(tmp_path: Path) -> None:
    """It uses a path of that contract, and no credentials of ours."""
    paths = {"/shops/{id}": {}, "/shops": {"get": {"responses": {"204": {"description": ""}}}}}
    root = tmp_path / "shop.json"
    info = {"title": "Shop", "version": "1"}
    root.write_text(json.dumps({"openapi": "3.0.3", "info": info, "paths": paths}), "utf-8")
    with start_mock("--port", "0", "--contract", str(root)) as (address, printed):
        text = "".join(printed)
        assert text.endswith(f"Try it:\n  curl -s {address}/shops\n\n")
        assert "demo-" not in text
        assert httpx.get(f"{address}/shops").status_code == 204


@pytest.mark.whole
def test_every_flag_has_an_environment_twin_and_the_flag_wins() -> None:
    """HYPERS_MOCK_SEED and others; the command line takes precedence."""
    variables = {
        "HYPERS_MOCK_PORT": "0",
        "HYPERS_MOCK_SEED": "11",
        "HYPERS_MOCK_SCENARIO": "empty",
        "HYPERS_MOCK_FROZEN": "2025-01-02T03:04:05+08:00",
        "HYPERS_MOCK_CORS": "false",
        "HYPERS_MOCK_MAX_BODY_SIZE": "100",
    }
    with start_mock("--scenario", "demo", **variables) as (address, printed):
        text = "".join(printed)
        assert "scenario       demo, seed 11, frozen: 2025-01-02T03:04:05+08:00" in text
        with httpx.Client(base_url=address) as client:
            big = {"grant_type": "password", "username": "u" * 200}
            answer = client.post("/oauth/token", json=big, auth=("demo-client", "demo-secret"))
            assert answer.status_code == 413
            answer = client.get("/", headers={"Origin": "http://localhost:5173"})
            assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--port", "x"), "whole number from 0 to 65535"),
        (("--port", "65536"), "whole number from 0 to 65535"),
        (("--seed", "-1"), "whole number"),
        (("--scenario", "full"), "demo, empty"),
        (("--frozen", "yesterday"), "2025-04-21T09:00:00+08:00"),
        (("--log-level", "loud"), "debug, info, warning, error"),
        (("--max-body-size", "0"), "whole number from 1"),
        (("--colour",), "unrecognized arguments"),
        (("--contract", "nowhere.yaml"), "broken contract"),
    ],
)
def test_a_bad_flag_is_one_clear_line_and_exit_code_2(
    arguments: tuple[str, ...], reason: str
) -> None:
    """The line has the wrong and the accepted values, and there is no traceback."""
    assert reason in startup_error("--port", "0", *arguments)


def test_a_bad_environment_value_is_refused_like_a_flag() -> None:
    """Environment variables are validated in the same way."""
    line = startup_error(HYPERS_MOCK_PORT="many")
    assert "65535" in line
    assert "HYPERS_MOCK_PORT" in line
    assert "HYPERS_MOCK_CORS" in startup_error(HYPERS_MOCK_CORS="perhaps")


def test_a_taken_port_is_one_clear_line_and_exit_code_2() -> None:
    """The line has the port and says that it is in use."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert f"cannot listen on 127.0.0.1:{port}" in startup_error_of_process("--port", port)


@pytest.mark.whole
@pytest.mark.parametrize("host", ["256.0.0.1", "192.0.2.1"])
def test_an_address_that_is_none_is_one_clear_line_and_exit_code_2(host: str) -> None:
    """The line has the address, and an example of a valid one.

    The check is made in a process, because this one allows loopback only.
    """
    line = startup_error_of_process("--port", "0", "--host", host)
    assert f"cannot listen on {host}" in line
    assert "--host must be an address or a name of this machine" in line


def test_a_broken_contract_is_one_clear_line_and_exit_code_2(tmp_path: Path) -> None:
    """The line has file, pointer and reason."""
    root = copy_contract(tmp_path)
    edit_file(root, "paths/notice-groups.yaml", "shared.yaml#/EmptyObject", "shared.yaml#/Gone")
    line = startup_error("--port", "0", "--contract", str(root))
    assert "paths/notice-groups.yaml#/" in line
    assert "nothing is there" in line


def test_a_handler_without_an_operation_refuses_to_start() -> None:
    """A handler without an operation of our contract is dead code or misspelt."""
    ours = openapi.load(readings="exact")
    ours["paths"]["/api/v1/marketing-notice/group/{id}"]["get"]["operationId"] = "readGroup"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(openapi, "load", lambda *_arguments, **_more: copy.deepcopy(ours))
        assert "handlers without an operation: get_group" in startup_error("--port", "0")


@pytest.mark.whole
def test_an_operation_without_a_handler_answers_its_example(tmp_path: Path) -> None:
    """It is the first named 200 example, with a header, and a warning at the start."""
    root = copy_contract(tmp_path)
    path = root.parent / "paths/notice-groups.yaml"
    item = """
/api/v1/marketing-notice/group/statistics:
  get:
    operationId: getGroupStatistics
    tags:
      - notice-groups
    summary: 组统计
    description: 尚未实现的操作。
    responses:
      '200':
        description: 统计。
        content:
          application/json:
            schema:
              type: object
            examples:
              first:
                summary: 第一个
                value:
                  groups: 2
              second:
                summary: 第二个
                value:
                  groups: 3
"""
    path.write_text(path.read_text(encoding="utf-8") + item, encoding="utf-8")
    name = "/api/v1/marketing-notice/group/statistics"
    pointer = name.replace("/", "~1")
    reference = f"  {name}:\n    $ref: paths/notice-groups.yaml#/{pointer}\n"
    edit_file(root, "openapi.yaml", "paths:\n", f"paths:\n{reference}")
    with start_mock("--port", "0", "--contract", str(root)) as (address, printed):
        assert "getGroupStatistics has no handler" in "".join(printed)
        with httpx.Client(base_url=address) as client:
            client.headers["Authorization"] = f"Bearer {fetch_token(client)}"
            answer = client.get(name)
            assert answer.json() == {"groups": 2}
            assert answer.headers["X-Mock-Source"] == "contract"
            ours = client.get("/api/v1/marketing-notice/group")
            assert "X-Mock-Source" not in ours.headers


@pytest.mark.whole
def test_watch_serves_a_changed_contract_and_keeps_the_world(tmp_path: Path) -> None:
    """Changes are served without a restart; a broken one is reported and the old contract stays."""
    root = copy_contract(tmp_path)
    with (
        start_mock("--port", "0", "--watch", "--contract", str(root)) as (address, _),
        httpx.Client(base_url=address) as client,
    ):
        client.headers["Authorization"] = f"Bearer {fetch_token(client)}"
        made = client.post("/api/v1/marketing-notice/group", json={"name": "新组"}).json()
        time.sleep(0.5)  # the watcher needs a moment to begin
        edit_file(root, "openapi.yaml", "version: 1.0.0", "version: 1.0.1")
        assert becomes_true(lambda: contract_version(client) == "1.0.1")
        assert client.get(f"/api/v1/marketing-notice/group/{made['id']}").json() == made
        edit_file(root, "openapi.yaml", "version: 1.0.1", "version: [")
        time.sleep(1)
        assert contract_version(client) == "1.0.1"


def contract_version(client: httpx.Client) -> Any:
    """Return the version of the served contract."""
    return client.get("/openapi.json").json()["info"]["version"]


def becomes_true(condition: Any) -> bool:
    """Return whether a condition becomes true within ten seconds."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return False
