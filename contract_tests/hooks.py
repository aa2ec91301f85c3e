"""Hooks with which plain schemathesis checks as `hypers-check` does: login, formats, checks.

Loaded by `schemathesis.toml`. The same environment variables apply, such as `HYPERS_CHECK_TARGET`.
"""

from __future__ import annotations

from dataclasses import asdict
from functools import cache, wraps
from typing import Any

import schemathesis
from schemathesis import AuthContext, Case, CheckContext, CheckFunction, HookContext, Response

from contract_tests.checks.custom_checks import CUSTOM_CHECKS, is_valid_as_sent
from contract_tests.contract.formats import register_formats
from contract_tests.contract.schemathesis_cases import operation_of
from contract_tests.contract.schemathesis_compat import base_url, is_generated, request_line
from contract_tests.contract.vendor_extensions import translate_extensions
from contract_tests.options import option_parser
from contract_tests.reporting import message_text, title_of
from contract_tests.results.response_findings import ContractViolationError, ResponseFinding
from contract_tests.results.violations import new_violation
from contract_tests.runner.setup import network_of, request_arguments, target_at
from contract_tests.safety.login import AuthenticatedSession
from contract_tests.target.profile import is_loopback
from contract_tests.target.transport import REMOTE_WRITE_REASON, SAFE_METHODS, UnsafeRequestError


# No refresh here: the session caches its token and renews it.
@schemathesis.auth(refresh_interval=None)
class TargetAuth:
    """Credentials for each operation."""

    def __init__(self) -> None:
        """Defer the login to the first request."""
        self._caller: AuthenticatedSession | None = None

    def get(self, case: Case[Any], context: AuthContext) -> dict[str, str]:
        """Return the headers for an operation; raises CannotCheckError if the login fails."""
        del context
        if self._caller is None:
            options = option_parser().parse_args([])
            target = target_at(options.target, options)
            self._caller = AuthenticatedSession(target, network=network_of(options))
        return self._caller.credentials(operation_of(case).security_schemes)

    def set(self, case: Case[Any], data: dict[str, str], context: AuthContext) -> None:
        """Add the headers to the request."""
        del context
        case.headers.update(data)


@schemathesis.hook
def before_load_schema(context: HookContext, raw_schema: dict[str, Any]) -> None:
    """Translate the contract's own keywords for schemathesis."""
    del context
    translate_extensions(raw_schema)


@schemathesis.hook
def filter_case(context: HookContext, case: Case[Any]) -> bool:
    """Reject forms that were made to be invalid but are valid once they are sent."""
    del context
    return not is_generated(case) or not is_valid_as_sent(case)


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
    return request_arguments(option_parser().parse_args([]))


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


# At import, since schemathesis looks for formats and checks once, when it has loaded this module.
register_formats()
for each in CUSTOM_CHECKS:
    schemathesis.check(with_report_text(each))
