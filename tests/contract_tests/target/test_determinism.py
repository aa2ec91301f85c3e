"""The same seed against the same server sends the same requests, byte for byte."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.contract_tests.recorder import Request, recorded
from tests.contract_tests.run_check import Outcome, check

ONLY = ("--only", "createToken,uploadFile,listGroups,getGroup", "--max-examples", "2")
"""Tokens, forms, queries, bodies, paths, links; little of each."""

LITTLE = ("--only", "createToken,uploadFile", "--max-examples", "1")


def checked(*arguments: str) -> tuple[list[Request], Outcome]:
    """What a check in this process sends to a fresh mock, and what it says."""
    with recorded() as (address, recorder):
        outcome = check("--target", address, *ONLY, *arguments)
    assert outcome.code == 0, outcome.out
    return recorder.requests, outcome


@pytest.fixture(scope="module")
def first() -> tuple[list[Request], Outcome]:
    """The check that others are compared with."""
    return checked()


def test_the_same_seed_sends_the_same_requests(first: tuple[list[Request], Outcome]) -> None:
    """Method, path, query, headers and body, to the last byte."""
    requests, _ = first
    types = [dict(headers).get(b"content-type", b"") for _, _, headers, _ in requests]
    assert len(requests) > 200
    assert any(kind.startswith(b"multipart/form-data; boundary=") for kind in types)
    assert checked()[0] == requests


def sent_by_a_process(**environment: str) -> list[Request]:
    """What the command sends to a fresh mock, in a process of its own as its users run it."""
    with recorded() as (address, recorder):
        subprocess.run(
            [sys.executable, "-m", "contract_tests", "--target", address, *LITTLE],
            env=os.environ | environment,
            capture_output=True,
            timeout=150,
            check=True,
        )
    return recorder.requests


def test_so_does_another_process() -> None:
    """One whose sets and dicts hash differently, on a CI machine.

    Two processes, since this one is not fresh: schemathesis tries unsupported methods once a
    process, and earlier tests have left their strategies registered.
    """
    requests = sent_by_a_process(PYTHONHASHSEED="1", CI="true")
    assert len(requests) > 100
    assert requests == sent_by_a_process(PYTHONHASHSEED="2", CI="")


def test_another_seed_sends_other_requests(first: tuple[list[Request], Outcome]) -> None:
    """So the seed is what decides."""
    assert checked("--seed", "2")[0] != first[0]


def test_every_request_is_counted(first: tuple[list[Request], Outcome]) -> None:
    """One login, and the answers that the report tells; nothing is sent beside the session."""
    requests, outcome = first
    assert len(requests) == 1 + sum(number for _, number in outcome.progress.values())
