"""Compiling clients together with their flows; the result is a program that can be run."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.generators.authority import Authority
from tests.generators.clients import Client, Language
from tests.generators.workplace import DOCUMENTS, SOURCES, Workplace

FLOWS = SOURCES / "flows"
JARS = Path("/usr/share/java")
"""The folder of Debian's jars."""
JAR_NAMES = (
    *("jackson-core", "jackson-databind", "jackson-annotations", "jakarta-annotation-api"),
    *("httpmime", "httpclient", "httpcore"),
)
GO_SOURCES = Path("/usr/share/gocode")
"""The folder of Debian's Go packages."""
STORE_PASSWORD = "changeit"
TSC_OPTIONS = (
    *("--strict", "--skipLibCheck", "--target", "es2022", "--types", "node", "--outDir", "out"),
    *("--module", "nodenext", "--moduleResolution", "nodenext"),
)


@dataclass(frozen=True)
class FlowProgram:
    """The command that runs the flow of a client, and the folder in which it runs."""

    command: tuple[str, ...]
    folder: Path


def compile_client(place: Workplace, client: Client, authority: Authority) -> FlowProgram | None:
    """Compile a client and its flow; None if it is generated only. Raises StepError."""
    compiler = _COMPILERS.get(client.language)
    return compiler(place, client, authority) if compiler else None


def _compile_typescript(place: Workplace, client: Client, _: Authority) -> FlowProgram:
    folder = place.client_folder(client.name)
    options = list(TSC_OPTIONS)
    declarations = [str(each.relative_to(folder)) for each in sorted(folder.glob("*/*.d.ts"))]
    if declarations:  # generated ones, which are skipped otherwise
        options.remove("--skipLibCheck")
    sources = (f"{client.name}.ts", *declarations)
    place.run(place.node("typescript/bin/tsc", *options, *sources), folder)
    return FlowProgram((str(place.venv / "bin" / "node"), f"out/{client.name}.js"), folder)


def _compile_python(place: Workplace, client: Client, _: Authority) -> FlowProgram:
    """Check the flow, and so what it uses of the client, with mypy."""
    folder = place.client_folder(client.name)
    flow = "openapi_generator" if client.generator else client.name.replace("-", "_")
    shutil.copy(FLOWS / "python" / "flow.py", folder)
    shutil.copy(FLOWS / "python" / f"{flow}.py", folder / "main.py")
    if client.generator:
        for document in DOCUMENTS:
            package = f"hypers_{document}"
            shutil.copytree(folder / document / package, folder / package, dirs_exist_ok=True)
    place.run(["mypy", "--strict", "--follow-imports", "silent", "main.py"], folder)
    return FlowProgram((str(place.python_tools / "python"), "main.py"), folder)


def _compile_java(place: Workplace, client: Client, authority: Authority) -> FlowProgram:
    folder = place.client_folder(client.name)
    jars = [str(JARS / f"{name}.jar") for name in JAR_NAMES]
    generated = [folder / document / "src" / "main" for document in DOCUMENTS]
    roots = (*generated, FLOWS / "java", SOURCES / "java")
    sources = [str(path) for root in roots for path in sorted(root.rglob("*.java"))]
    options = ("-nowarn", "-encoding", "UTF-8", "-d", "out", "-cp", ":".join(jars))
    place.run(["javac", *options, *sources], folder)
    store = folder / "authority.p12"
    store.unlink(missing_ok=True)  # of an earlier run, with another authority
    place.run(
        [
            *("keytool", "-importcert", "-noprompt", "-alias", "run", "-storetype", "PKCS12"),
            *("-file", str(authority.certificate), "-keystore", str(store)),
            *("-storepass", STORE_PASSWORD),
        ],
        folder,
    )
    properties = {
        "javax.net.ssl.trustStore": str(store),
        "javax.net.ssl.trustStorePassword": STORE_PASSWORD,
        "https.proxyHost": "127.0.0.1",
        "https.proxyPort": "{gateway_port}",
    }
    defined = (f"-D{key}={value}" for key, value in properties.items())
    return FlowProgram(("java", *defined, "-cp", ":".join(["out", *jars]), "Flow"), folder)


def _compile_go(place: Workplace, client: Client, _: Authority) -> FlowProgram:
    """Vet and build without modules, so that nothing is downloaded."""
    folder = place.client_folder(client.name)
    packages = folder / "gopath" / "src" / "hypers"
    for document in DOCUMENTS:
        shutil.copytree(folder / document, packages / document, dirs_exist_ok=True)
    shutil.copytree(FLOWS / "go", packages / "flow", dirs_exist_ok=True)
    environment = {
        "GO111MODULE": "off",
        "GOPATH": f"{folder / 'gopath'}:{GO_SOURCES}",
        "GOCACHE": str(place.folder / "go-cache"),
        "GOFLAGS": "",
    }
    place.run(["go", "vet", "hypers/..."], folder, environment)
    place.run(["go", "build", "-o", "flow", "hypers/flow"], folder, environment)
    return FlowProgram((str(folder / "flow"),), folder)


_COMPILERS: dict[Language, Callable[[Workplace, Client, Authority], FlowProgram]] = {
    "TypeScript": _compile_typescript,
    "Python": _compile_python,
    "Java": _compile_java,
    "Go": _compile_go,
}
