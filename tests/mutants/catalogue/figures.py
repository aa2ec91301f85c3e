"""Faults of what is counted."""

from __future__ import annotations

from tests.mutants.mutant import CodeEdit, Mutant, make_mutant

MUTANTS: tuple[Mutant, ...] = (
    make_mutant(
        "arithmetic/rate-of-the-planned",
        "The rate of completed services is of the planned, not of the contacted.",
        "RP-01",
        CodeEdit(
            "domain/reports.py",
            "rate(counts.completed, counts.contacted)",
            "rate(counts.completed, counts.planned)",
        ),
    ),
    make_mutant(
        "arithmetic/six-places",
        "Rates have six places.",
        "RP-01",
        CodeEdit("domain/reports.py", '"fraction": (1, 4)', '"fraction": (1, 6)'),
    ),
    make_mutant(
        "arithmetic/newest-task-only",
        "A plan's report counts its newest task only.",
        "RP-02",
        CodeEdit(
            "handlers/notices.py",
            "reports.count_conversations([*simulate_plan(world, notice, now)], now)",
            "reports.count_conversations([*simulate_plan(world, notice, now)][:1], now)",
        ),
    ),
    make_mutant(
        "arithmetic/timeouts-not-completed",
        "A service that timed out is not counted as completed.",
        "RP-05",
        CodeEdit(
            "domain/conversations.py",
            "frozenset({COMPLETE_SERVICE, TIMEOUT_COMPLETE_SERVICE})",
            "frozenset({COMPLETE_SERVICE})",
        ),
    ),
    make_mutant(
        "arithmetic/only-counts-triggers",
        "An ONLY scene counts every trigger.",
        "RP-04",
        CodeEdit(
            "domain/reports.py",
            'counts.rows if scene.statistical_method == "ONLY" else',
            'counts.rows if scene.statistical_method == "" else',
        ),
    ),
    make_mutant(
        "arithmetic/files-for-members",
        "totalMembers of a task with member files is the number of files.",
        "NT-17",
        CodeEdit(
            "handlers/notification_tasks.py",
            '"totalMembers": len(task.recipients),\n    }',
            '"totalMembers": len(task.sent_members or task.file_ids or ()),\n    }',
        ),
    ),
    make_mutant(
        "arithmetic/begun-tasks-only",
        "memberNumber in the plan list counts tasks that have begun only.",
        "RP-03",
        CodeEdit(
            "handlers/notices.py",
            "sum(len(simulation.task.members) for simulation in simulations)",
            "sum(len(simulation.task.members) for simulation in simulations if simulation.begun)",
        ),
    ),
)
