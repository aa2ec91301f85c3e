"""The example of a frontend passes its tests against the mock, step by step as in its CI."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import openapi
from benchmarks.processes import free_port
from mock_server.control.contract import load_control_contract
from mock_server.testing import connect
from tests.examples.frontend import (
    CHECKOUT,
    EXAMPLE,
    IS_INSTALLED,
    START,
    Frontend,
    ci_steps,
    copy_example,
)
from tests.programs import require_program
from tests.serving import PASSWORD_GRANT

CALL = re.compile(r'call<"(\w+)">\(\s*"([A-Z]+)",\s*["`]([^"`]+)["`]')
OPERATION = re.compile(r"^    (\w+): \{$", re.MULTILINE)
MISUSE = """
import { Mock } from "./mock/mock";

const mock = new Mock("http://127.0.0.1:4010");
await mock.faults.add({ operation: "listGroups", satus: 503 });
await mock.clock.advance({ hour: 1 });
(await mock.requests.find("listGroups")).map((each) => each.pth);
"""


@pytest.fixture(scope="module")
def frontend(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Frontend]:
    """A copy with a mock that runs, and generated types, after the first steps of the CI."""
    copied = copy_example(tmp_path_factory.mktemp("example"))
    [start] = [each["run"] for each in ci_steps() if each.get("name") == START]
    with copied.background(start, copied.folder / "mock-output"):
        run_step(copied, "npm run types")
        yield copied


def run_step(frontend: Frontend, command: str, *options: str, **environment: str) -> str:
    """Run a step of the CI, with more options for its program; it has to succeed."""
    assert command in [each["run"] for each in ci_steps()]
    words = " ".join([command, "--", *options]) if options else command
    done = frontend.run(words, **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.whole
def test_it_compiles_with_the_types_of_both_contracts(frontend: Frontend) -> None:
    """They are generated from the mock that runs, so they cannot be stale."""
    run_step(frontend, "npm run check")
    for file, document in (
        ("src/hypers.d.ts", openapi.load()),
        ("mock/control-plane.d.ts", load_control_contract(secured=True)),
    ):
        text = (frontend.folder / file).read_text(encoding="utf-8")
        _, _, interface = text.partition("export interface operations {\n")
        assert set(OPERATION.findall(interface)) == set(operation_ids(document))


@pytest.mark.whole
def test_a_misspelled_field_of_the_control_plane_does_not_compile(frontend: Frontend) -> None:
    """In a body, in a duration and in a response."""
    (frontend.folder / "misuse.ts").write_text(MISUSE, encoding="utf-8")
    options = "--noEmit --strict --skipLibCheck --target es2022 --module esnext"
    done = frontend.run(f"npx tsc {options} --moduleResolution bundler misuse.ts")
    assert re.findall(r"misuse\.ts\((\d+),\d+\): error (TS\d+)", done.stdout) == [
        ("5", "TS2561"),
        ("6", "TS2561"),
        ("7", "TS2551"),
    ]


@pytest.mark.whole
def test_vitest_passes_with_a_session_for_each_worker(frontend: Frontend) -> None:
    """It starts a mock of its own; one response comes from MSW."""
    run_step(frontend, "npm test", "--reporter=json", "--outputFile=vitest.json")
    report = json.loads((frontend.folder / "vitest.json").read_text(encoding="utf-8"))
    files = {each["name"].rpartition("/")[2]: each["status"] for each in report["testResults"]}
    assert files == {"api.test.ts": "passed", "msw.test.ts": "passed"}
    assert (report["numPassedTests"], report["numTotalTests"]) == (6, 6)


@pytest.mark.whole
def test_playwright_passes_in_two_workers(frontend: Frontend) -> None:
    """With a session for each, a snapshot, faults, and a refusal beside its field."""
    run_step(
        frontend,
        "npm run e2e",
        "--reporter=json",
        MOCK_URL=f"http://127.0.0.1:{free_port()}",
        PAGE_URL=f"http://127.0.0.1:{free_port()}",
        PLAYWRIGHT_JSON_OUTPUT_NAME="playwright.json",
    )
    report = json.loads((frontend.folder / "playwright.json").read_text(encoding="utf-8"))
    results = {
        spec["title"]: result
        for suite in report["suites"]
        for spec in suite["specs"]
        for test in spec["tests"]
        for result in test["results"]
    }
    assert {name: each["status"] for name, each in results.items()} == dict.fromkeys(
        (
            "a user logs in and sees the tasks",
            "a wrong password is refused",
            "a new task is the first of the list",
            "a task starts at its time",
            "a refusal is shown beside its field",
            "a list that fails once can be loaded again",
            "a user whose token has expired logs in again",
        ),
        "passed",
    )
    assert {each["parallelIndex"] for each in results.values()} == {0, 1}


@pytest.mark.whole
def test_the_dev_server_adds_the_secret_and_takes_a_session_in_its_url(
    frontend: Frontend, tmp_path: Path
) -> None:
    """The page needs neither; the login gets a token of that session."""
    mock = connect(f"http://127.0.0.1:{frontend.port}").session("mine")
    page = f"http://127.0.0.1:{free_port()}"
    vite = f"MOCK_URL={mock.api_url} npx vite --port {page.rpartition(':')[2]} --strictPort"
    wait = f"timeout 60 sh -c 'until curl -s -o index {page}; do sleep 0.2; done'"
    require_program("curl")
    with frontend.background(f"{vite} & {wait}", tmp_path / "output"):
        response = httpx.post(f"{page}/oauth/token", json=PASSWORD_GRANT)
    assert response.json()["access_token"]
    assert mock.requests.count("createToken", status=200) == 1


def test_each_step_of_the_ci_is_run_here() -> None:
    """Or it installs what is installed."""
    steps = [each["run"] for each in ci_steps() if each.get("name") != START]
    run_here = ["npm run types", "npm run check", "npm test", "npm run e2e"]
    assert steps == [*IS_INSTALLED, *run_here]


def test_each_call_of_the_client_is_an_operation_of_the_control_plane() -> None:
    """Method and path are those of its operationId, which the types cannot see."""
    text = (EXAMPLE / "mock/mock.ts").read_text(encoding="utf-8")
    calls = [
        (name, method, re.sub(r"\$\{[^}]+\}", "{}", path))
        for name, method, path in CALL.findall(text)
    ]
    paths = load_control_contract(secured=True)["paths"]
    operations = {
        (operation["operationId"], method.upper(), re.sub(r"\{\w+\}", "{}", path))
        for path, item in paths.items()
        for method, operation in item.items()
    }
    assert len(calls) == text.count("call<") - 1, "each call but the definition"
    assert set(calls) <= operations


def test_tools_that_the_project_also_uses_have_its_versions() -> None:
    """One version of each is tried here."""
    ours, theirs = (
        json.loads(path.read_text(encoding="utf-8"))["devDependencies"]
        for path in (CHECKOUT / ".ci/package.json", EXAMPLE / "package.json")
    )
    shared = ours.keys() & theirs.keys()
    assert {"openapi-typescript", "typescript"} <= shared
    assert {name: ours[name] for name in shared} == {name: theirs[name] for name in shared}
    assert ours["playwright-core"] == theirs["@playwright/test"]


def operation_ids(document: Any) -> list[str]:
    """Return the operationIds of a contract."""
    return [each["operationId"] for _, _, _, each in openapi.iter_operations(document)]
