"""Filter for the rows of a task's member list (MT-06)."""

from __future__ import annotations

from collections.abc import Callable

from mock_server.domain.conversations import Conversation
from mock_server.domain.paging import split_values


def conversation_filter(
    status: str | None,
    scene_ids: frozenset[int] | None,
    mood_value: str | None,
    commas: str,
) -> Callable[[Conversation], bool] | None:
    """Return a predicate that combines all conditions on a row's conversation; None without any.

    A row passes `sceneIds` if it triggered any of the scenes, and `moodValue` (texts separated by
    commas, M4) if it has any of the moods. commas: answer to comma-in-array-parameters.
    """
    moods = {mood.strip() for mood in split_values(mood_value or "", commas)} - {""}
    if not status and scene_ids is None and not moods:
        return None

    def passes(conversation: Conversation) -> bool:
        return (
            (not status or conversation.status == status)
            and (scene_ids is None or not scene_ids.isdisjoint(conversation.scenes))
            and (not moods or not moods.isdisjoint(conversation.moods))
        )

    return passes
