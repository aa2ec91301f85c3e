"""Programs and libraries that a client needs from Debian, and whether they are installed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

from tests.generators.clients import Client
from tests.generators.compilation import GO_SOURCES, JAR_NAMES, JARS

PACKAGES_OF_JARS = (
    "libjackson2-databind-java",
    "libjakarta-annotation-api-java",
    "libhttpmime-java",
)


def missing_packages(client: Client) -> list[str]:
    """Return the Debian packages that have to be installed for a client."""
    return [*_missing(client)]


def _missing(client: Client) -> Iterator[str]:
    if client.generator and not shutil.which("java"):
        yield "default-jre-headless"
    if client.language == "Java":
        if not (shutil.which("javac") and shutil.which("keytool")):
            yield "default-jdk-headless"
        if not all((JARS / f"{name}.jar").exists() for name in JAR_NAMES):
            yield from PACKAGES_OF_JARS
    if client.language == "Go":
        if not shutil.which("go"):
            yield "golang-go"
        if not (GO_SOURCES / "src" / "gopkg.in" / "validator.v2").exists():
            yield "golang-gopkg-validator.v2-dev"
