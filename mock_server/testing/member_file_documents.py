"""Responses about member files as dataclasses, with the fields of the contract in snake_case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mock_server.testing.documents import Violation


@dataclass(frozen=True, slots=True)
class CheckedColumn:
    """A column of a member file.

    column: its letters; use: the field for which it is read, `variable` or `unused`; variables:
    those required variables whose values it has.
    """

    column: str
    header: str
    use: str
    variables: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CheckedMemberFile:
    """A member file with its columns, and the number of its rows with a member or an error."""

    file: str
    rows: int
    columns: list[CheckedColumn]
    file_id: int | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class MemberFileCheck:
    """The result of a dry run of member files.

    members: 0 if there are errors; errors: at most 20 of `total`; sample: the first rows, by the
    name of the field or by the title of the column.
    """

    accepted: bool
    members: int
    files: list[CheckedMemberFile]
    variables: list[str]
    missing_variables: list[str]
    errors: list[Violation]
    total: int
    sample: list[Mapping[str, str]]
