"""The mock compared with the model over random sequences of operations."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.model_based.caller import MockCaller
from tests.model_based.machine import PlatformStateMachine
from tests.serving import run_mock

pytestmark = pytest.mark.whole

SAMPLE_EXAMPLES, ALL_EXAMPLES, STEPS_PER_EXAMPLE = 7, 14, 40


@pytest.mark.parametrize(
    "examples", [SAMPLE_EXAMPLES, pytest.param(ALL_EXAMPLES, marks=pytest.mark.whole)]
)
def test_counts_states_pages_and_reports_agree_with_the_model_at_every_step(examples: int) -> None:
    """After any operations and clock changes, all that can be read equals the model."""
    run_state_machine(examples)


def run_state_machine(examples: int, *, shrink: bool = False) -> None:
    """Run the state machine with the same examples each time.

    Shrinking a failure takes minutes, so it is off in the suite: pass `shrink` to enable it.
    """
    with run_mock() as mock, MockCaller(mock.address) as caller:
        PlatformStateMachine.caller = caller
        run_state_machine_as_test(
            PlatformStateMachine,
            settings=settings(
                max_examples=examples,
                stateful_step_count=STEPS_PER_EXAMPLE,
                derandomize=True,
                database=None,
                deadline=None,
                report_multiple_bugs=False,
                phases=[Phase.generate, Phase.shrink] if shrink else [Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
