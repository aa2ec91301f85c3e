"""The READMEs' code in TypeScript and Python does what the text says."""

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
from tests.docs.markdown import SOURCES, Block, Document
from tests.docs.reader import ADDRESS
from tests.serving import Mock

README = Document("README.md")
BIN = Path(sys.prefix) / "bin"
MODULES = Path(sys.prefix) / "node/node_modules"
NAME = re.compile(r"(?:#|//) (\S+)$")
STRICT = (
    *("--strict", "--noEmit", "--target", "es2022"),
    *("--module", "esnext", "--moduleResolution", "bundler"),
)


def sources() -> dict[str, str]:
    """Return each block of code under the file name in its first line."""
    blocks = [block for block in README.blocks() if block.language in SOURCES]
    return {_name(block): block.text for block in blocks}


def _name(block: Block) -> str:
    named = NAME.fullmatch(block.text.splitlines()[0])
    assert named, f"{README.name}:{block.line}"
    return named[1]


def run(folder: Path, *words: str) -> str:
    """Run a program in a folder; return what it prints. It has to succeed."""
    environment = {
        **os.environ,
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PATH": os.pathsep.join((str(BIN), os.environ["PATH"])),
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


def write(folder: Path, name: str, text: str) -> Path:
    """Write a file below a folder."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_the_chinese_readme_has_the_same_code() -> None:
    """Comments included."""
    english, chinese = (
        [block.text for block in document.blocks() if block.language in SOURCES]
        for document in (README, Document("README.zh.md"))
    )
    assert english == chinese


def test_the_frontend_code_compiles_and_reads_a_plan(
    tmp_path: Path, shared_mock: Mock, contract: dict[str, Any]
) -> None:
    """Beside the generated types, as strict TypeScript; plan 301 is in EXECUTION."""
    write(tmp_path, "package.json", '{"type": "module"}')
    write(tmp_path, "openapi.json", dump(contract, "json"))
    generator = str(MODULES / "openapi-typescript/bin/cli.js")
    run(tmp_path, "node", generator, "openapi.json", "--output", "src/hypers.d.ts")
    text = sources()["src/plan.ts"].replace(ADDRESS, shared_mock.address)
    source = write(tmp_path, "src/plan.ts", text)
    tsc = str(MODULES / "typescript/bin/tsc")
    run(tmp_path, "node", tsc, *STRICT, "src/plan.ts", "src/hypers.d.ts")
    assert run(tmp_path, "node", str(source)).strip() == "EXECUTION"


def test_the_proxy_forwards_every_operation(contract: dict[str, Any]) -> None:
    """Each path begins with one of the two prefixes."""
    text = sources()["vite.config.ts"]
    prefixes = re.findall(r'"(/\w+)": mock', text)
    assert f'mock = "{ADDRESS}"' in text
    assert len(prefixes) == 2
    assert all(path.startswith(tuple(prefixes)) for path in contract["paths"])


@pytest.mark.whole
def test_the_pytest_fixtures_start_a_mock_and_the_test_passes(tmp_path: Path) -> None:
    """Pasted into an empty folder."""
    for name, text in sources().items():
        if name.endswith(".py"):
            write(tmp_path, name, text)
    options = ("-p", "no:cacheprovider", "-q")
    printed = run(tmp_path, sys.executable, "-m", "pytest", *options, "--rootdir", str(tmp_path))
    assert "1 passed" in printed


def test_the_playwright_configuration_starts_the_mock_and_waits_for_it(shared_mock: Mock) -> None:
    """Its command has options that exist, and listens where its URL and the test's point to."""
    config, spec = sources()["playwright.config.ts"], sources()["tests/plan-tasks.spec.ts"]
    command = re.search(r'command: "hypers-mock ([^"]+)"', config)
    url = re.search(r'url: "([^"]+)"', config)
    assert command
    assert url
    options = mock_server.options.parser().parse_args(command[1].split())
    address = f"http://{options.host}:{options.port}"
    assert url[1].startswith(f"{address}/")
    assert f'"{address}/__admin"' in spec
    assert shared_mock.anonymous.get(url[1].removeprefix(address)).status_code == 200


def test_the_playwright_test_sends_what_the_control_plane_accepts(shared_mock: Mock) -> None:
    """The operations that it calls exist."""
    paths = re.findall(r"\$\{admin\}(/[\w/]+)", sources()["tests/plan-tasks.spec.ts"])
    document = shared_mock.anonymous.get("/__admin/openapi.json").json()
    assert len(paths) == 2
    assert all("post" in document["paths"][path] for path in paths)


@pytest.mark.parametrize("name", [name for name in sources() if name.endswith(".ts")])
def test_node_parses_each_typescript_file(name: str, tmp_path: Path) -> None:
    """Syntax only: Vite and Playwright are not installed here."""
    write(tmp_path, "package.json", '{"type": "module"}')
    run(tmp_path, "node", "--check", str(write(tmp_path, Path(name).name, sources()[name])))
