"""Judgement of single responses by the built-in checks and ours, with counts of the checks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import requests
from schemathesis import BaseSchema, Case, CheckFunction, Response
from schemathesis.errors import FailureGroup

from contract_tests.checks.failure_conversion import CommandWriter, convert_failures
from contract_tests.contract.schemathesis_cases import operation_of
from contract_tests.contract.schemathesis_compat import FailedCheck, run_checks
from contract_tests.results.violations import Violation
from contract_tests.runner.check_exclusions import excluded_checks
from contract_tests.runner.tally import OperationTally


class ResponseJudge:
    """Judge of responses, which counts the checks and notes violations.

    writer: of the commands and texts in violations; note: called with each violation.
    """

    def __init__(
        self, tally: OperationTally, writer: CommandWriter, note: Callable[[Violation], None]
    ) -> None:
        """Judge nothing yet."""
        self._tally = tally
        self._writer = writer
        self._note = note
        self._judged_by: dict[FailedCheck, str] = {}  # names of the checks that failed last

    def watch(self, schema: BaseSchema) -> BaseSchema:
        """Count the checks of responses to the requests of this schema, and return the schema."""

        @schema.hook("after_validate")
        def count(context: Any, case: Case[Any], response: Response, results: Any) -> None:
            del context  # schemathesis passes it by keyword
            operation = operation_of(case)
            self._tally.count_undeclared_fields(operation, response)
            for result in results:
                failed = result.failure is not None
                self._tally.count_check(operation.name, result.name, failed=failed)
            self._judged_by = {each.failure: each.name for each in results if each.failure}

        return schema

    def judge(
        self,
        case: Case[Any],
        response: Response,
        *,
        also: Sequence[CheckFunction],
        excluded: Sequence[CheckFunction] = (),
        recorder: Any = None,
        before: Sequence[requests.PreparedRequest] = (),
    ) -> None:
        """Judge a response by the built-in checks and these, and note violations.

        excluded: built-in checks that do not apply, beside those of `excluded_checks`. recorder:
        schemathesis' history of a chain; before: the requests that led to this one.
        """
        left_out = [*excluded_checks(case, response), *excluded]
        try:
            run_checks(case, response, also=also, excluded=left_out, recorder=recorder)
        except FailureGroup as failed:
            names = self._judged_by
            for violation in convert_failures(failed, case, response, self._writer, before, names):
                self._note(violation)
