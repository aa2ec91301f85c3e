"""What is printed can be acted on, and holds no secret."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess

import pytest

from tests.contract_tests.faulty_server import Exchange, spoiled
from tests.contract_tests.run_check import QUICK, check
from tests.programs import needed
from tests.serving import CLIENT, PASSWORD_GRANT, client_of, log_in


def unknown_status(answer: Exchange) -> None:
    """A status that no operation has; what the answer holds stays as it is."""
    answer.status = 299 if answer.status < 300 else 499


def run(command: str, address: str) -> str:
    """The status that a printed command gets, run by a shell that knows TOKEN and CLIENT."""
    needed("curl")
    with client_of(address) as client:
        token = log_in(client) if "$TOKEN" in command else ""
    done = subprocess.run(
        [
            *(needed("bash"), "-c"),
            command.replace("curl ", "curl -s -o /dev/null -w '%{http_code}' ", 1),
        ],
        env=os.environ | {"TOKEN": token, "CLIENT": ":".join(CLIENT)},
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
    """Forms, queries, paths and JSON survive the shell; each gets the status that was wrong."""
    with spoiled("*", path, unknown_status) as address:
        outcome = check("--target", address, "--only", only, *QUICK)
        assert outcome.code == 1
        commands = [each for each in outcome.commands if re.search(path, each)]
        assert len(commands) > 1
        for command in commands:
            assert run(command, address) in ("299", "499"), command


def test_a_violation_is_printed_once() -> None:
    """However many answers showed it."""
    with spoiled("*", "/api/v1/file", unknown_status) as address:
        outcome = check("--target", address, "--only", "uploadFile", *QUICK)
    blocks = outcome.out.split("\n\n")
    assert len(blocks) == len(set(blocks))
    assert "answers; the smallest request of these:" in outcome.out


def test_no_secret_is_printed() -> None:
    """Neither password nor client secret, nor any token that the server gave, in any spelling."""
    given: set[str] = set()

    def violate(answer: Exchange) -> None:
        if answer.status == 200:
            given.update(answer.json[name] for name in ("access_token", "refresh_token"))
            if len(given) > 2:  # not the check's own login
                answer.status = 201

    with spoiled("POST", "/oauth/token", violate) as address:
        outcome = check("--target", address, "--only", "auth", "--max-examples", "3")
    assert outcome.code == 1
    printed = outcome.out + outcome.err
    basic = base64.b64encode(":".join(CLIENT).encode()).decode()
    secrets = {CLIENT[1], PASSWORD_GRANT["password"], basic, *given}
    assert len(secrets) > 6
    assert [secret for secret in secrets if secret in printed] == []
    assert json.dumps("[Filtered]") in printed
    assert '-u "$CLIENT"' in printed
