"""Ctrl-C and SIGTERM: an end that is asked for comes."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from contract_tests.runner.run import Run

TERMINATION_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def sigterm_as_interrupt() -> Iterator[None]:
    """Make SIGTERM what Ctrl-C is, so that what we started ends with us."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def reliable_interrupt(run: Run) -> Iterator[None]:
    """Let the run know that it was interrupted, wherever the exception gets lost.

    Python drops what is raised in a finalizer or while garbage is collected, and Hypothesis does
    some work there: in one run of hundreds Ctrl-C fell into it, and the run went on. As the run
    knows of it, the traceback that Python prints of what it drops would only mislead.
    """
    drop = sys.unraisablehook

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        run.interrupted = True
        raise KeyboardInterrupt

    def dropped(lost: sys.UnraisableHookArgs) -> None:
        if not (run.interrupted and issubclass(lost.exc_type, KeyboardInterrupt)):
            drop(lost)

    # Not where Ctrl-C is ignored: in a worker, which the first process tells.
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
