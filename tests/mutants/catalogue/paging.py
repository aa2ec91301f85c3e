"""Faults of pages."""

from __future__ import annotations

from tests.mutants.mutant import Clause, Code, Mutant, mutant

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "paging/begins-at-1",
        "Spring's pages begin at 1; page 0 is the first too.",
        "PG-01",
        Code("domain/paging.py", "offset = number * size", "offset = max(0, number - 1) * size"),
    ),
    mutant(
        "paging/negative-page",
        "A negative page is taken for the first.",
        "PG-01",
        Clause(("components", "parameters", "SpringCurrent", "schema", "minimum")),
        Code(
            "domain/paging.py", "number = query.current or 0", "number = max(0, query.current or 0)"
        ),
    ),
    mutant(
        "paging/10-by-default",
        "A page has 10 rows by default.",
        "PG-10",
        Code("domain/paging.py", "DEFAULT_SIZE = 20", "DEFAULT_SIZE = 10"),
    ),
    mutant(
        "paging/size-capped",
        "The task list has at most 100 rows a page, whatever was asked for.",
        "PG-09",
        Code(
            "handlers/notification_tasks.py",
            "        current,\n        size,\n        lambda task:",
            "        current,\n        min(size, 100),\n        lambda task:",
        ),
    ),
    mutant(
        "paging/total-of-the-page",
        "total is the number of rows on this page.",
        "PG-12",
        Code(
            "domain/paging.py", '"total": len(rows)}', '"total": len(rows[offset : offset + size])}'
        ),
    ),
    mutant(
        "paging/total-before-filter",
        "The total of the groups is counted before they are filtered.",
        "GR-05",
        Code(
            "handlers/notice_groups.py",
            "    return spring_page(rows, query, keys=_KEYS, render=_rendered)\n",
            "    found = spring_page(rows, query, keys=_KEYS, render=_rendered)\n"
            "    counted = len(world.groups)\n"
            '    return {**found, "total": counted, "totalElements": counted}\n',
        ),
    ),
    mutant(
        "paging/always-paged",
        "Without current there are 20 rows, not all.",
        "PG-03",
        Code(
            "domain/paging.py",
            "size = (query.size or DEFAULT_SIZE) if paged else total",
            "size = query.size or DEFAULT_SIZE",
        ),
    ),
)
