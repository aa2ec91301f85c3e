"""Operations joined by links honour the contract: each link once, then random chains of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
from requests import PreparedRequest
from schemathesis import Case, Response, stateful

from contract_tests.checks import OWN
from contract_tests.links import is_found_by, links_between
from contract_tests.run import CURRENT
from contract_tests.tour import Tour

STEPS = 8
"""Requests of one chain at most."""

run = CURRENT.get()
pytestmark = pytest.mark.skipif(
    not links_between(run.chosen), reason="no link joins the chosen operations"
)


@pytest.mark.skipif(run.plan.shard[0] != 1, reason="the first shard follows the links")
def test_links() -> None:
    """What an answer names, the linked operation finds; from the contract's examples."""
    Tour(run).follow_all()


@pytest.mark.skipif(
    run.plan.shard[0] != run.plan.shard[1] or run.plan.profile == "smoke",
    reason="the last shard generates chains",
)
def test_chains() -> None:
    """What one operation made, the linked ones find, change and end; generated, step by step."""
    machine: Any = type("Machine", (Chain, run.schema.as_state_machine()), {})
    settings = hypothesis.settings(
        max_examples=run.plan.max_examples,
        stateful_step_count=STEPS,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    hypothesis.seed(run.plan.seed)(machine).run(settings=settings)


class Unanswered(Exception):
    """Nobody answered a step; the chain goes on without it."""


class Chain(stateful.APIStateMachine):
    """What a chain does at each step; schemathesis' machine, mixed in, knows the links."""

    recorder: Any
    _deleted = False

    def step(self, given: Any) -> Any:
        """Take one step, along a link or as a start; returns None when nobody answered."""
        self._given = given
        if given.transition and given.is_applied:
            run.followed[given.transition.id] += 1
        try:
            return super().step(given)
        except Unanswered:
            return None

    def call(self, case: Case[Any], **_options: Any) -> Response:
        """Send the request of a step."""
        response = run.send(case)
        if response is None:
            raise Unanswered
        return response

    def validate_response(
        self, response: Response, case: Case[Any], additional_checks: Any = None, **_options: Any
    ) -> None:
        """Judge the answer of a step."""
        also = [*OWN, *(additional_checks or ())]
        link, applied = self._given.transition, self._given.applied_parameters
        named = {name for location, name in applied if location == "path"}
        # What this chain deleted, or what went with it, is rightly not found.
        if link and named.issuperset(case.path_parameters) and not self._deleted:
            also.append(is_found_by(link.id))
        before = [*self._led_to(case)][::-1]
        run.judge(case, response, also=also, recorder=self.recorder, before=before)
        self._deleted |= case.method == "DELETE" and response.status_code < 300

    def _led_to(self, case: Case[Any]) -> Iterator[PreparedRequest]:
        """The requests whose answers led to this one, the nearest first."""
        parent = self.recorder.find_parent(case_id=case.id)
        while parent:
            yield self.recorder.find_response(case_id=parent.id).request
            parent = self.recorder.find_parent(case_id=parent.id)
