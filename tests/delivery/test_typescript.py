"""TypeScript types generated from the contract compile, reject misuse, and match the responses."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import openapi
from openapi import dump
from tests.openapi.walking import operations_by_id
from tests.serving import run_mock

pytestmark = pytest.mark.whole

HERE = Path(__file__).parent
NODE_PROGRAM = Path(sys.prefix) / "bin/node"
NODE_MODULES = Path(sys.prefix) / "node/node_modules"
TSC_OPTIONS = (
    *("--strict", "--noEmit", "--noUncheckedIndexedAccess", "--exactOptionalPropertyTypes"),
    *("--skipLibCheck", "false"),
    *("--target", "es2022", "--module", "esnext", "--moduleResolution", "bundler"),
)
EXPECTED_ERROR = re.compile(r"// @ts-expect-error (TS\d+): ")
TSC_ERROR = re.compile(r"^(\w+\.ts)\((\d+),\d+\): error (TS\d+): ", re.MULTILINE)


def run_node(
    folder: Path, program: Path | str, *arguments: str
) -> subprocess.CompletedProcess[str]:
    """Run a JavaScript program in a directory, with the node that make installs."""
    assert NODE_PROGRAM.exists(), "node is missing: run `make .venv/.node`"
    return subprocess.run(
        [str(NODE_PROGRAM), str(program), *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def run_tsc(folder: Path, *files: str) -> subprocess.CompletedProcess[str]:
    """Compile files of a directory in strict mode, including the generated declarations."""
    return run_node(folder, NODE_MODULES / "typescript/bin/tsc", *TSC_OPTIONS, *files)


@pytest.fixture(scope="module")
def frontend_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with our sources and the types of the mock, generated as users would."""
    contract = openapi.load(readings="exact")
    folder = tmp_path_factory.mktemp("frontend")
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    (folder / "openapi.json").write_text(dump(contract, "json"), encoding="utf-8")
    for source in HERE.glob("*.ts"):
        shutil.copy(source, folder)
    generator = NODE_MODULES / "openapi-typescript/bin/cli.js"
    done = run_node(folder, generator, "openapi.json", "--output", "api.d.ts")
    assert (done.returncode, done.stderr) == (0, ""), done
    assert "⚠" not in done.stdout
    return folder


def test_there_is_a_type_for_every_operation(
    frontend_folder: Path, contract: dict[str, Any]
) -> None:
    """The types have exactly the operationIds of the contract."""
    text = (frontend_folder / "api.d.ts").read_text(encoding="utf-8")
    _, _, interface = text.partition("export interface operations {\n")
    generated = re.findall(r"^    (\w+): \{$", interface, re.MULTILINE)
    assert sorted(generated) == sorted(operations_by_id(contract))


def test_a_frontend_compiles_under_strict_and_misuse_does_not(frontend_folder: Path) -> None:
    """`frontend.ts` has no error; `refused.ts` has one in each line that should have one."""
    done = run_tsc(frontend_folder, "api.d.ts", "frontend.ts", "refused.ts")
    assert (done.returncode, done.stdout) == (0, "")


def test_the_lists_of_the_main_screens_have_typed_rows(frontend_folder: Path) -> None:
    """`screens.ts`: task list, executions, plan tasks, members; no cell is `unknown`."""
    done = run_tsc(frontend_folder, "api.d.ts", "frontend.ts", "screens.ts")
    assert (done.returncode, done.stdout) == (0, "")


def test_no_type_has_a_number_for_a_name(frontend_folder: Path) -> None:
    """Generators number types without a name: `Type1`."""
    text = (frontend_folder / "api.d.ts").read_text(encoding="utf-8")
    assert not re.findall(r"^        (\w*[a-z][0-9]+): ", text, re.MULTILINE)


def test_each_misuse_is_refused_for_its_own_reason(frontend_folder: Path) -> None:
    """Any error satisfies the directive, so line and error are compared without it."""
    lines = (HERE / "refused.ts").read_text(encoding="utf-8").splitlines()
    expected = [
        ("bare.ts", str(number + 1), found[1])
        for number, line in enumerate(lines, start=1)
        if (found := EXPECTED_ERROR.search(line))
    ]
    assert len(expected) >= 10
    bare = EXPECTED_ERROR.sub("// ", "\n".join(lines))
    assert "@ts-" not in bare
    (frontend_folder / "bare.ts").write_text(bare, encoding="utf-8")
    assert TSC_ERROR.findall(run_tsc(frontend_folder, "api.d.ts", "bare.ts").stdout) == expected


def test_the_frontend_that_compiles_works_against_the_mock(frontend_folder: Path) -> None:
    """Two grants, the states of a task, a scene, a file."""
    with run_mock() as mock:
        done = run_node(frontend_folder, "frontend.ts", mock.address)
    assert (done.returncode, done.stderr) == (0, ""), done
    told = json.loads(done.stdout)
    made = told.pop("made")
    assert isinstance(told.pop("scene"), int)
    assert told == {
        "refreshed": True,
        "total": 1,
        "listed": [made],
        "texts": ["{{nickname}}, your gift is here."],
        "read": "waiting",
        "from": "PENDING",
        "to": "stopped",
        "externalId": "unbound",
        "fileName": "到店须知.bin",
        "identical": True,
        "refused": "400 NT-01 /body/taskName",
    }
