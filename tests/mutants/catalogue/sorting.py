"""Faults of order."""

from __future__ import annotations

from tests.mutants.mutant import CodeEdit, ContractEdit, Mutant, make_mutant

SCHEMA_COMPONENTS = ("components", "schemas")
SORT_FIELDS = (
    "GroupSortField",
    "SceneSortField",
    "NoticeSortField",
    "NoticeTaskSortField",
    "NoticeTaskMemberSortField",
)

MUTANTS: tuple[Mutant, ...] = (
    make_mutant(
        "sorting/desc-ignored",
        "orderDirection DESC is not looked at.",
        "PG-15",
        CodeEdit("domain/paging.py", 'reverse=direction == "DESC"', "reverse=not direction"),
    ),
    make_mutant(
        "sorting/first-field-only",
        "Of several orderBy only the first counts.",
        "PG-15",
        CodeEdit("domain/paging.py", "reversed(dict.fromkeys(order_by))", "order_by[:1]"),
    ),
    make_mutant(
        "sorting/numbers-as-text",
        "Numbers sort as texts: 10 before 9.",
        "PG-15",
        CodeEdit(
            "domain/paging.py",
            "_sort_in_runs(present, read,",
            "_sort_in_runs(present, lambda row, read=read: str(read(row)),",
        ),
    ),
    make_mutant(
        "sorting/unknown-field",
        "An orderBy that no row has is passed over.",
        "PG-04",
        *(ContractEdit((*SCHEMA_COMPONENTS, name, "enum")) for name in SORT_FIELDS),
        CodeEdit(
            "domain/paging.py",
            "    if unknown:\n        raise InvalidRequest(*unknown)\n    result = rows\n",
            "    order_by = [name for name in order_by if name in keys or not unknown]\n"
            "    result = rows\n",
        ),
    ),
    make_mutant(
        "sorting/oldest-first",
        "Lists are oldest first.",
        "PG-13",
        CodeEdit(
            "world/table.py",
            "return _NewestFirst(self._ordered.get(kind, []))",
            "return self._ordered.get(kind, [])",
        ),
    ),
    make_mutant(
        "sorting/pending-first",
        "By executeTime, executions without a time come first.",
        "NT-28",
        CodeEdit(
            "handlers/notification_tasks.py",
            "sort_rows(found, keys, [order_by], order_direction, nulls)",
            'sort_rows(found, keys, [order_by], order_direction, "NULLS_FIRST")',
        ),
    ),
    make_mutant(
        "sorting/members-by-name",
        "The members of a plan's task come by name, not as in their files.",
        "PG-13",
        CodeEdit(
            "handlers/notice_tasks.py",
            "for row, member in enumerate(members)\n",
            "for row, member in sorted(enumerate(members), key=lambda m: m[1].name)\n",
        ),
    ),
    make_mutant(
        "sorting/reports-oldest-first",
        "Daily reports are oldest first.",
        "ME-02",
        CodeEdit(
            "domain/daily_reports.py",
            'reverse=order == "newest-first")',
            "reverse=False)",
        ),
    ),
)
