"""Plain schemathesis finds no server error and no undocumented response in the control plane."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import start_mock_process

pytestmark = pytest.mark.whole

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)


# It parses the scenario as YAML and then misses the text that the contract describes.
EXCLUDED = "getScenarioAsYaml"
# It waits for up to a minute of real time; test_requests_api.py tests it.
WAITING = "waitForRequests"


@pytest.mark.parametrize(
    ("phases", "examples"),
    [
        ("examples", 1),
        pytest.param("examples,coverage,fuzzing", 10, marks=pytest.mark.whole),
    ],
)
def test_plain_schemathesis_finds_nothing_in_the_control_plane(
    tmp_path: Path, phases: str, examples: int
) -> None:
    """Random requests to every operation get documented responses, and none a 500."""
    with start_mock_process("--max-storage", "20000000") as mock:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "schemathesis.cli", "run"),
                f"{mock.address}/__admin/openapi.json",
                *("--checks", ",".join(CHECKS), "--max-examples", str(examples)),
                *("--seed", "1", "--no-color", "--phases", phases),
                *(
                    word
                    for name in (EXCLUDED, WAITING)
                    for word in ("--exclude-operation-id", name)
                ),
                *("--request-timeout", "60"),
            ],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            check=False,
        )
        assert "Traceback" not in mock.stderr_text()
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr
    assert re.search(r"[0-9]+ generated", done.stdout), done.stdout
