"""What a notification says and to whom: the rules between contents and members (NT-04 to NT-07)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from mock_server.domain.member_list_rules import Rules
from mock_server.domain.members import IDENTITY, names_somebody
from mock_server.errors import Violation, shown
from mock_server.runtime.threads import MANY_ROWS

VARIABLE = re.compile(r"\{\{([^{}]*)\}\}")
FILE_RULES = Rules(file="NT-10", member="NT-05", repeated="NT-30", variable="NT-07")
MAX_VIOLATIONS = 20
CONTENT = 100
"""Fields of members that are looked through in the time that a text of contents takes."""
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OwnFile:
    """A file of the mock in place of a content's URL, whatever the mock's address."""

    id: int


def addressed(contents: Sequence[Row], address: str) -> Sequence[Row]:
    """Return contents with URLs that start with `address`."""
    if not any(isinstance(content["contentValue"], OwnFile) for content in contents):
        return contents
    return [
        {**content, "contentValue": f"{address}/api/v1/file/{value.id}"}
        if isinstance(value := content["contentValue"], OwnFile)
        else content
        for content in contents
    ]


def source_violations(body: Mapping[str, Any]) -> list[Violation]:
    """Exactly one of `members` and `fileIds` is given (NT-04)."""
    if ("members" in body) != ("fileIds" in body):
        return []
    given = [name for name in ("members", "fileIds") if name in body]
    return [Violation("/body", "NT-04", "members | fileIds", " + ".join(given))]


def variables(contents: Iterable[Row]) -> list[str]:
    """The variables of all texts, each once, in order of appearance."""
    found: dict[str, None] = {}
    for content in contents:
        if content["contentType"] == "TEXT":
            # Stripped here: in the expression, blanks without end would be tried in every division.
            for name in VARIABLE.findall(content["contentValue"]):
                found[name.strip()] = None
    return list(found)


def member_violations(members: Sequence[Row], wanted: Sequence[str]) -> list[Violation]:
    """What members given in the request break: NT-05, NT-06, NT-07."""
    return list(islice(_member_violations(members, wanted), MAX_VIOLATIONS))


def are_many(body: Row) -> bool:
    """Return whether the members and texts of a request take long to look through."""
    fields = sum(map(len, body.get("members", ())))
    return fields + len(body["contents"]) * CONTENT > MANY_ROWS


def _member_violations(members: Sequence[Row], wanted: Sequence[str]) -> Iterator[Violation]:
    for index, row in enumerate(members):
        pointer = f"/body/members/{index}"
        if not names_somebody(row):
            yield Violation(pointer, "NT-05", " | ".join(IDENTITY))
        for name, value in row.items():
            if not isinstance(value, str) and name not in IDENTITY:
                yield Violation(f"{pointer}/{name}", "NT-06", "type string", shown(value))
        for name in wanted:
            if name not in row:
                yield Violation(f"{pointer}/{name}", "NT-07", f"required {name}")
