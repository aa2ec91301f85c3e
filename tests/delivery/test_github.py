"""The GitHub action and the workflows: their files, pins and permissions, and their shell steps."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from contract_tests.options import build_parser
from openapi import project_version
from tests.programs import require_program
from tests.serving import RunningMock

CHECKOUT = Path(__file__).parents[2]
WORKFLOWS = sorted((CHECKOUT / ".github" / "workflows").glob("*.yml"))
PINNED_ACTION = re.compile(r"uses: [\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
EXPRESSION = re.compile(r"\$\{\{")
SCRIPT = re.compile(r"(?:^|\s)(\.ci/[\w-]+)")


def read_document(path: Path) -> dict[str, Any]:
    """Return a workflow or an action; the key `on` stays a string (YAML 1.1 reads it as true)."""
    document: dict[Any, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {"on" if key is True else str(key): value for key, value in document.items()}


ACTION = read_document(CHECKOUT / "action.yml")


def iter_steps() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every step with the name of its file."""
    for path in WORKFLOWS:
        for job in read_document(path)["jobs"].values():
            yield from ((path.name, step) for step in job["steps"])
    yield from (("action.yml", step) for step in ACTION["runs"]["steps"])


@pytest.mark.parametrize("path", [*WORKFLOWS, CHECKOUT / "action.yml"], ids=lambda path: path.name)
def test_actions_of_others_are_pinned_by_commit(path: Path) -> None:
    """A tag can be moved to other code; the comment has the tag of the commit."""
    lines = [line.strip(" -") for line in path.read_text(encoding="utf-8").splitlines()]
    used = [line for line in lines if line.startswith("uses:")]
    assert used or path.name == "action.yml"
    assert not [line for line in used if not PINNED_ACTION.fullmatch(line)]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_has_the_least_permissions_and_ends(path: Path) -> None:
    """Nothing may be written by default; a job that writes runs no code of the project."""
    document = read_document(path)
    assert document["permissions"] in ({}, {"contents": "read"})
    for job in document["jobs"].values():
        assert job["timeout-minutes"] <= 120
        if job.get("permissions", {}).get("contents") == "write":
            assert not [step for step in job["steps"] if "uses" in step]
            assert all(step["run"].startswith("gh ") for step in job["steps"])


def test_no_script_contains_an_expression() -> None:
    """GitHub puts the value into the script, which would run it as code."""
    for file, step in iter_steps():
        assert not EXPRESSION.search(step.get("run", "")), file


def test_scripts_and_targets_that_a_step_names_exist() -> None:
    """Workflows call the scripts that everybody can call."""
    makefile = (CHECKOUT / "Makefile").read_text(encoding="utf-8")
    found = set()
    for _, step in iter_steps():
        for script in SCRIPT.findall(step.get("run", "")):
            assert (CHECKOUT / script).stat().st_mode & 0o111
            found.add(script)
        for target in re.findall(r"\bmake (\w+)", step.get("run", "")):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE)
    assert found == {".ci/run", ".ci/build-release"}


def test_the_matrix_has_the_versions_that_the_project_supports() -> None:
    """It begins with the oldest one of pyproject.toml."""
    jobs = read_document(CHECKOUT / ".github/workflows/ci.yml")["jobs"]
    versions = jobs["run"]["strategy"]["matrix"]["python"]
    text = (CHECKOUT / "pyproject.toml").read_text(encoding="utf-8")
    oldest = re.search(r'requires-python = ">=([0-9.]+)"', text)
    assert oldest
    assert versions[0] == oldest[1]
    second = (CHECKOUT / ".ci/second-python").read_text(encoding="utf-8")
    listed = re.search(r"^for version in ([0-9. ]+); do$", second, re.MULTILINE)
    assert listed
    assert {*listed[1].split()} == {*versions[1:]}
    assert ACTION["inputs"]["python-version"]["default"] in versions


def test_the_page_about_checks_shows_the_inputs_of_the_action() -> None:
    """Its example uses inputs that exist."""
    page = (CHECKOUT / "docs" / "checking.md").read_text(encoding="utf-8")
    [example] = re.findall(r"(?s)uses: .*?hypers-contract@.*?with:\n(.*?)\n(?:- |```)", page)
    shown = set(re.findall(r"^ {4}([\w-]+):", example, re.MULTILINE))
    assert shown
    assert shown <= ACTION["inputs"].keys()


