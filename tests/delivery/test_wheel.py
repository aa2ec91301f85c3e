"""The wheel works in an empty environment outside the checkout."""

from __future__ import annotations

import importlib.metadata
import json
import re
import subprocess
import zipfile
from importlib.metadata import Distribution, PathDistribution
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from packaging.utils import canonicalize_name

from tests.delivery.distributions import (
    VirtualEnvironment,
    build_wheel,
    create_environment,
    install_wheel,
    resolve_requirements,
)
from tests.mock_server.member_files.task_requests import task_body
from tests.mock_server.member_files.writers import xlsxwriter_file
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


def wheel_metadata(wheel: Path) -> Distribution:
    """Return the metadata of a wheel."""
    [folder] = (path for path in zipfile.Path(wheel).iterdir() if path.name.endswith(".dist-info"))
    return PathDistribution(folder)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    return build_wheel(tmp_path_factory.mktemp("wheel"), "--wheel")


def install_for_user(folder: Path, wheel: Path, extra: str = "") -> VirtualEnvironment:
    """Make an environment outside the checkout with the wheel and its requirements only."""
    required = resolve_requirements(wheel_metadata(wheel).requires or (), extra)
    made = create_environment(folder, required.values())
    install_wheel(made, wheel, CHECKOUT / "constraints.txt", extra)
    return made


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> VirtualEnvironment:
    """The core: contract and mock."""
    return install_for_user(tmp_path_factory.mktemp("user"), wheel)


@pytest.fixture(scope="module")
def checking(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> VirtualEnvironment:
    """The core and the extra `check`."""
    return install_for_user(tmp_path_factory.mktemp("checking"), wheel, "check")


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
        "openapi/DECISIONS.zh.md",
        "openapi/dist/client-auth.en.json",
        "openapi/overlays/en.yaml",
        "openapi/paths/notification-tasks.yaml",
        "openapi/components/schemas/shared.yaml",
        "openapi/documentation/assets/docs.css",
        "openapi/documentation/guides/zh/first-token.md",
        "openapi/documentation/templates/reference.html",
        "mock_server/pages/templates/landing.html",
        "mock_server/pages/templates/landing.css",
        "mock_server/pages/templates/copy_button.js",
        "mock_server/pages/templates/head.html",
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
    environment: VirtualEnvironment,
) -> None:
    """`python -m openapi` finds all files in the wheel, including the English texts."""
    printed = environment.run("python", "-m", "openapi", "--format", "json")
    assert printed == (CHECKOUT / "openapi/dist/openapi.zh.json").read_text(encoding="utf-8")
    english = json.loads(environment.run("python", "-m", "openapi", "--lang=en", "--format=json"))
    assert english.keys() == json.loads(printed).keys()
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


def test_the_core_has_no_package_that_only_the_check_needs(
    environment: VirtualEnvironment, checking: VirtualEnvironment
) -> None:
    """The extra `check` adds them; nothing that the core needs comes with the extra only."""
    without, checked = installed_distributions(environment), installed_distributions(checking)
    assert without < checked
    assert checked - without >= {"schemathesis", "hypothesis", "pytest", "openpyxl"}


def test_the_installed_core_says_that_the_check_is_an_extra(
    environment: VirtualEnvironment,
) -> None:
    """`hypers-check` prints one line with the extra and the command, and exits with 2."""
    done = subprocess.run(
        [environment.command("hypers-check"), "--target", "http://127.0.0.1:9"],
        cwd=environment.working_folder,
        env=environment.variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "without its extra 'check'" in done.stderr
    assert "python -m pip install '.[check]'" in done.stderr


def test_the_installed_check_holds_the_installed_mock_to_the_contract(
    checking: VirtualEnvironment,
) -> None:
    """`hypers-check` starts the mock, finds its settings and leaves nothing behind.

    Its tables in the user's cache directory are an exception; here that is the working directory.
    """
    printed = checking.run("hypers-check", "--only", "getGroup", "--max-examples", "1")
    assert "getGroup" in printed
    (left,) = checking.working_folder.iterdir()
    assert left.name == ".cache"
    assert [one.name for one in left.iterdir()] == ["hypers-check"]


def installed_distributions(environment: VirtualEnvironment) -> set[str]:
    """Return the canonical names of what is installed in an environment."""
    found = importlib.metadata.distributions(path=[str(environment.packages)])
    return {canonicalize_name(one.name) for one in found}


def _create_task_of_member_files(client: httpx.Client) -> None:
    """Upload a CSV file and a workbook with a member each, and create a task of both."""
    workbook = xlsxwriter_file([["userId", "nickname"], ["U2", "李"]])
    files = {"a.csv": "userId,nickname\nU1,张\n".encode(), "b.xlsx": workbook}
    ids = []
    for name, content in files.items():
        made = client.post(
            "/api/v1/file", files={"file": (name, content)}, data={"moduleName": "notification"}
        )
        ids.append(made.raise_for_status().json()["id"])
    created = client.post("/api/v1/notification-tasks", json=task_body(ids)).raise_for_status()
    assert created.json()["totalMembers"] == len(files)


def _exercise_mock(client: httpx.Client) -> None:
    client.headers["Authorization"] = f"Bearer {fetch_token(client)}"
    tasks = client.get("/api/v1/notification-tasks", params={"taskType": "APPOINTMENT_REMINDER"})
    assert tasks.raise_for_status().json()["page"]["total"] > 0
    file = {"file": ("a.txt", b"\x00\xff", "text/plain")}
    made = client.post("/api/v1/file", files=file, data={"moduleName": "notification"})
    assert client.get(f"/api/v1/file/{made.raise_for_status().json()['id']}").content == b"\x00\xff"
    template = client.get("/api/v1/marketing-notice/members/template").raise_for_status()
    assert template.content.startswith(b"PK")
    _create_task_of_member_files(client)
    assert "<style>" in client.get("/").raise_for_status().text
    assert "swagger-ui" in client.get("/docs/swagger/").raise_for_status().text
    assert client.get("/docs/swagger/swagger-ui-bundle.js").raise_for_status().content
    assert "createGroup" in client.get("/docs/en/reference.html").raise_for_status().text
    assert client.get("/docs/zh/search-data.js").raise_for_status().content
    served = client.get("/openapi.json").raise_for_status().json()
    assert len(served["paths"]) == 26
    assert {urlsplit(server["url"]).hostname for server in served["servers"]} <= {None, "127.0.0.1"}
