"""What a run makes on a target: taken back where the API can, and listed where it cannot."""

from __future__ import annotations

from collections import Counter
from typing import Any

import requests

from contract_tests.rules.api import ROUNDS, UNDO, Api, undo
from contract_tests.target import Unfit
from contract_tests.transport import Unsafe

STAYS = {
    "createScene": "scene",
    "uploadFile": "file",
    "createNotificationTask": "terminated notification task",
}
"""What the API has no operation to remove."""


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

    def note_kept(self, operation: str, number: Any) -> None:
        """Note what a probe made and could not take back; it is tried once more at the end."""
        self._made.append((operation, number))

    def take_back(self, api: Api) -> None:
        """Delete groups and plans, terminate tasks, the last one made first."""
        left = self._made[::-1]
        try:
            for _ in range(ROUNDS):
                left = [made for made in left if not undo(api, *made)]
        except (requests.RequestException, Unfit, Unsafe):
            pass
        # A server that remembers nothing gives one id to all that it makes.
        once = dict.fromkeys(left)
        self._kept = [f"what {operation} made: {number}" for operation, number in once]
        self._made = []

    @property
    def left(self) -> list[str]:
        """What stays on the target: by kind, `12 scenes`, and what could not be taken back."""
        counts = sorted(self._stays.items())
        kinds = [f"{number} {kind}{'' if number == 1 else 's'}" for kind, number in counts]
        return [*kinds, *self._kept]
