"""The proxy that is set when the mock starts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mock_server.errors import StartupError
from mock_server.http.proxy_tls import create_tls_context
from mock_server.sessions.proxy_rules import ProxyRules, ProxyRulesError
from mock_server.settings import Settings

OPTIONS_BY_FIELD = {
    "url": "--proxy",
    "authUrl": "--proxy-auth-url",
    "operations": "--proxy-operations",
}
HOST_HINT = "; --proxy-host {} allows this host, to which credentials would be sent"


def initial_proxy_rules(settings: Settings, contract: Mapping[str, Any]) -> ProxyRules | None:
    """Return the rules of a new session, None without a proxy; raises StartupError."""
    if settings.proxy_ca:  # a wrong path is a typo, also without `--proxy`
        create_tls_context(settings.proxy_ca)
    if not settings.proxy:
        return None
    try:
        return ProxyRules.create(
            settings.proxy,
            settings.proxy_operations,
            contract,
            settings.proxy_hosts,
            settings.proxy_auth_url,
        )
    except ProxyRulesError as error:
        option = OPTIONS_BY_FIELD[error.detail.pointer.split("/")[1]]
        hint = HOST_HINT.format(error.detail.found) if error.detail.rule == "CP-36" else ""
        raise StartupError(f"{option}: {error}{hint}") from None
