"""The application: what its start reads and refuses, and which contract it serves."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

import mock_server
import openapi
from mock_server.app import create_app
from mock_server.control.contract import load_control_contract
from mock_server.http.operation import ContractMismatchError
from mock_server.settings import Settings
from tests.mock_server.control.admin_client import ADMIN, expect_ok, expect_refusal
from tests.openapi.editing import copy_contract, edit_file
from tests.serving import RunningMock, run_mock

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
    """The contract in force, with its answers, and the control plane's come from the cache."""
    openapi.load(readings="exact")  # fills the cache
    load_control_contract(secured=True)
    environment = {"PATH": "", "PYTHONPATH": str(Path(__file__).parents[2])}
    run = subprocess.run(
        [sys.executable, "-c", START],
        capture_output=True,
        check=True,
        text=True,
        env=environment,
        timeout=60,
    )
    assert run.stdout.split() == ["0", "False"]


def test_a_contract_of_others_that_names_readings_is_served_with_them(tmp_path: Path) -> None:
    """Such as our own bundle, printed with other answers; they cannot be changed (CP-09)."""
    answers = openapi.readings_with_defaults({"absent-values": "null", "refusal-body": "spring"})
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


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("def get_clock(", "def read_clock(", "no handler for getClock"),
        (
            "def get_clock(",
            "def set_time(plane): pass\n\ndef get_clock(",
            "handlers without an operation: set_time",
        ),
    ],
    ids=["an operation without a handler", "a handler without an operation"],
)
def test_handlers_that_do_not_match_the_contract_refuse_to_start(
    tmp_path: Path, old: str, new: str, reason: str
) -> None:
    """The API returns an example then; here, it would be a false statement, or dead code."""
    shutil.copytree(Path(mock_server.__file__).parent, tmp_path / "mock_server")
    file = tmp_path / "mock_server/control/handlers/clock.py"
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")
    started = subprocess.run(
        [sys.executable, "-m", "mock_server", "--port", "0"],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert started.returncode == 2
    assert reason in started.stderr


def test_a_contract_that_takes_the_control_planes_paths_refuses_to_start(tmp_path: Any) -> None:
    """With a path below /__admin in `--contract`, one of two operations would be unreachable."""
    root = copy_contract(tmp_path)
    edit_file(root, "openapi.yaml", "  /api/v1/members/", f"  {ADMIN}/members/")
    with pytest.raises(ContractMismatchError, match=f"{ADMIN}/members/"):
        create_app(Settings(contract=root))


def test_the_apis_contract_is_served_as_before(shared_mock: RunningMock) -> None:
    """It contains all operations of the API and none of the control plane."""
    served = httpx.get(f"{shared_mock.address}/openapi.json").json()
    assert served["paths"].keys() == openapi.load()["paths"].keys()
    assert ADMIN not in json.dumps(served)
