"""Faults of ids: they go through floating-point numbers."""

from __future__ import annotations

from tests.mutants.mutant import CodeEdit, Mutant, WireEdit, make_mutant
from tests.mutants.wire import replace_field, rewrite_field
from tests.wire_faults import edit_each_row, edit_response


def round_like_double(number: int) -> int:
    """An id as a floating-point number has it."""
    return int(float(number))


MUTANTS: tuple[Mutant, ...] = (
    make_mutant(
        "ids/member-rounded",
        "A memberId of a notification task is kept as a floating-point number.",
        "ID-03",
        WireEdit(rewrite_field("createNotificationTask", "memberId", round_like_double)),
    ),
    make_mutant(
        "ids/cell-rounded",
        "A memberId of a member file is read as a floating-point number.",
        "ID-03",
        CodeEdit(
            "handlers/notice_tasks.py",
            "register_in_draft(world.members, member_list.rows, TaskMember)",
            "register_in_draft(\n"
            "        world.members,\n"
            "        [row._replace(member_id=int(float(row.member_id or 0)))"
            " for row in member_list.rows],\n"
            "        TaskMember,\n"
            "    )",
        ),
    ),
    make_mutant(
        "ids/path-rounded",
        "The id of a member is read from the path as a floating-point number.",
        "ID-03",
        CodeEdit(
            "handlers/members.py",
            "    member = world.members.find_by_path(id_, kind)",
            "    member = world.members.find_by_path(int(float(id_)), kind)",
        ),
    ),
    make_mutant(
        "ids/execution-rounded",
        "Executions have memberIds as JavaScript reads them.",
        "ID-03",
        WireEdit(
            edit_response(
                "listNotificationTaskExecutions",
                edit_each_row("records", replace_field("memberId", round_like_double)),
            )
        ),
    ),
)
