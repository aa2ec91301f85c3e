"""Operations joined by links honour the contract: each link once, then random chains of them."""

from __future__ import annotations

from typing import Any

import hypothesis
import pytest
from schemathesis import Case, Response, stateful

from contract_tests.checks.custom_checks import breaks_only_inferred
from contract_tests.contract.errors import CheckError
from contract_tests.contract.schemathesis_compat import (
    is_link_followed,
    link_of_step,
    path_parameters_from_link,
    preceding_requests,
)
from contract_tests.runner.run import CURRENT_RUN
from contract_tests.runner.schemathesis_config import selected_walks
from contract_tests.workflows.link_tour import LinkTour
from contract_tests.workflows.step_observer import StepObserver

MAX_STEPS = 8
"""Requests of one chain at most."""

run = CURRENT_RUN.get()


def follow_links() -> None:
    """What an answer names, the linked operation finds; from the contract's examples."""
    LinkTour(run).follow_all()


def generate_chains() -> None:
    """What one operation made, the linked ones find, change and end; generated, step by step."""
    made = {"witness": StepObserver(run)}
    machine: Any = type("Machine", (OperationChain, run.schema.as_state_machine()), made)
    settings = hypothesis.settings(
        max_examples=run.plan.max_examples,
        stateful_step_count=MAX_STEPS,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    hypothesis.seed(run.plan.seed)(machine).run(settings=settings)


WALKS = {"links": follow_links, "chains": generate_chains}


@pytest.mark.parametrize("walk", selected_walks(run.plan, run.generated))
def test_walk(walk: str) -> None:
    """Along the links, as far as they are this shard's."""
    WALKS[walk]()


class StepUnansweredError(CheckError):
    """Nobody answered a step; the chain goes on without it."""


class OperationChain(stateful.APIStateMachine):
    """What a chain does at each step; schemathesis' machine, mixed in, knows the links."""

    recorder: Any
    witness: StepObserver
    """One for all chains: what an earlier one made, a later one may come across."""
    _deleted = False

    def step(self, given: Any) -> Any:
        """Take one step, along a link or as a start; returns None when nobody answered."""
        self._given = given
        try:
            result = super().step(given)
        except StepUnansweredError:
            return None
        if is_link_followed(given):
            run.followed[str(link_of_step(given))] += 1
        return result

    def call(self, case: Case[Any], **_options: Any) -> Response:
        """Send the request of a step."""
        response = run.send(case)
        if response is None:
            if not breaks_only_inferred(case):  # that was not sent
                self.witness.note_unanswered(case)
            raise StepUnansweredError
        return response

    def validate_response(
        self, response: Response, case: Case[Any], additional_checks: Any = None, **_options: Any
    ) -> None:
        """Judge the answer of a step."""
        link, named = link_of_step(self._given), path_parameters_from_link(self._given)
        # What this chain deleted, or what went with it, is rightly not found.
        is_there = link and named.issuperset(case.path_parameters) and not self._deleted
        self.witness.judge(
            case,
            response,
            also=additional_checks or (),
            recorder=self.recorder,
            before=[*preceding_requests(self.recorder, case)][::-1],
            link=link if is_there else None,
        )
        self._deleted |= case.method == "DELETE" and response.status_code < 300
