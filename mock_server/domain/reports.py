"""Reports of tasks and plans: counts, rates and scene statistics (M35, M47)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mock_server.domain import conversations, notice_scenes
from mock_server.domain.conversations import TaskSimulation
from mock_server.domain.notice_scenes import Scene

RATE_FORMS = {"fraction": (1, 4), "percent": (100, 2)}
"""Rate of the whole, and decimal places, by the answer to the question `rates` (M35)."""


@dataclass(slots=True)
class ReportCounts:
    """Counts of people in a report, and for each scene those of its triggers and of its rows."""

    planned: int = 0
    contacted: int = 0
    completed: int = 0
    replied: int = 0
    invited: int = 0
    triggers: Counter[int] = field(default_factory=Counter)
    rows: Counter[int] = field(default_factory=Counter)


def count_conversations(simulations: Iterable[TaskSimulation], now: datetime) -> ReportCounts:
    """Return the counts over the conversations of some tasks: for a plan, all of its tasks (RP-02).

    contacted: rows that left NOT_REACHED, IGNORE excluded; completed: rows with a completed or
    timed-out service; replied: rows with a reply; invited: rows that triggered the SYSTEM scene of
    an accepted invitation (M47).
    """
    counts = ReportCounts()
    for simulation in simulations:
        rows = len(simulation.task.members)
        counts.planned += rows
        if simulation.begun:
            for row in range(rows):
                _add_conversation(counts, conversations.conversation_at(simulation, now, row))
    return counts


def render_people_counts(counts: ReportCounts) -> dict[str, int]:
    """Return the four counts that both plan lists and reports have, by wire name (L939-L942)."""
    return {
        "contactSuccessOfPeopl": counts.contacted,
        "completeServiceOfPeopl": counts.completed,
        "effectiveCommunicationOfPeopl": counts.replied,
        "invitationSuccessfulOfPeopl": counts.invited,
    }


def render_report(counts: ReportCounts, shown: Iterable[Scene], rates: str) -> dict[str, Any]:
    """Return a report (L1420-L1432) with rates (RP-01) of a form of RATE_FORMS.

    The number of a GRAND_TOTAL scene is that of its triggers, the number of an ONLY scene that of
    the rows that triggered it.
    """
    whole, decimals = RATE_FORMS[rates]

    def rate(part: int, of: int) -> float:
        # Without a denominator, the documents leave the rate open; it is 0 by decision M35.
        return round(part * whole / of, decimals) if of else 0.0

    return {
        **render_people_counts(counts),
        "plannedNumberOfPeopl": counts.planned,
        "contactSuccessRate": rate(counts.contacted, counts.planned),
        "completeServiceRate": rate(counts.completed, counts.contacted),
        "effectiveCommunicationRate": rate(counts.replied, counts.contacted),
        "invitationSuccessfulRate": rate(counts.invited, counts.contacted),
        "sceneStatistics": [
            {"id": scene.id, "name": scene.name, "number": _scene_count(scene, counts)}
            for scene in shown
        ],
    }


def scenes_to_report(scene_ids: Iterable[int], known: Mapping[int, Scene]) -> list[Scene]:
    """Return the scenes in a plan's reports: the SYSTEM scenes, then those of the plan."""
    return [
        known[scene_id]
        for scene_id in (*notice_scenes.SYSTEM_SCENES, *scene_ids)
        if scene_id in known
    ]


def _add_conversation(counts: ReportCounts, conversation: conversations.Conversation) -> None:
    if conversation.contacted is None:
        return
    counts.contacted += 1
    counts.completed += conversation.status in conversations.COMPLETED_STATUSES
    counts.replied += conversation.replied
    counts.invited += notice_scenes.INVITED_SCENE_ID in conversation.scenes
    for scene_id, times in conversation.scenes.items():
        counts.triggers[scene_id] += times
        counts.rows[scene_id] += 1


def _scene_count(scene: Scene, counts: ReportCounts) -> int:
    counted = counts.rows if scene.statistical_method == "ONLY" else counts.triggers
    return counted[scene.id]
