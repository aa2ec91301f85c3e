"""The application: what its start reads, and another contract with readings of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import openapi
from mock_server.app import create_app
from mock_server.http.operation import ContractMismatchError
from mock_server.settings import Settings
from tests.mock_server.control.admin_client import ADMIN, expect_ok, expect_refusal
from tests.serving import run_mock

START = """
import sys
import openapi.loader
read = []
parse = openapi.loader.parse_yaml
openapi.loader.parse_yaml = lambda *a: read.append(a) or parse(*a)
from mock_server.app import create_app
create_app()
print(len(read), "openapi.reading_changes" in sys.modules)
"""


def test_the_usual_start_reads_no_file_of_the_contract() -> None:
    """Only the control plane's: the contract in force comes from the cache, with its answers."""
    openapi.load(readings="exact")  # fills the cache
    environment = {"PATH": "", "PYTHONPATH": str(Path(__file__).parents[2])}
    run = subprocess.run(
        [sys.executable, "-c", START],
        capture_output=True,
        check=True,
        text=True,
        env=environment,
        timeout=60,
    )
    assert run.stdout.split() == ["1", "False"]


def test_a_contract_of_others_that_names_readings_is_served_with_them(tmp_path: Path) -> None:
    """Such as our own bundle, printed with other answers; they cannot be changed (CP-09)."""
    answers = openapi.exact_readings({"absent-values": "null", "refusal-body": "spring"})
    file = tmp_path / "bundle.json"
    file.write_text(json.dumps(openapi.load(readings=answers)))
    with run_mock(Settings(contract=file)) as mock:
        assert mock.client.get("/api/v1/marketing-notice/304").json()["segmentSeparator"] is None
        assert mock.client.get("/api/v1/marketing-notice/group?size=0").json()["status"] == 400
        shown = expect_ok(mock.anonymous.get(f"{ADMIN}/readings"))
        assert shown["changed"] == {"absent-values": "null", "refusal-body": "spring"}
        body = {"readings": {"absent-values": "omitted"}}
        refused = expect_refusal(mock.anonymous.put(f"{ADMIN}/readings", json=body), 409)
        assert refused["rule"] == "CP-09"


def test_a_contract_of_others_with_unknown_readings_ends_the_start(tmp_path: Path) -> None:
    """In one line that names the answer."""
    file = tmp_path / "bundle.json"
    contract = openapi.load(readings="exact")
    contract["x-readings"]["rates"] = "half"
    file.write_text(json.dumps(contract))
    with pytest.raises(ContractMismatchError, match="rates is one of fraction, percent"):
        create_app(Settings(contract=file))
