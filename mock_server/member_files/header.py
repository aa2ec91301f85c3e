"""Header of a member file: its columns, and mistakes in them (N5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mock_server.member_files.bulk_validation import (
    IDENTITY_COLUMNS,
    NAME_COLUMNS,
    ColumnIndexes,
)
from mock_server.member_files.findings import FileFindings, Finding, cut_value
from mock_server.member_files.sheets import Sheet
from mock_server.member_files.titles import aliases_of_title, clean_title, field_of_title


def read_header(
    sheet: Sheet, wanted: Sequence[str], identifying: Sequence[str], findings: FileFindings
) -> ColumnIndexes | None:
    """Return the columns of a sheet, and report missing and repeated ones.

    Returns None if the rows below cannot be read. Raises SheetError if the first row is no header.
    """
    titles = [clean_title(cell) for cell in next(sheet.rows, [])]
    columns = _find_columns(titles, wanted)
    is_readable = not columns.identity.keys().isdisjoint(identifying)
    if not is_readable:
        from mock_server.member_files import header_mistakes  # noqa: PLC0415 - seldom needed

        findings.add(header_mistakes.explain_missing_ids(sheet, titles, identifying))
    findings.add(*_repeated_titles(sheet, titles))
    if len(columns.wanted) < len(wanted):
        from mock_server.member_files import header_mistakes  # noqa: PLC0415 - likewise

        findings.add(*header_mistakes.missing_variables(sheet, columns, wanted))
    return columns if is_readable else None


def _find_columns(titles: list[str], wanted: Sequence[str]) -> ColumnIndexes:
    found: dict[str, int] = {}
    for at, title in enumerate(titles):
        found.setdefault(field_of_title(title), at)
    # A text may contain {{昵称}} or {{nickname}} for a column with the title 昵称 (N5).
    for at, title in enumerate(titles):
        for alias in aliases_of_title(title):
            found.setdefault(alias, at)
    identity, variables, names = (
        {name: found[name] for name in some if name and name in found}
        for some in (IDENTITY_COLUMNS, wanted, NAME_COLUMNS)
    )
    nameless = [at for at, title in enumerate(titles) if not title]
    used = {**identity, **names, **variables}
    return ColumnIndexes(identity, variables, used, nameless, titles)


def _repeated_titles(sheet: Sheet, titles: Sequence[str]) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for at, title in enumerate(titles):
        if title and first.setdefault(field_of_title(title), at) != at:
            other = f"{sheet.column_name(first[field_of_title(title)])}1"
            yield Finding(
                "header-duplicate",
                "uniqueItems",
                row=1,
                column=sheet.column_name(at),
                header=cut_value(title),
                words=(("other", other),),
            )
