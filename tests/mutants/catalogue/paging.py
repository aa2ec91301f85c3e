"""Faults of pages."""

from __future__ import annotations

from tests.mutants.mutant import CodeEdit, ContractEdit, Mutant, make_mutant

MUTANTS: tuple[Mutant, ...] = (
    make_mutant(
        "paging/begins-at-1",
        "Spring's pages begin at 1; page 0 is the first too.",
        "PG-01",
        CodeEdit(
            "domain/paging.py", "offset = number * size", "offset = max(0, number - 1) * size"
        ),
    ),
    make_mutant(
        "paging/negative-page",
        "A negative page is taken for the first.",
        "PG-01",
        ContractEdit(("components", "parameters", "SpringCurrent", "schema", "minimum")),
        CodeEdit(
            "domain/paging.py", "number = query.current or 0", "number = max(0, query.current or 0)"
        ),
    ),
    make_mutant(
        "paging/10-by-default",
        "A page has 10 rows by default.",
        "PG-10",
        CodeEdit("domain/paging.py", "DEFAULT_PAGE_SIZE = 20", "DEFAULT_PAGE_SIZE = 10"),
    ),
    make_mutant(
        "paging/size-capped",
        "The task list has at most 100 rows a page, whatever was asked for.",
        "PG-09",
        CodeEdit(
            "handlers/notification_tasks.py",
            "        current,\n        size,\n        lambda task:",
            "        current,\n        min(size, 100),\n        lambda task:",
        ),
    ),
    make_mutant(
        "paging/total-of-the-page",
        "total is the number of rows on this page.",
        "PG-12",
        CodeEdit(
            "domain/paging.py", '"total": len(rows)}', '"total": len(rows[offset : offset + size])}'
        ),
    ),
    make_mutant(
        "paging/total-before-filter",
        "The total of the groups is counted before they are filtered.",
        "GR-05",
        CodeEdit(
            "handlers/notice_groups.py",
            "    return render_spring_page(rows, query, world.page_shape, keys=_SORT_KEYS, "
            "render=_render_group)\n",
            "    found = render_spring_page(rows, query, world.page_shape, keys=_SORT_KEYS, "
            "render=_render_group)\n"
            "    counted = len(world.groups)\n"
            '    totals = {"total": counted, "totalElements": counted}\n'
            "    return found | {key: totals[key] for key in totals if key in found}\n",
        ),
    ),
    make_mutant(
        "paging/always-paged",
        "Without current there are 20 rows, not all.",
        "PG-03",
        CodeEdit(
            "domain/paging.py",
            "size = (query.size or DEFAULT_PAGE_SIZE) if paged else total",
            "size = query.size or DEFAULT_PAGE_SIZE",
        ),
    ),
    make_mutant(
        "paging/50-at-most",
        "A page has at most 50 rows, and says that its size is 50.",
        "PG-17",
        CodeEdit(
            "domain/paging.py",
            "(query.size or DEFAULT_PAGE_SIZE) if paged",
            "min(query.size or DEFAULT_PAGE_SIZE, 50) if paged",
        ),
    ),
    make_mutant(
        "paging/50-executions-at-most",
        "A page of executions has at most 50 rows, and says that its size is 50.",
        "PG-17",
        CodeEdit(
            "handlers/notification_tasks.py",
            "            size,\n            lambda row: _render_execution",
            "            min(size, 50),\n            lambda row: _render_execution",
        ),
    ),
    make_mutant(
        "paging/50-at-most-unsaid",
        "A page has at most 50 rows, whatever size it says it has.",
        "PG-17",
        CodeEdit(
            "domain/paging.py",
            "content = ordered[offset : offset + size]",
            "content = ordered[offset : offset + (min(size, 50) if paged else size)]",
        ),
    ),
    make_mutant(
        "paging/whole-list-oldest-first",
        "A list without paging has its rows the other way round.",
        "PG-17",
        CodeEdit(
            "domain/paging.py",
            "content = ordered[offset : offset + size]",
            "content = ordered[offset : offset + size] if paged else ordered[::-1]",
        ),
    ),
    make_mutant(
        "paging/whole-list-unsorted",
        "A list without paging is not sorted.",
        "PG-17",
        CodeEdit(
            "domain/paging.py",
            "content = ordered[offset : offset + size]",
            "content = ordered[offset : offset + size] if paged else rows",
        ),
    ),
    make_mutant(
        "paging/empty-list-has-a-page",
        "A list without rows has one page.",
        "PG-17",
        CodeEdit(
            "domain/paging.py",
            "pages = -(-total // size) if size else 0",
            "pages = max(1, -(-total // size)) if size else 0",
        ),
    ),
    make_mutant(
        "paging/last-page-short",
        "The last row is on no page but the first.",
        "PG-01",
        CodeEdit(
            "domain/paging.py",
            "content = ordered[offset : offset + size]",
            "content = ordered[offset : offset + size]\n"
            "    content = content[:-1] if offset and offset + size >= total else content",
        ),
    ),
    make_mutant(
        "paging/beyond-is-the-last",
        "A page beyond the last is the last one again.",
        "PG-11",
        CodeEdit(
            "domain/paging.py",
            "offset = number * size\n    content",
            "offset = min(number, max(0, total - 1) // max(1, size)) * size\n    content",
        ),
    ),
)
