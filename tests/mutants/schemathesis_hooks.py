"""What plain schemathesis needs on our mock: the login, and no false alarm on the upload form.

Its checks and its data are its own: no check, format or probe of `hypers-check` is loaded.
"""

from __future__ import annotations

from typing import Any

import schemathesis
from schemathesis import AuthContext, Case, HookContext

from contract_tests.checks.custom_checks import is_valid_as_sent
from contract_tests.contract.schemathesis_cases import operation_of
from contract_tests.contract.schemathesis_compat import base_url, is_generated
from contract_tests.options import option_parser
from contract_tests.runner.setup import target_at
from contract_tests.safety.login import AuthenticatedSession


@schemathesis.auth(refresh_interval=None)  # kept by the session, which has one for each scheme
class MutantLogin:
    """The credentials that each operation asks for."""

    def __init__(self) -> None:
        """Log in when the first request needs it."""
        self._session: AuthenticatedSession | None = None

    def get(self, case: Case[Any], _context: AuthContext) -> dict[str, str]:
        """The headers for an operation; raises CannotCheckError when a login fails."""
        if self._session is None:
            options = option_parser().parse_args([])
            self._session = AuthenticatedSession(target_at(base_url(case), options))
        return self._session.credentials(operation_of(case).security_schemes)

    def set(self, case: Case[Any], data: dict[str, str], _context: AuthContext) -> None:
        """Put them into the request."""
        case.headers.update(data)


@schemathesis.hook
def filter_case(_context: HookContext, case: Case[Any]) -> bool:
    """Leave out the forms that were made to be invalid and are not, once they are sent."""
    return not is_generated(case) or not is_valid_as_sent(case)
