"""The samples of the guides that start compilers, generators, pytest and the check."""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.docs.guides import (
    CLIENT_GUIDE,
    GUIDES,
    GuideReader,
    Run,
    Sample,
    guide_document,
    read_samples,
    run_curl,
    run_python,
)
from tests.docs.markdown import ROOT
from tests.docs.test_sources import BIN_FOLDER, NODE_MODULES, PYTEST_PLUGIN, run_program
from tests.generators.clients import CLIENTS
from tests.serving import RunningMock

pytestmark = pytest.mark.whole

TSC_OPTIONS = (
    *("--strict", "--noEmit", "--noUncheckedIndexedAccess", "--exactOptionalPropertyTypes"),
    *("--target", "es2022", "--module", "esnext", "--moduleResolution", "bundler"),
    *("--allowImportingTsExtensions", "--erasableSyntaxOnly", "--verbatimModuleSyntax"),
    *("--types", "node"),
)
PRODUCTION_HOSTS = ("https://szhl-phiskin.hypers.com.cn", "https://oauth.hypers.com.cn")
GENERATING_GUIDE = "generating-a-client"


@pytest.fixture
def reader(request: pytest.FixtureRequest, shared_mock: RunningMock, tmp_path: Path) -> GuideReader:
    """A reader in a folder with the modules of the first guide and the published documents."""
    session = request.node.name.translate(str.maketrans("[]", "--"))[-64:]
    found = GuideReader(tmp_path, shared_mock.address, session)
    found.write_client()
    (tmp_path / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    (tmp_path / "node_modules").symlink_to(NODE_MODULES)
    for document in (ROOT / "openapi/dist").glob("client-*.json"):
        shutil.copy(document, tmp_path)
    return found


def run_command(reader: GuideReader, sample: Sample) -> str:
    """Run a command by the program with which it begins; the output of others is not shown."""
    words = shlex.split(sample.text.replace("\\\n", " "))
    program = next((name for name in PROGRAMS if sample.text.startswith(name)), None)
    if program is None:
        return run_curl(reader, sample)
    PROGRAMS[program](reader, words)
    return ""


def _generate_types(reader: GuideReader, words: list[str]) -> None:
    generator = str(NODE_MODULES / words[1] / "bin/cli.js")
    run_program(reader.folder, "node", generator, *words[2:])


def _generate_python(reader: GuideReader, words: list[str]) -> None:
    printed = run_program(reader.folder, *words, "--fail-on-warning")
    assert "warning" not in printed.lower()


def _name_generator(_: GuideReader, words: list[str]) -> None:
    """Do not run it, which needs Java: `make generators` does, with these options."""
    assert words[words.index("-i") + 1] in {
        path.name for path in (ROOT / "openapi/dist").glob("client-business.*.json")
    }
    [client] = [each for each in CLIENTS if each.generator == words[words.index("-g") + 1]]
    options = dict(client.options)
    assert options["library"] == words[words.index("--library") + 1]
    [properties] = [word for word in words if word.startswith("--additional-properties=")]
    for option in properties.partition("=")[2].split(","):
        name, _mark, value = option.partition("=")
        assert options[name] == value


def _check_server(reader: GuideReader, words: list[str]) -> None:
    """Check the mock instead of production, and a few operations of all."""
    arguments = [reader.address if word in PRODUCTION_HOSTS else word for word in words[1:]]
    assert arguments.count(reader.address) == 2
    limits = ("--only", "notice-groups", "--max-examples", "2", "--workers", "1", "--rate", "0")
    printed = run_program(
        reader.folder, words[0].replace(".venv/bin", str(BIN_FOLDER)), *arguments, *limits
    )
    assert "profile safe" in printed
    assert (reader.folder / "report/readings.yaml").is_file()


PROGRAMS = {
    "npx openapi-typescript ": _generate_types,
    "openapi-python-client generate ": _generate_python,
    "openapi-generator-cli generate ": _name_generator,
    ".venv/bin/hypers-check ": _check_server,
}


def run_python_program(reader: GuideReader, sample: Sample) -> str:
    """Run tests with pytest, and programs in a process of their own if they use generated code."""
    path = reader.write(sample)
    if path.name.startswith("test_"):
        options = (
            "-p",
            PYTEST_PLUGIN,
            "-p",
            "no:cacheprovider",
            "-q",
            "--rootdir",
            str(reader.folder),
        )
        run_program(reader.folder, sys.executable, "-m", "pytest", *options, path.name)
        return ""
    if "hypers_business" in sample.text:
        return run_program(reader.folder, sys.executable, path.name)
    return run_python(reader, sample)


def run_typescript(reader: GuideReader, sample: Sample) -> str:
    """Run a program with node, as it is."""
    path = reader.write(sample)
    reader.reset()
    return run_program(reader.folder, "node", str(path.relative_to(reader.folder)))


ALL_RUNNERS: Mapping[str, Run] = {
    "sh": run_command,
    "python": run_python_program,
    "ts": run_typescript,
}


@pytest.mark.parametrize("name", GUIDES)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_all_samples_of_a_guide_print_what_it_shows(
    name: str, language: str, reader: GuideReader
) -> None:
    """Commands and programs in Python and TypeScript, in order."""
    reader.run_guide(guide_document(name, language), ALL_RUNNERS)


def test_all_typescript_compiles_in_strict_mode(reader: GuideReader) -> None:
    """The programs of all guides together, with the generated types."""
    files = []
    for name in GUIDES:
        for sample in read_samples(guide_document(name, "en")):
            if sample.language == "ts":
                files.append(str(reader.write(sample).relative_to(reader.folder)))
            elif name == GENERATING_GUIDE and sample.text.startswith("npx "):
                run_command(reader, sample)
    assert len(files) >= 5
    assert read_samples(guide_document(CLIENT_GUIDE, "en"))
    run_program(
        reader.folder, "node", str(NODE_MODULES / "typescript/bin/tsc"), *TSC_OPTIONS, *files
    )


def test_a_program_that_prints_something_else_is_seen(reader: GuideReader) -> None:
    """The output that a guide shows is compared with that of the sample."""
    document = guide_document("first-plan", "en")
    reader.address = "http://127.0.0.1:9"
    with pytest.raises(AssertionError, match="first-plan"):
        reader.run_guide(document, {"sh": lambda *_: "404"})
