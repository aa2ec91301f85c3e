"""The login of plain schemathesis, and the cases that it should not send."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

import schemathesis
from schemathesis import AuthContext, Case, HookContext

from contract_tests.checks.custom_checks import is_form_valid_once_sent
from contract_tests.contract.schemathesis_cases import operation_of
from contract_tests.contract.schemathesis_compat import base_url, is_generated
from contract_tests.runner.setup import build_target, network_settings_of
from contract_tests.safety.login import AuthenticatedSession


def register_login(read_options: Callable[[], argparse.Namespace]) -> None:
    """Let schemathesis log in as `hypers-check` does, and reject forms that are valid once sent.

    read_options: returns the options of `hypers-check`, from the environment.
    """

    class EnvironmentAuth(TargetAuth):
        def __init__(self) -> None:
            super().__init__(read_options)

    # No refresh here: the session caches its token and renews it.
    schemathesis.auth(refresh_interval=None)(EnvironmentAuth)
    schemathesis.hook(filter_case)


class TargetAuth:
    """Credentials for each operation."""

    def __init__(self, read_options: Callable[[], argparse.Namespace]) -> None:
        """Defer the login to the first request."""
        self._read_options = read_options
        self._caller: AuthenticatedSession | None = None

    def get(self, case: Case[Any], context: AuthContext) -> dict[str, str]:
        """Return the headers for an operation; raises CannotCheckError if the login fails."""
        del context
        if self._caller is None:
            options = self._read_options()
            target = build_target(options.target or base_url(case), options)
            self._caller = AuthenticatedSession(target, network=network_settings_of(options))
        return self._caller.credential_headers(operation_of(case).security_schemes)

    def set(self, case: Case[Any], data: dict[str, str], context: AuthContext) -> None:
        """Add the headers to the request."""
        del context
        case.headers.update(data)


def filter_case(context: HookContext, case: Case[Any]) -> bool:
    """Reject forms that were made to be invalid but are valid once they are sent."""
    del context
    return not is_generated(case) or not is_form_valid_once_sent(case)
