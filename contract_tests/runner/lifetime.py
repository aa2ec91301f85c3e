"""End of a run: its time limit, a lost target, the user."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from contract_tests.target.target import CannotCheckError


class RunLifetime:
    """State of a run that may end early, and the reason."""

    def __init__(self, max_time: int) -> None:
        """Begin now, and end after `max_time` seconds; 0 for no limit."""
        self.gone: CannotCheckError | None = None
        """Why the target could not be checked to the end."""
        self.ended = ""
        """Why the run ended early; nothing is sent from then on."""
        self.interrupted = False
        """True if the user has stopped the run."""
        self.stop: Callable[[str], None] = lambda _reason: None
        """Ends the tests, with a reason."""
        self._max_time = max_time
        self._end = time.monotonic() + max_time if max_time else math.inf

    def end(self, why: str) -> None:
        """Stop sending requests and starting tests."""
        self.ended = why
        self.stop(why)

    def abort(self, error: CannotCheckError) -> None:
        """End the run because the target cannot be checked any further."""
        self.gone = error
        self.end(str(error))

    def is_over(self) -> bool:
        """Return whether the run has ended; raises KeyboardInterrupt if the user has stopped it."""
        # Raised here again, since Python drops the exception if it arrives in a finalizer.
        if self.interrupted:
            raise KeyboardInterrupt
        if not self.ended and time.monotonic() >= self._end:
            self.end(f"stopped after the {self._max_time} s of --max-time")
        return bool(self.ended)
