"""The READMEs' code in TypeScript and Python works as described."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from openapi import dump
from tests.docs.markdown import SOURCE_LANGUAGES, CodeBlock, MarkdownFile
from tests.docs.reader import DOCUMENTED_ADDRESS
from tests.serving import RunningMock

README = MarkdownFile("README.md")
PYTEST_PLUGIN = "mock_server.pytest_plugin"
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
    return {file_name(block): block.text for block in blocks}


def file_name(block: CodeBlock) -> str:
    """Return the name of the file in the first line of a block."""
    named = FILE_NAME_COMMENT.fullmatch(block.text.splitlines()[0])
    assert named, f"line {block.line} of the document"
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
def test_the_test_in_python_passes(tmp_path: Path) -> None:
    """It is copied into an empty directory, and uses the fixture of the installed package."""
    for name, text in source_blocks().items():
        if name.endswith(".py"):
            write_file(tmp_path, name, text)
    options = ("-p", PYTEST_PLUGIN, "-p", "no:cacheprovider", "-q", "--rootdir", str(tmp_path))
    printed = run_program(tmp_path, sys.executable, "-m", "pytest", *options)
    assert "1 passed" in printed


@pytest.mark.parametrize("name", [name for name in source_blocks() if name.endswith(".ts")])
def test_node_parses_each_typescript_file(name: str, tmp_path: Path) -> None:
    """Only the syntax is checked; tests/examples/test_frontend.py runs Vite."""
    write_file(tmp_path, "package.json", '{"type": "module"}')
    run_program(
        tmp_path,
        "node",
        "--check",
        str(write_file(tmp_path, Path(name).name, source_blocks()[name])),
    )
