"""The image and the compose file agree with the project; `.ci/try-image` runs their steps."""

from __future__ import annotations

import re
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

from contract_tests.options import build_parser
from tests.delivery.dockerfile import (
    DOCKERFILE,
    Stage,
    command_words,
    copied_paths,
    read_stages,
)
from tests.serving import RunningMock

CHECKOUT = DOCKERFILE.parent
COMPOSE: dict[str, Any] = yaml.safe_load((CHECKOUT / "compose.yaml").read_text(encoding="utf-8"))
VENV = "/opt/hypers"


@pytest.fixture(scope="module")
def stages() -> list[Stage]:
    """The stages of the Dockerfile."""
    return read_stages(DOCKERFILE.read_text(encoding="utf-8"))


def health_code(stages: list[Stage]) -> str:
    """Return the Python code of the health check."""
    program, option, code = command_words(stages[-1].last("HEALTHCHECK"))
    assert (program, option) == (f"{VENV}/bin/python", "-c")
    return code


def test_the_stages_begin_with_one_dated_image(stages: list[Stage]) -> None:
    """The tag of a day is never moved, and try-image finds the Debian in it."""
    assert {re.sub("[0-9]{8}", "DAY", stage.base) for stage in stages} == {"debian:trixie-DAY-slim"}
    assert len({stage.base for stage in stages}) == 1


def test_the_image_runs_the_mock_as_an_ordinary_user(stages: list[Stage]) -> None:
    """The user is a number, which Kubernetes can check; no shell stands between it and SIGTERM."""
    user, group = map(int, stages[-1].last("USER").split(":"))
    assert min(user, group) >= 10000
    assert command_words(stages[-1].last("CMD")) == ["hypers-mock"]
    assert stages[-1].last("EXPOSE") == "4010"
    names = [each.name for each in stages[-1].instructions]
    assert "RUN" not in names[names.index("USER") :]


def test_only_what_the_wheel_needs_is_sent_and_copied(stages: list[Stage]) -> None:
    """.dockerignore excludes all but the sources of the COPY instructions."""
    ignored, *kept = (CHECKOUT / ".dockerignore").read_text(encoding="utf-8").split()
    assert ignored == "*"
    assert kept.pop() == "**/__pycache__"
    copied = [
        source
        for stage in stages
        for name, text in stage.instructions
        if name == "COPY" and not copied_paths(text)[0]
        for source in copied_paths(text)[1]
    ]
    assert sorted(copied) == sorted(line.removeprefix("!") for line in kept)
    assert all((CHECKOUT / source).exists() for source in copied)
    assert not [source for source in copied if fnmatch(source, "*.env")]


def test_the_image_installs_the_pinned_versions(stages: list[Stage]) -> None:
    """Constraints apply, and pip is not part of the image."""
    [install] = [text for name, text in stages[0].instructions if "pip install" in text]
    assert "--constraint constraints.txt" in install
    assert "pip uninstall -y pip" in install
    assert copied_paths(stages[-1].last("COPY")) == (stages[0].name, [VENV], VENV)


def test_the_health_check_succeeds_on_a_mock_and_fails_without(
    stages: list[Stage], shared_mock: RunningMock
) -> None:
    """It needs nothing but Python, and no token."""
    for port, code in ((shared_mock.address.rpartition(":")[2], 0), ("9", 1)):
        done = subprocess.run(
            [sys.executable, "-I", "-c", health_code(stages)],
            env={"HYPERS_MOCK_PORT": port},
            capture_output=True,
            timeout=30,
            check=False,
        )
        assert done.returncode == code


@pytest.mark.parametrize("service", ["mock", "check"])
def test_the_services_have_no_more_rights_than_they_need(service: str) -> None:
    """Read-only file system, no capabilities; the mock is published on loopback only."""
    table = COMPOSE["services"][service]
    assert table["read_only"] is True
    assert table["cap_drop"] == ["ALL"]
    assert table["security_opt"] == ["no-new-privileges:true"]
    for port in table.get("ports", ()):
        assert port.startswith("127.0.0.1:")


def test_the_services_use_what_the_image_and_the_commands_have(stages: list[Stage]) -> None:
    """Build arguments, options, environment variables and ports exist."""
    mock, check = COMPOSE["services"]["mock"], COMPOSE["services"]["check"]
    arguments = {text.partition("=")[0] for name, text in stages[0].instructions if name == "ARG"}
    assert check["build"]["args"].keys() == arguments
    program, *words = check["entrypoint"]  # so that options may follow
    assert program == "hypers-check"
    target = build_parser().parse_args(words).target
    assert mock["ports"] == [f"{target.removeprefix('http://')}:{stages[-1].last('EXPOSE')}"]
    assert check["network_mode"] == "service:mock"
    readme = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    for name in (*mock["environment"], *check["environment"]):
        assert f"`{name}`" in readme


def test_an_instruction_that_is_not_read_is_refused() -> None:
    """Otherwise try-image would leave out a step."""
    with pytest.raises(ValueError, match="SHELL"):
        read_stages('FROM a\nSHELL ["bash"]')
    [first, second] = read_stages("# a\nFROM a AS b\nRUN one \\\n    && two\n\nFROM c\nCMD []")
    assert (first.name, first.instructions[0].text, second.base) == ("b", "one && two", "c")


def test_the_script_that_tries_the_image_is_executable() -> None:
    """Its own test takes minutes and needs root: it is run by hand."""
    script = Path(CHECKOUT, ".ci", "try-image")
    assert script.stat().st_mode & 0o111
    assert "tests.delivery.try_image" in script.read_text(encoding="utf-8")
