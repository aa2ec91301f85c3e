"""Linked operations conform to the contract: each link once, then random chains of links."""

from __future__ import annotations

from typing import Any

import hypothesis
import pytest
from schemathesis import Case, Response, stateful

from contract_tests.checks.custom_checks import may_invalid_request_be_valid
from contract_tests.contract.errors import CheckError
from contract_tests.contract.schemathesis_compat import (
    is_link_followed,
    link_of_step,
    path_parameters_from_link,
    preceding_requests,
)
from contract_tests.runner.check_run import CURRENT_RUN
from contract_tests.runner.schemathesis_config import select_walks
from contract_tests.workflows.link_tour import LinkTour
from contract_tests.workflows.model import key_changed_by_update
from contract_tests.workflows.recorded_call import record_call
from contract_tests.workflows.step_observer import StepObserver

MAX_STEPS = 8
"""Maximum number of requests in a chain."""

run = CURRENT_RUN.get()


def follow_links() -> None:
    """Follow each link, starting from the contract's examples."""
    LinkTour(run).follow_all()


def generate_chains() -> None:
    """Generate chains in which operations find, change and end what earlier ones created."""
    made = {"witness": StepObserver(run)}
    machine: Any = type("Machine", (OperationChain, run.schema.as_state_machine()), made)
    settings = hypothesis.settings(
        max_examples=run.plan.max_examples,
        stateful_step_count=MAX_STEPS,
        # A database of earlier failures would make a run depend on the ones before it.
        database=None,
        deadline=None,
        # No shrinking: it would send a hundred more requests to report a shorter chain.
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    hypothesis.seed(run.plan.seed)(machine).run(settings=settings)


WALKS = {"links": follow_links, "chains": generate_chains}


@pytest.mark.parametrize("walk", select_walks(run.plan, run.generated))
def test_walk(walk: str) -> None:
    """Walk along the links that belong to this shard."""
    WALKS[walk]()


class StepUnansweredError(CheckError):
    """A step got no response; the chain continues without it."""


class OperationChain(stateful.APIStateMachine):
    """Steps of a chain, mixed into schemathesis' state machine, which selects the links."""

    recorder: Any
    witness: StepObserver
    """One for all chains, since a later one may meet a record of an earlier one."""
    _deleted = False

    def step(self, given: Any) -> Any:
        """Take one step, along a link or as a start; return None if there is no response."""
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
            # A request that may be right or wrong was not sent.
            if not may_invalid_request_be_valid(case):
                self.witness.note_unanswered(case)
            raise StepUnansweredError
        return response

    def validate_response(
        self, response: Response, case: Case[Any], additional_checks: Any = None, **_options: Any
    ) -> None:
        """Judge the response to a step."""
        link, named = link_of_step(self._given), path_parameters_from_link(self._given)
        # A record deleted in this chain, or with its plan, is rightly not found, and so is the id
        # that a plan had before an update (M22).
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
        seen = record_call(case, response)
        self._deleted |= seen is not None and key_changed_by_update(seen) is not None
