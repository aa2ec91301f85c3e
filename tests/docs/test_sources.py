"""The READMEs' code in TypeScript and Python works as described."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import mock_server.options
from openapi import dump
from tests.docs.markdown import SOURCE_LANGUAGES, CodeBlock, MarkdownFile
from tests.docs.reader import DOCUMENTED_ADDRESS
from tests.serving import RunningMock

README = MarkdownFile("README.md")
BIN_FOLDER = Path(sys.prefix) / "bin"
NODE_MODULES = Path(sys.prefix) / "node/node_modules"
FILE_NAME_COMMENT = re.compile(r"(?:#|//) (\S+)$")
TSC_OPTIONS = (
    *("--strict", "--noEmit", "--target", "es2022"),
    *("--module", "esnext", "--moduleResolution", "bundler"),
)


def source_blocks() -> dict[str, str]:
    """Return each block of code under the file name in its first line."""
    blocks = [block for block in README.blocks() if block.language in SOURCE_LANGUAGES]
    return {_file_name(block): block.text for block in blocks}


def _file_name(block: CodeBlock) -> str:
    named = FILE_NAME_COMMENT.fullmatch(block.text.splitlines()[0])
    assert named, f"{README.name}:{block.line}"
    return named[1]


def run_program(folder: Path, *words: str) -> str:
    """Run a program in a folder; return what it prints. It has to succeed."""
    environment = {
        **os.environ,
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PATH": os.pathsep.join((str(BIN_FOLDER), os.environ["PATH"])),
    }
    done = subprocess.run(
        words,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done
    return done.stdout


def write_file(folder: Path, name: str, text: str) -> Path:
    """Write a file below a folder."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_the_chinese_readme_has_the_same_code() -> None:
    """The comments are the same, too."""
    english, chinese = (
        [block.text for block in document.blocks() if block.language in SOURCE_LANGUAGES]
        for document in (README, MarkdownFile("README.zh.md"))
    )
    assert english == chinese


@pytest.mark.whole
def test_the_frontend_code_compiles_and_reads_a_plan(
    tmp_path: Path, shared_mock: RunningMock, contract: dict[str, Any]
) -> None:
    """It compiles as strict TypeScript with the generated types; plan 301 is in EXECUTION."""
    write_file(tmp_path, "package.json", '{"type": "module"}')
    write_file(tmp_path, "openapi.json", dump(contract, "json"))
    generator = str(NODE_MODULES / "openapi-typescript/bin/cli.js")
    run_program(tmp_path, "node", generator, "openapi.json", "--output", "src/hypers.d.ts")
    text = source_blocks()["src/plan.ts"].replace(DOCUMENTED_ADDRESS, shared_mock.address)
    source = write_file(tmp_path, "src/plan.ts", text)
    tsc = str(NODE_MODULES / "typescript/bin/tsc")
    run_program(tmp_path, "node", tsc, *TSC_OPTIONS, "src/plan.ts", "src/hypers.d.ts")
    assert run_program(tmp_path, "node", str(source)).strip() == "EXECUTION"


def test_the_proxy_forwards_every_operation(contract: dict[str, Any]) -> None:
    """Each path has one of the two prefixes."""
    text = source_blocks()["vite.config.ts"]
    prefixes = re.findall(r'"(/\w+)": mock', text)
    assert f'mock = "{DOCUMENTED_ADDRESS}"' in text
    assert len(prefixes) == 2
    assert all(path.startswith(tuple(prefixes)) for path in contract["paths"])


@pytest.mark.whole
def test_the_pytest_fixtures_start_a_mock_and_the_test_passes(tmp_path: Path) -> None:
    """They are copied into an empty directory."""
    for name, text in source_blocks().items():
        if name.endswith(".py"):
            write_file(tmp_path, name, text)
    options = ("-p", "no:cacheprovider", "-q")
    printed = run_program(
        tmp_path, sys.executable, "-m", "pytest", *options, "--rootdir", str(tmp_path)
    )
    assert "1 passed" in printed


def test_the_playwright_configuration_starts_the_mock_and_waits_for_it(
    shared_mock: RunningMock,
) -> None:
    """Its command has valid options, and its address is that of the URL and the test."""
    config, spec = (
        source_blocks()["playwright.config.ts"],
        source_blocks()["tests/plan-tasks.spec.ts"],
    )
    command = re.search(r'command: "hypers-mock ([^"]+)"', config)
    url = re.search(r'url: "([^"]+)"', config)
    assert command
    assert url
    options = mock_server.options.build_parser().parse_args(command[1].split())
    address = f"http://{options.host}:{options.port}"
    assert url[1].startswith(f"{address}/")
    assert f'"{address}/__admin"' in spec
    assert shared_mock.anonymous.get(url[1].removeprefix(address)).status_code == 200


def test_the_playwright_test_sends_what_the_control_plane_accepts(shared_mock: RunningMock) -> None:
    """The control plane has the operations that it calls."""
    paths = re.findall(r"\$\{admin\}(/[\w/]+)", source_blocks()["tests/plan-tasks.spec.ts"])
    document = shared_mock.anonymous.get("/__admin/openapi.json").json()
    assert len(paths) == 2
    assert all("post" in document["paths"][path] for path in paths)


@pytest.mark.parametrize("name", [name for name in source_blocks() if name.endswith(".ts")])
def test_node_parses_each_typescript_file(name: str, tmp_path: Path) -> None:
    """Only the syntax is checked, as Vite and Playwright are not installed here."""
    write_file(tmp_path, "package.json", '{"type": "module"}')
    run_program(
        tmp_path,
        "node",
        "--check",
        str(write_file(tmp_path, Path(name).name, source_blocks()[name])),
    )
