"""The curl commands of the reference."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from openapi import Language
from openapi.documentation.edition import Edition
from openapi.documentation.samples import (
    DOWNLOADED_FILE,
    PLACEHOLDER_FILE,
    WORKBOOK,
    curl_command,
    output_file,
)
from tests.mock_server.control.admin_client import ADMIN
from tests.programs import require_program
from tests.serving import CLIENT_CREDENTIALS, RunningMock, fetch_token

PATH_PARAMETER = {"name": "id", "in": "path", "required": True, "example": "a b/ü"}
QUERY_PARAMETER = {"name": "type", "in": "query", "required": True, "example": "A&B"}
OPTIONAL_PARAMETER = {"name": "size", "in": "query", "example": 20}


def test_a_command_has_credentials_required_parameters_and_the_body() -> None:
    """Values are encoded for URLs and quoted for the shell; optional parameters are left out."""
    parameters = [PATH_PARAMETER, QUERY_PARAMETER, OPTIONAL_PARAMETER]
    command = curl_command(
        "put", "/a/{id}", parameters, "bearer", "application/json", {"n": "it's"}
    )
    assert command.splitlines() == [
        "curl -X PUT \"$HYPERS_API_URL\"'/a/a%20b%2F%C3%BC?type=A%26B' \\",
        '  -H "Authorization: Bearer $HYPERS_TOKEN" \\',
        "  -H 'Content-Type: application/json' \\",
        "  -d '{",
        '  "n": "it\'"\'"\'s"',
        "}'",
    ]
    assert curl_command("get", "/a", [], None) == 'curl "$HYPERS_API_URL"/a'
    assert curl_command("get", "/f", [], None, output="a b").endswith("/f \\\n  --output 'a b'")
    assert curl_command("post", "/oauth/token", [], "basic").splitlines() == [
        'curl -X POST "$HYPERS_TOKEN_URL" \\',
        '  -u "$HYPERS_CLIENT"',
    ]


def test_a_command_saves_what_is_no_text() -> None:
    """Bytes in a terminal would be of no use, and curl refuses to write them there."""
    file: dict[str, dict[str, str]] = {"application/octet-stream": {}, "image/*": {}}
    workbook = file | {WORKBOOK: {}, "application/json": {}}
    assert output_file({"200": {"content": file}}) == DOWNLOADED_FILE
    assert output_file({"200": {"content": workbook}}) == PLACEHOLDER_FILE
    assert output_file({"200": {"content": {"application/json": {}}}, "401": {}}) == ""


@pytest.mark.whole
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_command_of_the_reference_works_on_the_mock_as_pasted(
    mock: RunningMock, tmp_path: Path, lang: Language
) -> None:
    """With the variables set, each gets the successful status that the contract documents."""
    template = mock.client.get("/api/v1/marketing-notice/members/template").raise_for_status()
    (tmp_path / PLACEHOLDER_FILE).write_bytes(template.content)
    client = ":".join(CLIENT_CREDENTIALS)
    for operation in Edition(lang).operations:
        for sample in operation.samples:
            mock.anonymous.post(f"{ADMIN}/reset").raise_for_status()
            variables = {
                "HYPERS_API_URL": mock.address,
                "HYPERS_TOKEN_URL": f"{mock.address}/oauth/token",
                "HYPERS_TOKEN": fetch_token(mock.anonymous),
                "HYPERS_CLIENT": client,
                "no_proxy": "127.0.0.1",
                "PATH": "/usr/bin:/bin",
            }
            text = sample.text.partition(" \\\n  --output ")[0]
            script = text.replace("curl", "curl -sS -o answer -w '%{http_code}'", 1)
            done = subprocess.run(
                [require_program("bash"), "-c", script],
                cwd=tmp_path,
                env=variables,
                capture_output=True,
                text=True,
                timeout=30,
                check=True,
            )
            answer = (tmp_path / "answer").read_bytes()[:500]
            assert done.stdout in ("200", "206"), (operation.id, sample.summary, answer)
