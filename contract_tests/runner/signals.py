"""Handling of Ctrl-C and SIGTERM."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from contract_tests.runner.check_run import CheckRun

TERMINATION_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def sigterm_as_interrupt() -> Iterator[None]:
    """Handle SIGTERM like Ctrl-C, so that child processes end with this one."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def reliable_interrupt(run: CheckRun) -> Iterator[None]:
    """Mark the run as interrupted even if the exception gets lost.

    Python drops exceptions raised in a finalizer or during garbage collection, where Hypothesis
    does some of its work. In one of hundreds of runs Ctrl-C arrived there, and the run went on.
    Because the run now detects this, the traceback of a dropped exception is suppressed.
    """
    drop = sys.unraisablehook

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        run.interrupted = True
        raise KeyboardInterrupt

    def dropped(lost: sys.UnraisableHookArgs) -> None:
        if not (run.interrupted and issubclass(lost.exc_type, KeyboardInterrupt)):
            drop(lost)

    # Handlers are replaced only where Ctrl-C raises: workers ignore it and are told by the first
    # process.
    before = {each: signal.getsignal(each) for each in TERMINATION_SIGNALS}
    ours = [each for each, handler in before.items() if handler is signal.default_int_handler]
    for each in ours:
        signal.signal(each, interrupt)
    sys.unraisablehook = dropped
    try:
        yield
    finally:
        sys.unraisablehook = drop
        for each in ours:
            signal.signal(each, before[each])
