"""What a run makes on a target: taken back where the API can, and listed where it cannot."""

from __future__ import annotations

from collections import Counter
from typing import Any

import requests

from contract_tests.rules.api import UNDO, Api
from contract_tests.target import Unfit

STAYS = {
    "createScene": "scene",
    "uploadFile": "file",
    "createNotificationTask": "terminated notification task",
}
"""What the API has no operation to remove."""
ROUNDS = 2
"""What is in the way of a deletion may have been made before it."""


class Remains:
    """Remembers what was made."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._made: list[tuple[str, Any]] = []
        self._stays: Counter[str] = Counter()
        self._kept: list[str] = []

    def note(self, operation: str, document: Any) -> None:
        """Note the JSON that an operation answered with success."""
        if operation in STAYS:
            self._stays[STAYS[operation]] += 1
        if operation in UNDO and isinstance(document, dict) and isinstance(document.get("id"), int):
            self._made.append((operation, document["id"]))

    def note_probed(self, operation: str) -> None:
        """Note a success of a probe, which takes back itself what can be."""
        if operation in STAYS:
            self._stays[STAYS[operation]] += 1

    def take_back(self, api: Api) -> None:
        """Delete groups and plans, terminate tasks, the last one made first."""
        left = self._made[::-1]
        try:
            for _ in range(ROUNDS):
                left = [made for made in left if not _is_gone(api, *made)]
        except (requests.RequestException, Unfit):
            pass
        self._kept = [f"what {operation} made: {number}" for operation, number in left]
        self._made = []

    @property
    def left(self) -> list[str]:
        """What stays on the target: by kind, `12 scenes`, and what could not be taken back."""
        counts = sorted(self._stays.items())
        kinds = [f"{number} {kind}{'' if number == 1 else 's'}" for kind, number in counts]
        return [*kinds, *self._kept]


def _is_gone(api: Api, operation: str, number: int) -> bool:
    """Undo one thing; whether nothing is left of it to delete."""
    status = 0
    last = ""
    for last, name in UNDO[operation]:
        ids: Any = {name: number}
        status = api.call(last, **ids).status
    return not last.startswith("delete") or status in (200, 404)
