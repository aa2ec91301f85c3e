"""The command, as it is installed, on a mock of its own: the contract holds."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from contract_tests.contract import operations, rules
from contract_tests.rules.registry import registry
from tests.check.checking import PROGRESS

COMMAND = [sys.executable, "-m", "contract_tests"]


MEANT_FOR_OTHERS = {
    "conftest.py": "raise RuntimeError('somebody else is here')",
    "pytest.ini": "[pytest]\naddopts = --nonsense\n",
    "schemathesis.toml": 'base-url = "http://127.0.0.1:1"\n',
}


def test_all_operations_links_and_rules_of_the_mock_hold(tmp_path: Path) -> None:
    """Every operation, valid and invalid data, all checks, each link.

    Whatever lies in the folder that it is run from; and it leaves nothing there.
    """
    for name, text in MEANT_FOR_OTHERS.items():
        (tmp_path / name).write_text(text)
    done = subprocess.run(
        [*COMMAND, "--max-examples", "1"],
        env=os.environ | {"PYTEST_ADDOPTS": "--nonsense"},
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=170,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    lines = {name: (mark, statuses) for mark, name, _, statuses in PROGRESS.findall(done.stdout)}
    chapters = {f"rules-{probe.rule[:2]}" for probe in registry() if not probe.clock}
    others = {"links", "chains", "rules-time", "clean-up"}
    assert set(lines) == {*operations(), *chapters, *others}
    assert {mark for mark, _ in lines.values()} == {"ok"}
    for name, (_, statuses) in lines.items():
        refused = "401x" in statuses
        if name in operations():
            assert refused == (name != "getFile"), (name, statuses)
    followed, links = map(int, re.findall(r"Links followed: (\d+) of (\d+)", done.stdout)[0])
    assert followed >= 0.95 * links
    assert f"Rules      {len(rules()):3}: {len(rules())} held\n" in done.stdout
    assert "THE CONTRACT HOLDS" in done.stdout.splitlines()[-1]
    assert {path.name for path in tmp_path.iterdir()} == set(MEANT_FOR_OTHERS)


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_check_says_so_and_takes_its_mock_along(sent: signal.Signals) -> None:
    """Exit code 130, what was seen so far, and nobody listens at the mock's address any more."""
    long = [*COMMAND, "--only", "notice-groups", "--max-examples", "5000"]
    with subprocess.Popen(
        long, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        first = process.stdout.readline()
        time.sleep(2)
        process.send_signal(sent)
        rest, err = process.communicate(timeout=60)
    assert process.returncode == 130, (rest, err)
    assert "NOT CHECKED TO THE END" in rest
    assert err == "hypers-check: interrupted\n"
    address = re.search(r"http://127\.0\.0\.1:\d+", first)
    assert address
    port = int(address[0].rpartition(":")[2])
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))
