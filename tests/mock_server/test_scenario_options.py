"""`--scenario FILE`: what comes from the file, from other options, and from the defaults."""

from __future__ import annotations

import json
from contextlib import redirect_stdout
from datetime import datetime
from io import StringIO
from pathlib import Path

import httpx
import pytest

from mock_server.app import create_app
from mock_server.clock import CST, DEFAULT_INSTANT
from mock_server.options import build_parser, build_settings
from mock_server.seed import ScenarioFile, scenario_name
from mock_server.seed.scenario_validation import SCHEMA_FILE
from mock_server.settings import DEFAULT_SEED, Settings
from tests.mock_server.control.admin_client import ADMIN, expect_ok
from tests.mock_server.test_cli import start_mock, startup_error, startup_errors
from tests.serving import client_for, serve_app

NOON = datetime(2025, 5, 1, 12, tzinfo=CST)


def get(address: str, path: str = "/") -> httpx.Response:
    """Send a GET request in English."""
    with client_for(address) as client:
        return client.get(path, headers={"Accept-Language": "en"})


def settings_of(folder: Path, text: str, *arguments: str) -> Settings:
    """Return the settings of a mock with a scenario file."""
    path = folder / "my.yaml"
    path.write_text(text, encoding="utf-8")
    options = build_parser().parse_args(["--scenario", str(path), *arguments])
    return build_settings(options, "127.0.0.1")


def test_a_file_sets_seed_and_clock(tmp_path: Path) -> None:
    """A frozen clock only if it says so."""
    found = settings_of(tmp_path, "seed: 7\nnow: 2025-05-01 12:00:00\n")
    assert (found.seed, found.frozen, found.begins) == (7, None, NOON)
    found = settings_of(tmp_path, "now: 2025-05-01 12:00:00\nfrozen: true\n")
    assert (found.seed, found.frozen, found.begins) == (DEFAULT_SEED, NOON, None)


def test_options_come_before_the_file(tmp_path: Path) -> None:
    """Also one that names the default."""
    text = "seed: 7\nnow: 2025-05-01 12:00:00\n"
    found = settings_of(tmp_path, text, "--seed", str(DEFAULT_SEED), "--frozen")
    assert (found.seed, found.frozen, found.begins) == (DEFAULT_SEED, DEFAULT_INSTANT, None)


def test_a_mock_serves_the_scenario_of_its_file_and_names_it(tmp_path: Path) -> None:
    """In the startup message, with the user of the file, on the page, and in the health."""
    path = tmp_path / "mine.yaml"
    path.write_text(
        "base: empty\nnow: 2025-05-01 12:00:00\n"
        "users: [{username: a@example.com, password: it's}]\n",
        encoding="utf-8",
    )
    with start_mock("--port", "0", "--scenario", str(path)) as (address, printed):
        text = "".join(printed)
        begins = f"frozen: no, time runs from {NOON.isoformat()}"
        assert f"mine.yaml, seed {DEFAULT_SEED}, {begins}" in text
        assert "a@example.com / it's" in text
        health = expect_ok(get(address, f"{ADMIN}/health"))
        assert (health["scenario"], health["records"]["groups"]) == ("mine.yaml", 0)
        assert health["clock"]["now"].startswith("2025-05-01T12:00")
        page = get(address).text
        assert "the data of a scenario file" in page
        assert "a@example.com" in page


def test_a_scenario_in_which_nobody_can_log_in_is_served(tmp_path: Path) -> None:
    """Page and message then show no credentials."""
    settings = settings_of(tmp_path, "users: []\n")
    assert isinstance(settings.scenario, ScenarioFile)
    assert scenario_name(settings.scenario) == "my.yaml"
    with serve_app(create_app(settings)) as address:
        page = get(address).text
        assert "the data of a scenario file" in page
        assert "demo-secret" not in page


def test_each_error_of_a_file_is_a_line(tmp_path: Path) -> None:
    """Those of its form, and those that only its records show."""
    path = tmp_path / "my.yaml"
    path.write_text("grups: []\nplan: []\n", encoding="utf-8")
    assert startup_errors("--port", "0", "--scenario", str(path)) == [
        "hypers-mock: my.yaml:1: /grups: grups is not a field; accepted: groups",
        "hypers-mock: my.yaml:2: /plan: plan is not a field; accepted: plans, planTasks",
    ]
    path.write_text("plans: [{groupId: 9, name: x}]\n", encoding="utf-8")
    line = startup_error("--port", "0", "--scenario", str(path))
    assert "my.yaml:1: /plans/0/groupId: 9 is not the id of a record" in line


@pytest.mark.parametrize("name", ["none.yaml", "none.json"])
def test_a_missing_file_is_a_line(name: str) -> None:
    """With its name."""
    assert f"hypers-mock: {name}: " in startup_error("--port", "0", "--scenario", name)


def test_a_file_of_json_is_read(tmp_path: Path) -> None:
    """The same fields."""
    path = tmp_path / "my.json"
    path.write_text(json.dumps({"seed": 8}), encoding="utf-8")
    options = build_parser().parse_args(["--scenario", str(path)])
    assert build_settings(options, "127.0.0.1").seed == 8


def test_the_schema_is_printed() -> None:
    """As it is shipped."""
    with redirect_stdout(StringIO()) as out, pytest.raises(SystemExit) as ended:
        build_parser().parse_args(["--scenario-schema"])
    assert ended.value.code in (None, 0)
    assert out.getvalue() == SCHEMA_FILE.read_text(encoding="utf-8")
