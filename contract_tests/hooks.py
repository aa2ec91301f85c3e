"""Hooks with which plain schemathesis checks as `hypers-check` does: login, formats, checks.

Loaded by `schemathesis.toml`. The same environment variables apply, such as `HYPERS_CHECK_TARGET`.
"""

from __future__ import annotations

from dataclasses import asdict
from functools import cache, wraps
from typing import Any

import schemathesis
from schemathesis import Case, CheckContext, CheckFunction, HookContext, Response

from contract_tests.checks.custom_checks import CUSTOM_CHECKS
from contract_tests.contract.format_strategies import register_formats
from contract_tests.contract.schemathesis_cases import operation_of
from contract_tests.contract.schemathesis_compat import base_url, request_line
from contract_tests.contract.vendor_extensions import translate_extensions
from contract_tests.options import build_parser
from contract_tests.reporting import message_text, title_of
from contract_tests.results.response_findings import ContractViolationError, ResponseFinding
from contract_tests.results.violations import new_violation
from contract_tests.runner.schemathesis_login import register_login
from contract_tests.runner.setup import request_arguments
from contract_tests.target.profile import is_loopback
from contract_tests.target.transport import REMOTE_WRITE_REASON, SAFE_METHODS, UnsafeRequestError


@schemathesis.hook
def before_load_schema(context: HookContext, raw_schema: dict[str, Any]) -> None:
    """Translate the contract's own keywords for schemathesis."""
    del context
    translate_extensions(raw_schema)


@schemathesis.hook
def before_call(context: HookContext, case: Case[Any], kwargs: dict[str, Any]) -> None:
    """Apply the network settings of `hypers-check`.

    Only reads may go to other machines, since no safety policy applies to plain schemathesis.
    """
    del context
    if case.method.upper() not in SAFE_METHODS and not is_loopback(base_url(case)):
        raise UnsafeRequestError(request_line(case), REMOTE_WRITE_REASON)
    kwargs.update(_request_settings())


@cache
def _request_settings() -> dict[str, Any]:
    return request_arguments(build_parser().parse_args([]))


def with_report_text(check: CheckFunction) -> CheckFunction:
    """Return a check that fails with the text of our reports, as schemathesis shows only that."""

    @wraps(check)
    def wrapper(context: CheckContext, response: Response, case: Case[Any]) -> bool | None:
        try:
            return check(context, response, case)
        except ContractViolationError as broken:
            name, status = operation_of(case).name, response.status_code
            found = [
                new_violation(name, fault.kind, status=status, **_violation_fields(fault))
                for fault in broken.findings
            ]
            texts = (message_text(each) for each in found)
            raise AssertionError("\n".join([title_of(found[0]), *texts])) from None

    return wrapper


def _violation_fields(fault: ResponseFinding) -> dict[str, str]:
    return {name: value for name, value in asdict(fault).items() if name != "kind"}


# At import, since schemathesis looks for these once, when it has loaded this module.
register_login(lambda: build_parser().parse_args([]))
register_formats()
for each in CUSTOM_CHECKS:
    schemathesis.check(with_report_text(each))
