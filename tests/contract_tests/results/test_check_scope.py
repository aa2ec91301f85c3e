"""A run that checked nothing never passes, and gives the reasons."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from contract_tests.contract.operations import operations
from tests.contract_tests.faulty_server import MockExchange, run_faulty_mock
from tests.contract_tests.run_check import QUICK, run_check
from tests.serving import RunningMock, fetch_token

SCOPE_LINE = re.compile(
    rf"profile (\w+): (\d+) of {len(operations())} operations, (?:up to )?(\d+) of (\d+) rules"
)
NOTHING_CHECKED_LINE = re.compile(r"^hypers-check: nothing(?: of --only \S+)? was checked: (.*)$")


def scope_counts(out: str) -> list[tuple[str, int, int]]:
    """Profile, operations and rules in the first and in the last line."""
    lines = out.splitlines()
    found = [SCOPE_LINE.search(line) for line in (lines[0], lines[-1])]
    return [(each[1], int(each[2]), int(each[3])) for each in found if each]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--only", "createToken"), r"createToken \(needs client credentials, .*--token"),
        (("--profile", "safe", "--only", "createGroup"), r"createGroup \(would write.* safe only"),
        (("--profile", "smoke", "--only", "PG-08"), r"PG-08 \(--profile smoke checks no rules\)"),
        (("--only", "AU-02"), r"AU-02 \(not checkable: needs the credentials, not a token\)"),
        (("--profile", "safe", "--only", "MN-05"), r"MN-05 \(not checkable: would write\)"),
        (
            ("--only", "getGroup", "--shard", "3/4"),
            r"getGroup \(shard 3 of 4 contains none of them\)",
        ),
    ],
)
def test_nothing_that_was_asked_for_was_checked(
    shared_mock: RunningMock, arguments: Sequence[str], reason: str
) -> None:
    """Exit code 2 and one line with the selection and the reason."""
    given = ("--target", shared_mock.address, "--token", fetch_token(shared_mock.anonymous))
    outcome = run_check(*given, *arguments, *QUICK)
    assert outcome.code == 2, outcome.out
    (line,) = outcome.err.splitlines()
    told = NOTHING_CHECKED_LINE.match(line)
    assert told, line
    assert re.search(reason, told[1]), line
    assert [each[1:] for each in scope_counts(outcome.out)][-1] == (0, 0)
    assert outcome.out.splitlines()[-1].startswith("NOTHING WAS CHECKED")


def test_no_data_for_everything_is_no_pass() -> None:
    """An operation with "no data" does not count as checked."""

    def empty(answer: MockExchange) -> None:
        if answer.status == 200:
            answer.status = 404
            answer.headers["content-type"] = "application/problem+json"
            answer.json = {
                "type": "about:blank",
                "title": "Not found",
                "status": 404,
                "detail": "No.",
                "instance": answer.path,
                "errors": [{"pointer": "/path/id", "rule": "ID-02", "message": "No."}],
            }

    with run_faulty_mock("GET", "/api/v1/marketing-notice/group/.*", empty) as address:
        outcome = run_check("--target", address, "--profile", "safe", "--only", "getGroup", *QUICK)
    assert outcome.code == 2, outcome.out
    assert "getGroup (no data: the target has no record to read)" in outcome.err


def test_shards_that_checked_nothing_do_not_pass_together(
    shared_mock: RunningMock, tmp_path: Path
) -> None:
    """Merged shards are judged like the whole run."""
    folders = [str(tmp_path / str(number)) for number in (1, 2)]
    for number, folder in enumerate(folders, 1):
        shard = ("--shard", f"{number}/2", "--report", folder)
        given = ("--target", shared_mock.address, "--profile", "safe", "--only", "createGroup")
        assert run_check(*given, *shard).code == 2
    outcome = run_check("merge", *folders)
    assert outcome.code == 2
    assert "createGroup (would write, and --profile safe only reads)" in outcome.err


def test_what_was_left_out_of_the_names_is_told_beside_what_was_checked(
    shared_mock: RunningMock,
) -> None:
    """Profile and scope are in the first line and in the last."""
    given = ("--target", shared_mock.address, "--profile", "safe", *QUICK)
    outcome = run_check(*given, "--only", "createGroup,getGroup,NT-21,MN-05")
    assert outcome.code == 0, outcome.out
    assert "left out: createGroup (would write, and --profile safe only reads)" in outcome.out
    assert scope_counts(outcome.out) == [("safe", 1, 2), ("safe", 1, 1)]
