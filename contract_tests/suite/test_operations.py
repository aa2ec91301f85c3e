"""Every operation honours its contract."""

from __future__ import annotations

from typing import Any

from schemathesis import Case

from contract_tests.runner.run import CURRENT_RUN

run = CURRENT_RUN.get()


@run.shard_schema.parametrize()
def test_every_answer_honours_the_contract(case: Case[Any]) -> None:
    """Examples, boundary values and fuzzed data, valid and invalid: built-in checks and ours."""
    run.check(case)
