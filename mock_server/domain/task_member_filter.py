"""Which rows of a task's member list a query keeps (MT-06)."""

from __future__ import annotations

from collections.abc import Callable

from mock_server.domain.conversations import Conversation


def conversation_filter(
    status: str | None, scene_ids: frozenset[int] | None, mood_value: str | None
) -> Callable[[Conversation], bool] | None:
    """The conditions on a row's conversation, all at once; None when there are none.

    A row passes `sceneIds` with any of the scenes triggered and `moodValue` (texts joined by
    commas, M4) with any of the moods found.
    """
    moods = {mood.strip() for mood in (mood_value or "").split(",")} - {""}
    if not status and scene_ids is None and not moods:
        return None

    def passes(conversation: Conversation) -> bool:
        return (
            (not status or conversation.status == status)
            and (scene_ids is None or not scene_ids.isdisjoint(conversation.scenes))
            and (not moods or not moods.isdisjoint(conversation.moods))
        )

    return passes
