"""Running the generators on the documents for clients."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Sequence

from tests.generators.clients import Client
from tests.generators.workplace import DOCUMENTS, REPOSITORY, SOURCES, StepError, Workplace

DIST = REPOSITORY / "openapi" / "dist"
TEMPLATES = SOURCES / "templates"
MEANING = "Terminated manually"
"""The meaning of a status in the contract (`x-enum-descriptions`)."""
SUFFIXES = (".ts", ".py", ".java", ".go", ".cs")
NOT_NEEDED = ("modelTests", "apiTests", "modelDocs", "apiDocs")
"""Parts that openapi-generator leaves out."""


def copy_documents(place: Workplace) -> None:
    """Copy the published documents for clients, in English, to `documents/{name}.json`."""
    for name in DOCUMENTS:
        target = place.document(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(DIST / f"client-{name}.en.json", target)


def run_openapi_generator(place: Workplace, clients: Sequence[Client]) -> None:
    """Have one process of openapi-generator make all of its clients; raises StepError."""
    files = []
    for client in clients:
        for document in DOCUMENTS:
            path = place.folder / f"openapi-generator-{client.name}-{document}.json"
            path.write_text(json.dumps(_configuration(place, client, document)), encoding="utf-8")
            files.append(str(path))
    if files:
        threads = str(os.cpu_count() or 1)
        place.run(["openapi-generator-cli", "batch", "--threads", threads, *files], place.folder)


def check_meanings(place: Workplace, client: Client) -> None:
    """Raise StepError unless the generated source has meanings of enum values as it should."""
    if _has_meaning(place, client) != client.has_meanings:
        raise StepError(f"the source has meanings of enum values: {not client.has_meanings}")


def _has_meaning(place: Workplace, client: Client) -> bool:
    folder = place.client_folder(client.name)
    sources = (
        path for pattern in ("business", "hypers_business*") for path in folder.glob(pattern)
    )
    files = (file for path in sources for file in ([path] if path.is_file() else path.rglob("*")))
    return any(
        file.suffix in SUFFIXES and MEANING in file.read_text(encoding="utf-8") for file in files
    )


def _configuration(place: Workplace, client: Client, document: str) -> dict[str, object]:
    configuration: dict[str, object] = {
        "generatorName": client.generator,
        "inputSpec": str(place.document(document)),
        "outputDir": str(place.client_folder(client.name) / document),
        "globalProperties": dict.fromkeys(NOT_NEEDED, "false"),
        "additionalProperties": {
            key: value.format(document=document) for key, value in client.options
        },
        "typeMappings": dict(client.type_mappings),
    }
    if client.has_template:
        configuration["templateDir"] = str(TEMPLATES / f"openapi-generator-{client.name}")
    return configuration


def generate(place: Workplace, client: Client) -> None:
    """Make a client with a generator other than openapi-generator; raises StepError."""
    folder = place.client_folder(client.name)
    if client.language == "TypeScript":
        for source in ("flow.ts", f"{client.name}.ts", *_EXTRA_SOURCES.get(client.name, ())):
            shutil.copy(SOURCES / "flows" / "typescript" / source, folder)
        (folder / "package.json").write_text('{"type": "commonjs"}', encoding="utf-8")
        if not (folder / "node_modules").exists():
            (folder / "node_modules").symlink_to(place.node_modules)
    if client.name in _GENERATORS:
        for command in _GENERATORS[client.name](place):
            place.run(command, folder)


def _run_openapi_typescript(place: Workplace) -> list[list[str]]:
    program = "openapi-typescript/bin/cli.js"
    return [
        place.node(program, f"../documents/{each}.json", "--output", f"{each}/api.ts")
        for each in DOCUMENTS
    ]


def _run_hey_api(place: Workplace) -> list[list[str]]:
    program = "@hey-api/openapi-ts/bin/run.js"
    return [
        place.node(program, "-i", f"../documents/{each}.json", "-o", f"./{each}", "--no-log-file")
        for each in DOCUMENTS
    ]


def _run_orval(place: Workplace) -> list[list[str]]:
    folder = place.client_folder("orval")
    shutil.copy(SOURCES / "settings" / "orval.config.mjs", folder)
    return [place.node("orval/dist/bin/orval.mjs", "--config", "orval.config.mjs")]


def _run_umi(place: Workplace) -> list[list[str]]:
    shutil.copy(SOURCES / "settings" / "umi.cjs", place.client_folder("umi"))
    return [[str(place.venv / "bin" / "node"), "umi.cjs"]]


def _run_openapi_python_client(place: Workplace) -> list[list[str]]:
    options = ("--meta", "none", "--overwrite", "--fail-on-warning")
    template = ("--custom-template-path", str(TEMPLATES / "openapi-python-client"))
    return [
        [
            *("openapi-python-client", "generate", "--path", str(place.document(each))),
            *("--output-path", f"hypers_{each}", *options, *template),
        ]
        for each in DOCUMENTS
    ]


def _run_datamodel_codegen(place: Workplace) -> list[list[str]]:
    template = ("--custom-template-dir", str(TEMPLATES / "datamodel-code-generator"))
    return [
        [
            *("datamodel-codegen", "--input", str(place.document(each))),
            *("--input-file-type", "openapi", "--output", f"hypers_{each}.py"),
            *("--output-model-type", "pydantic_v2.BaseModel", "--target-python-version", "3.11"),
            *("--formatters", "builtin", "--use-annotated", "--use-schema-description", *template),
        ]
        for each in DOCUMENTS
    ]


_GENERATORS: dict[str, Callable[[Workplace], list[list[str]]]] = {
    "openapi-fetch": _run_openapi_typescript,
    "hey-api": _run_hey_api,
    "orval": _run_orval,
    "umi": _run_umi,
    "openapi-python-client": _run_openapi_python_client,
    "datamodel-code-generator": _run_datamodel_codegen,
}
_EXTRA_SOURCES = {"orval": ("fetcher.ts",), "umi": ("request.ts",)}