def step_of_the_check(folder: Path, address: str, **inputs: str) -> tuple[int, dict[str, str], str]:
    """Run the shell step of the action; return its exit code, the outputs, and what it printed."""
    [step] = [each for each in ACTION["runs"]["steps"] if each.get("id") == "check"]
    given = {name: str(entry.get("default", "")) for name, entry in ACTION["inputs"].items()}
    given |= {"target": address, **inputs}
    variables = {
        name: given[re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", r"\1", value)]
        for name, value in step["env"].items()
    }
    programs = folder / "temp" / "hypers-check"
    programs.mkdir(parents=True, exist_ok=True)
    if not (programs / "bin").exists():
        (programs / "bin").symlink_to(Path(sys.prefix) / "bin")
    outputs = folder / "outputs"
    outputs.write_text("")
    done = subprocess.run(
        # As GitHub runs `shell: bash`.
        [require_program("bash"), "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=folder,
        env={
            **variables,
            "PATH": "/usr/bin:/bin",
            "HOME": str(folder),
            "RUNNER_TEMP": str(folder / "temp"),
            "GITHUB_OUTPUT": str(outputs),
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    pairs = (line.partition("=") for line in outputs.read_text().splitlines())
    return done.returncode, {name: value for name, _, value in pairs}, done.stdout + done.stderr


@pytest.mark.whole
def test_the_action_checks_a_server_and_names_its_reports(
    shared_mock: RunningMock, tmp_path: Path
) -> None:
    """Options are split as a shell does; every output that the action declares is a file."""
    code, outputs, printed = step_of_the_check(
        tmp_path,
        shared_mock.address,
        profile="smoke",
        args="--only 'getGroup' --max-examples 1",
        report="the reports",
    )
    assert (code, outputs.pop("verdict")) == (0, "0"), printed
    assert outputs.keys() == ACTION["outputs"].keys() - {"verdict"}
    assert outputs["report"] == str(tmp_path / "the reports")
    assert all(Path(path).exists() for path in outputs.values())
    assert "getGroup" in printed


@pytest.mark.whole
def test_the_action_fails_as_the_check_does(shared_mock: RunningMock, tmp_path: Path) -> None:
    """Violations are exit code 1, wrong options and open quotes are 2; no input is run as code."""
    code, outputs, printed = step_of_the_check(
        tmp_path, shared_mock.address, token="wrong", args="--only getGroup", profile="smoke"
    )
    assert (code, outputs["verdict"]) == (1, "1"), printed
    assert Path(outputs["html"]).exists()
    code, outputs, printed = step_of_the_check(
        tmp_path, shared_mock.address, args="--no-such '$(touch ran)' `touch ran`; touch ran"
    )
    assert (code, outputs["verdict"]) == (2, "2"), printed
    assert "unrecognized arguments" in printed
    assert not (tmp_path / "ran").exists()
    code, outputs, printed = step_of_the_check(
        tmp_path, shared_mock.address, args="--only 'getGroup"
    )
    assert (code, outputs, printed.count("\n")) == (2, {"verdict": "2"}, 1)
    assert "not quoted as in a shell: --only 'getGroup" in printed


def test_the_action_installs_the_check_from_its_own_folder() -> None:
    """It is the commit that the workflow names, with the pinned versions."""
    [step] = [
        each for each in ACTION["runs"]["steps"] if each.get("name") == "Install hypers-check"
    ]
    assert '"$GITHUB_ACTION_PATH[check]"' in step["run"]
    assert '--constraint "$GITHUB_ACTION_PATH/constraints.txt"' in step["run"]
    assert all(each["shell"] == "bash" for each in ACTION["runs"]["steps"] if "run" in each)


def test_inputs_of_the_action_are_options_of_the_check() -> None:
    """Profile, report and target have the names of their options."""
    known = vars(build_parser().parse_args(["--target", "http://127.0.0.1:9"]))
    assert {"target", "token", "profile", "report"} <= known.keys() & ACTION["inputs"].keys()


@pytest.mark.whole
def test_a_release_has_wheel_contracts_pages_and_checksums(tmp_path: Path) -> None:
    """The tag has to be that of the version; every file is in the list of checksums."""
    script = [str(CHECKOUT / ".ci/build-release"), sys.prefix, str(tmp_path / "dist")]
    wrong = subprocess.run([*script, "v0"], capture_output=True, text=True, check=False)
    assert (wrong.returncode, "the tag is v0" in wrong.stderr) == (2, True)
    subprocess.run([*script, f"v{project_version()}"], timeout=150, check=True)
    made = {path.name for path in (tmp_path / "dist").iterdir()}
    version = project_version()
    assert made == {
        "SHA256SUMS",
        f"hypers_contract-{version}-py3-none-any.whl",
        f"hypers_contract-{version}.tar.gz",
        *(
            f"hypers-{document}-{version}.{lang}.{kind}"
            for document in ("openapi", "client-auth", "client-business")
            for lang in ("zh", "en")
            for kind in ("yaml", "json")
        ),
        f"hypers-docs-{version}.zip",
        *(f"hypers-questions-{version}.{lang}.md" for lang in ("zh", "en")),
        f"hypers-collections-{version}.zip",
    }
    pages = zipfile.ZipFile(tmp_path / f"dist/hypers-docs-{version}.zip").namelist()
    for name in ("index.html", "zh/reference.html", "en/reference.html", "assets/docs.js"):
        assert f"hypers-docs-{version}/{name}" in pages
    listed = (tmp_path / "dist/SHA256SUMS").read_text(encoding="utf-8").split()[1::2]
    assert {*listed} == made - {"SHA256SUMS"}
    document = (tmp_path / f"dist/hypers-openapi-{version}.en.yaml").read_text(encoding="utf-8")
    assert yaml.safe_load(document)["openapi"].startswith("3.0")
