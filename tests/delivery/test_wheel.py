"""The wheel works in an empty environment outside the checkout."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from importlib.metadata import Distribution, PathDistribution
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from openapi import dump
from tests.delivery.distributions import (
    VirtualEnvironment,
    create_environment,
    install_wheel,
    resolve_requirements,
)
from tests.serving import fetch_token

pytestmark = pytest.mark.whole
CHECKOUT = Path(__file__).parents[2]
PACKAGES = ("openapi", "mock_server", "contract_tests")
READY_LINE = re.compile(r"ready at (http://127\.0\.0\.1:[0-9]+)")
IMPORT_LOCATIONS_SCRIPT = """
import importlib.util, json, sys

names = ("openapi", "mock_server", "contract_tests", "tests", "benchmarks", "mypy", "ruff")
found = {name: importlib.util.find_spec(name) for name in names}
print(json.dumps([sys.path, {name: spec and spec.origin for name, spec in found.items()}]))
"""


def build_wheel(folder: Path, *options: str) -> Path:
    """Build with the installed backend; return the one wheel that it creates."""
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), *options]
    subprocess.run([*command, str(CHECKOUT)], capture_output=True, timeout=120, check=True)
    [wheel] = folder.glob("*.whl")
    return wheel


def wheel_metadata(wheel: Path) -> Distribution:
    """Return the metadata of a wheel."""
    [folder] = (path for path in zipfile.Path(wheel).iterdir() if path.name.endswith(".dist-info"))
    return PathDistribution(folder)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    return build_wheel(tmp_path_factory.mktemp("wheel"), "--wheel")


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> VirtualEnvironment:
    """An environment outside the checkout with the wheel and its requirements only."""
    required = resolve_requirements(wheel_metadata(wheel).requires or ())
    made = create_environment(tmp_path_factory.mktemp("user"), required.values())
    install_wheel(made, wheel, CHECKOUT / "constraints.txt")
    return made


def test_the_wheel_holds_the_three_packages_whole_and_nothing_else(wheel: Path) -> None:
    """It contains contract, pages and settings of the check, but no tests, benchmarks or caches."""
    held = set(zipfile.ZipFile(wheel).namelist())
    inside = {name for name in held if ".dist-info/" not in name}
    ours = {
        path.relative_to(CHECKOUT).as_posix()
        for package in PACKAGES
        for path in (CHECKOUT / package).rglob("*")
        if path.is_file() and not path.match("__pycache__/*")
    }
    assert inside == ours
    assert inside >= {
        "openapi/openapi.yaml",
        "openapi/rules.yaml",
        "openapi/overlays/en.yaml",
        "openapi/paths/notification-tasks.yaml",
        "openapi/components/schemas/shared.yaml",
        "mock_server/pages/templates/landing.html",
        "mock_server/pages/templates/landing.css",
        "mock_server/pages/templates/landing.js",
        "contract_tests/pytest.ini",
        "contract_tests/reporting/page.css",
        "contract_tests/reporting/page.html",
    }
    assert any(name.endswith("licenses/LICENSE") for name in held)


def test_the_source_distribution_builds_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    """It is equal byte for byte, so nothing is missing from the sources."""
    assert build_wheel(tmp_path).read_bytes() == wheel.read_bytes()


def test_the_environment_has_the_wheel_and_no_way_to_the_checkout(
    environment: VirtualEnvironment,
) -> None:
    """Every package comes from the wheel; the venv of these tests has an editable install."""
    assert not environment.folder.is_relative_to(CHECKOUT)
    paths, origins = json.loads(environment.run("python", "-c", IMPORT_LOCATIONS_SCRIPT))
    assert not [path for path in paths if path and Path(path).is_relative_to(CHECKOUT)]
    for package in PACKAGES:
        origin = Path(origins.pop(package))
        assert origin == environment.packages / package / "__init__.py"
        assert not (environment.packages / package).is_symlink()
        assert origin.resolve() == environment.packages.resolve() / package / "__init__.py"
    assert origins == dict.fromkeys(("tests", "benchmarks", "mypy", "ruff"))
    [installed] = environment.packages.glob("hypers_contract-*.dist-info")
    assert "editable" not in (installed / "direct_url.json").read_text(encoding="utf-8")


def test_the_installed_contract_is_the_one_of_the_checkout(
    environment: VirtualEnvironment, contract: dict[str, Any]
) -> None:
    """`python -m openapi` finds all files in the wheel, including the English texts."""
    printed = environment.run("python", "-m", "openapi", "--format", "json")
    assert printed == dump(contract, "json")
    english = json.loads(environment.run("python", "-m", "openapi", "--lang=en", "--format=json"))
    assert english.keys() == contract.keys()
    assert english["info"]["description"].isascii()


def test_the_installed_mock_serves_the_api_and_the_pages(environment: VirtualEnvironment) -> None:
    """`hypers-mock --port 0`: a token, lists, a file, the pages and Swagger UI; a silent exit."""
    with environment.running("hypers-mock", "--port", "0", "--frozen") as process:
        assert process.stdout
        printed = ""
        for line in process.stdout:
            printed += line
            if "/oauth/token" in line:
                break
        ready = READY_LINE.search(printed)
        assert ready, printed
        with httpx.Client(base_url=ready[1]) as client:
            _exercise_mock(client)
        assert process.poll() is None


def test_the_installed_check_holds_the_installed_mock_to_the_contract(
    environment: VirtualEnvironment,
) -> None:
    """`hypers-check` starts the mock, finds its settings and leaves nothing behind.

    Its tables in the user's cache directory are an exception; here that is the working directory.
    """
    printed = environment.run("hypers-check", "--only", "getGroup", "--max-examples", "1")
    assert "getGroup" in printed
    (left,) = environment.working_folder.iterdir()
    assert left.name == ".cache"
    assert [one.name for one in left.iterdir()] == ["hypers-check"]


def _exercise_mock(client: httpx.Client) -> None:
    client.headers["Authorization"] = f"Bearer {fetch_token(client)}"
    tasks = client.get("/api/v1/notification-tasks", params={"taskType": "APPOINTMENT_REMINDER"})
    assert tasks.raise_for_status().json()["page"]["total"] > 0
    file = {"file": ("a.txt", b"\x00\xff", "text/plain")}
    made = client.post("/api/v1/file", files=file, data={"moduleName": "notification"})
    assert client.get(f"/api/v1/file/{made.raise_for_status().json()['id']}").content == b"\x00\xff"
    template = client.get("/api/v1/marketing-notice/members/template").raise_for_status()
    assert template.content.startswith(b"PK")
    assert "<style>" in client.get("/").raise_for_status().text
    assert "swagger-ui" in client.get("/docs/swagger/").raise_for_status().text
    assert client.get("/docs/swagger/swagger-ui-bundle.js").raise_for_status().content
    served = client.get("/openapi.json").raise_for_status().json()
    assert len(served["paths"]) == 26
    assert {urlsplit(server["url"]).hostname for server in served["servers"]} <= {None, "127.0.0.1"}
