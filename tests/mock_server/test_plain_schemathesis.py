"""Schemathesis with its defaults, run without knowledge of our check."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import openapi
from openapi import dump
from tests.serving import RunningMock, fetch_token

OPERATIONS = ("listMemberDailyReports",)
"""Operations with a text in the query; all of them take minutes, and hypers-check does more."""


@pytest.mark.whole
def test_whatever_it_finds_is_a_rule_that_a_schema_cannot_say(
    mock: RunningMock, tmp_path: Path
) -> None:
    """With a bearer token, the only findings are valid data that breaks a rule.

    ST202 is "schema-valid request rejected"; a 500 or an invalid response has another code.
    """
    bundle = tmp_path / "openapi.yaml"
    bundle.write_text(dump(openapi.load(readings="exact"), "yaml"), encoding="utf-8")
    chosen = [word for name in OPERATIONS for word in ("--include-operation-id", name)]
    done = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "run", str(bundle)),
            *("--url", mock.address, "-H", f"Authorization: Bearer {fetch_token(mock.anonymous)}"),
            *("--seed", "1", "--no-color", *chosen),
        ],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert f"Tested: {len(OPERATIONS)}" in done.stdout, done.stdout + done.stderr
    found = re.findall(r"^- (ST[0-9]+)", done.stdout, re.MULTILINE)
    rules = re.findall(r'"rule":"([^"]+)"', done.stdout)
    assert {*found} <= {"ST202"}, done.stdout
    assert {*rules} <= openapi.load()["x-rules"].keys(), done.stdout
    assert len(rules) >= len(found)
