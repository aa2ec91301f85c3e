"""The ways of the README without make start the mock: `pipx run` and `uvx`.

From the clone, a wheel and a Git URL.
"""

from __future__ import annotations

import os
import signal
import subprocess
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.delivery.distributions import build_wheel
from tests.docs.markdown import MarkdownFile
from tests.processes import MOCK_ADDRESS
from tests.serving import fetch_token

pytestmark = [pytest.mark.whole, pytest.mark.timeout(600)]
CHECKOUT = Path(__file__).parents[2]
DOCUMENTED = [
    example.command
    for example in MarkdownFile("README.md").examples()
    if example.command.startswith(("pipx run", "uvx"))
]


@pytest.fixture(scope="module")
def runners(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of pipx, uv and uvx, in an environment of their own."""
    folder = tmp_path_factory.mktemp("runners")
    venv.EnvBuilder(symlinks=True, with_pip=True).create(folder)
    command = [str(folder / "bin/python"), "-m", "pip", "install", "--quiet", "--requirement"]
    subprocess.run([*command, str(CHECKOUT / ".ci/runners.txt")], timeout=300, check=True)
    return folder / "bin"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of a release."""
    return build_wheel(tmp_path_factory.mktemp("wheel"), "--wheel")


@contextmanager
def run_mock_command(
    command: list[str], runners: Path, home: Path
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run a command that starts the mock, with an empty home; yield its address and the process."""
    home.mkdir(exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HYPERS_")}
    kept.pop("VIRTUAL_ENV", None)
    with subprocess.Popen(
        [str(runners / command[0]), *command[1:], "--port", "0"],
        cwd=CHECKOUT,
        env={
            **kept,
            "HOME": str(home),
            "PATH": f"{runners}:{os.environ['PATH']}",
            "UV_CACHE_DIR": str(home.parent / "uv-cache"),
            # The clone may belong to another user, as in a container of GitHub Actions.
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "safe.directory",
            "GIT_CONFIG_VALUE_0": "*",
        },
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout
        try:
            found = next(filter(None, map(MOCK_ADDRESS.search, process.stdout)))
            yield found[0], process
        finally:
            os.killpg(process.pid, signal.SIGTERM)


def test_both_ways_are_documented() -> None:
    """The README has one command for pipx and one for uv; those are the ones that are run."""
    assert [command.split()[0] for command in DOCUMENTED] == ["pipx", "uvx"]


@pytest.mark.parametrize("command", DOCUMENTED, ids=lambda command: command.split()[0])
@pytest.mark.parametrize("source", ["clone", "wheel"])
def test_the_documented_command_starts_the_mock(
    command: str, source: str, runners: Path, wheel: Path, tmp_path: Path
) -> None:
    """In place of the dot, a wheel does as well; the mock serves a token."""
    place = {"clone": ".", "wheel": str(wheel)}[source]
    words = [place if word == "." else word for word in command.split()]
    with run_mock_command(words, runners, tmp_path / "home") as (address, process):
        with httpx.Client(base_url=address) as client:
            assert fetch_token(client)
        assert process.poll() is None


def test_a_git_url_starts_the_mock(runners: Path, tmp_path: Path) -> None:
    """The wheel is built from the commit, without make and without a clone."""
    # In a source distribution there is no commit to install.
    if not (CHECKOUT / ".git").exists():
        pytest.skip("this is not a Git clone")
    words = ["uvx", "--from", f"git+file://{CHECKOUT}", "hypers-mock"]
    with run_mock_command(words, runners, tmp_path / "home") as (address, _):
        assert httpx.get(f"{address}/openapi.json").status_code == 200
