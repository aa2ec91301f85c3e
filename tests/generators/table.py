"""The table of results in `docs/generators.md`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from tests.generators.clients import CLIENTS, Client
from tests.generators.runner import Result
from tests.generators.workplace import REPOSITORY, SOURCES

PAGE = REPOSITORY / "docs" / "generators.md"
BEGIN, END = "<!-- table: written by make generators -->", "<!-- end of the table -->"
HEADINGS = (
    *("Client", "Version", "What you have to set", "Compiled with", "Flow", "Hosts"),
    *("A status added later reads", "What it cannot do"),
)
COMPILERS = {
    "TypeScript": "`tsc --strict`",
    "Python": "`mypy --strict`",
    "Java": "`javac`",
    "Go": "`go vet`",
    "C#": "not compiled",
}


def write_table(results: Sequence[Result]) -> bool:
    """Write the table into the page; return whether it was another one before."""
    page = PAGE.read_text(encoding="utf-8")
    written = _with_table(page, _table(results))
    if written != page:
        PAGE.write_text(written, encoding="utf-8")
    return written != page


def is_current(results: Sequence[Result]) -> bool:
    """Return whether the page has the table of these results."""
    page = PAGE.read_text(encoding="utf-8")
    return _with_table(page, _table(results)) == page


def pinned_versions() -> dict[str, str]:
    """Return the versions of the pinned npm and PyPI packages by name."""
    packages: dict[str, str] = json.loads((SOURCES / "package.json").read_bytes())["dependencies"]
    pins = (SOURCES / "requirements.txt").read_text(encoding="utf-8")
    return packages | dict(re.findall(r"^([\w.-]+)==(\S+)", pins, re.MULTILINE))


def _with_table(page: str, table: str) -> str:
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{table}\n\n{END}{after}"


def _table(results: Sequence[Result]) -> str:
    found = {result.client.name: result for result in results}
    versions = pinned_versions()
    rows = [_row(found[client.name], versions) for client in CLIENTS]
    lines = [HEADINGS, ("---",) * len(HEADINGS), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _row(result: Result, versions: Mapping[str, str]) -> tuple[str, ...]:
    client = result.client
    is_walked = bool(result.added_value)
    return (
        client.title,
        _versions(client, versions),
        client.settings,
        COMPILERS[client.language],
        "complete" if is_walked else "not run",
        "its own only" if is_walked else "not tested",
        f"`{result.added_value}`" if is_walked else "not tested",
        "; ".join(client.limits) or "nothing found",
    )


def _versions(client: Client, versions: Mapping[str, str]) -> str:
    if len(client.packages) == 1:
        return versions[client.packages[0]]
    return ", ".join(f"{name} {versions[name]}" for name in client.packages)
