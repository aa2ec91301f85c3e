"""Printed commands work and contain no secret."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess

import pytest

from tests.contract_tests.faulty_server import MockExchange, run_faulty_mock
from tests.contract_tests.run_check import QUICK, run_check
from tests.programs import require_program
from tests.serving import CLIENT_CREDENTIALS, PASSWORD_GRANT, client_for, fetch_token


def unknown_status(answer: MockExchange) -> None:
    """The status is unknown; the rest of the response is unchanged."""
    answer.status = 299 if answer.status < 300 else 499


def run_printed_command(command: str, address: str) -> str:
    """Return the status that a printed command gets, run by a shell with TOKEN and CLIENT."""
    require_program("curl")
    with client_for(address) as client:
        token = fetch_token(client) if "$TOKEN" in command else ""
    done = subprocess.run(
        [
            *(require_program("bash"), "-c"),
            command.replace("curl ", "curl -s -o /dev/null -w '%{http_code}' ", 1),
        ],
        env=os.environ | {"TOKEN": token, "CLIENT": ":".join(CLIENT_CREDENTIALS)},
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )
    return done.stdout


@pytest.mark.parametrize(
    ("path", "only"),
    [
        ("/api/v1/file", "uploadFile"),
        ("/api/v1/marketing-notice/group", "listGroups"),
        ("/api/v1/notification-tasks/.*", "terminateNotificationTask"),
    ],
)
def test_each_command_shows_its_violation_again(path: str, only: str) -> None:
    """Forms, queries, paths and JSON survive the shell and get the same wrong status."""
    with run_faulty_mock("*", path, unknown_status) as address:
        outcome = run_check("--target", address, "--only", only, *QUICK)
        assert outcome.code == 1
        commands = [each for each in outcome.commands if re.search(path, each)]
        assert len(commands) > 1
        for command in commands:
            assert run_printed_command(command, address) in ("299", "499"), command


def test_a_violation_is_printed_once() -> None:
    """A violation is printed once, however many responses have it."""
    with run_faulty_mock("*", "/api/v1/file", unknown_status) as address:
        outcome = run_check("--target", address, "--only", "uploadFile", *QUICK)
    blocks = outcome.out.split("\n\n")
    assert len(blocks) == len(set(blocks))
    assert "responses; the shortest request of these:" in outcome.out


def test_no_secret_is_printed() -> None:
    """No password, client secret or token is printed, in any encoding."""
    given: set[str] = set()

    def violate(answer: MockExchange) -> None:
        if answer.status == 200:
            given.update(answer.json[name] for name in ("access_token", "refresh_token"))
            if len(given) > 2:  # not the check's own login
                answer.status = 201

    with run_faulty_mock("POST", "/oauth/token", violate) as address:
        outcome = run_check("--target", address, "--only", "auth", "--max-examples", "3")
    assert outcome.code == 1
    printed = outcome.out + outcome.err
    basic = base64.b64encode(":".join(CLIENT_CREDENTIALS).encode()).decode()
    secrets = {CLIENT_CREDENTIALS[1], PASSWORD_GRANT["password"], basic, *given}
    assert len(secrets) > 6
    assert [secret for secret in secrets if secret in printed] == []
    assert json.dumps("[Filtered]") in printed
    assert '-u "$CLIENT"' in printed
