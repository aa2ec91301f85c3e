"""The installed command with a mock of its own: the contract holds."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from contract_tests.contract.operations import operations, rules
from contract_tests.rules.probe_registry import all_probes
from tests.contract_tests.run_check import PROGRESS_LINE

COMMAND = [sys.executable, "-m", "contract_tests"]


UNRELATED_FILES = {
    "conftest.py": "raise RuntimeError('somebody else is here')",
    "pytest.ini": "[pytest]\naddopts = --nonsense\n",
    "schemathesis.toml": 'base-url = "http://127.0.0.1:1"\n',
}


@pytest.mark.whole
def test_all_operations_links_and_rules_of_the_mock_hold(tmp_path: Path) -> None:
    """Every operation, valid and invalid data, all checks and each link are covered.

    Files in the current directory do not matter, and none is left there.
    """
    for name, text in UNRELATED_FILES.items():
        (tmp_path / name).write_text(text)
    done = subprocess.run(
        [*COMMAND, "--max-examples", "1", "--workers", "1"],
        env=os.environ | {"PYTEST_ADDOPTS": "--nonsense"},
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=170,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    lines = {
        name: (mark, statuses) for mark, name, _, statuses in PROGRESS_LINE.findall(done.stdout)
    }
    chapters = {f"rules-{probe.rule[:2]}" for probe in all_probes() if not probe.clock}
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
    assert {path.name for path in tmp_path.iterdir()} == set(UNRELATED_FILES)
