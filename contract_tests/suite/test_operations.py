"""Every operation conforms to its contract."""

from __future__ import annotations

from typing import Any

from schemathesis import Case

from contract_tests.runner.check_run import CURRENT_RUN

run = CURRENT_RUN.get()


@run.shard_schema.parametrize()
def test_every_answer_honours_the_contract(case: Case[Any]) -> None:
    """Send examples, boundary values and generated data, valid and invalid; apply all checks."""
    run.check(case)
