"""Faults of order."""

from __future__ import annotations

from tests.mutants.mutant import Clause, Code, Mutant, mutant

PARAMETERS = ("components", "parameters")
ORDER_BY = (
    "GroupOrderBy",
    "SceneOrderBy",
    "NoticeOrderBy",
    "NoticeTaskOrderBy",
    "NoticeTaskMemberOrderBy",
)

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "sorting/desc-ignored",
        "orderDirection DESC is not looked at.",
        "PG-15",
        Code("domain/paging.py", 'reverse=direction == "DESC"', "reverse=not direction"),
    ),
    mutant(
        "sorting/first-field-only",
        "Of several orderBy only the first counts.",
        "PG-15",
        Code("domain/paging.py", "reversed(dict.fromkeys(order_by))", "order_by[:1]"),
    ),
    mutant(
        "sorting/numbers-as-text",
        "Numbers sort as texts: 10 before 9.",
        "PG-15",
        Code(
            "domain/paging.py",
            "_in_order(present, read,",
            "_in_order(present, lambda row, read=read: str(read(row)),",
        ),
    ),
    mutant(
        "sorting/unknown-field",
        "An orderBy that no row has is passed over.",
        "PG-04",
        *(Clause((*PARAMETERS, name, "schema", "items", "enum")) for name in ORDER_BY),
        Code(
            "domain/paging.py",
            "    if unknown:\n        raise Invalid(*unknown)\n    result = rows\n",
            "    order_by = [name for name in order_by if name in keys or not unknown]\n"
            "    result = rows\n",
        ),
    ),
    mutant(
        "sorting/oldest-first",
        "Lists are oldest first.",
        "PG-13",
        Code(
            "world/table.py",
            "return _Newest(self._ordered.get(kind, []))",
            "return self._ordered.get(kind, [])",
        ),
    ),
    mutant(
        "sorting/pending-first",
        "By executeTime, executions without a time come first.",
        "NT-28",
        Code(
            "handlers/notification_tasks.py",
            "sorted_rows(found, keys, [order_by], order_direction)",
            'sorted_rows(found, keys, [order_by], order_direction, "NULLS_FIRST")',
        ),
    ),
    mutant(
        "sorting/members-by-name",
        "The members of a plan's task come by name, not as in their files.",
        "PG-13",
        Code(
            "handlers/notice_tasks.py",
            "for row, member in enumerate(members)\n",
            "for row, member in sorted(enumerate(members), key=lambda m: m[1].name)\n",
        ),
    ),
    mutant(
        "sorting/reports-oldest-first",
        "Daily reports are oldest first.",
        "ME-02",
        Code(
            "domain/daily_reports.py",
            "key=lambda report: report.date, reverse=True)",
            "key=lambda report: report.date)",
        ),
    ),
)
