"""Options of the proxy to a real server."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from mock_server.errors import StartupError
from mock_server.option_values import parse_hosts, parse_operations, parse_seconds
from mock_server.settings import DEFAULT_PROXY_TIMEOUT


def add_proxy_options(option: Callable[..., None], extend: type[argparse.Action]) -> None:
    """Add the options by calling `option`; `extend` is the action of repeatable ones."""
    option(
        "--proxy",
        default="",
        kind=str,
        metavar="URL",
        help="base URL of a real server to which the operations of --proxy-operations are "
        "forwarded; its responses are compared with the contract",
    )
    option(
        "--proxy-operations",
        default="",
        kind=parse_operations,
        action=extend,
        metavar="ID|TAG,...",
        help="operationIds and tags that are forwarded, or * for all; repeatable",
    )
    option(
        "--proxy-auth-url",
        default="",
        kind=str,
        metavar="URL",
        help="base URL of the real server that issues tokens, if it is another one",
    )
    option(
        "--proxy-host",
        default="",
        kind=parse_hosts,
        action=extend,
        metavar="NAME",
        help="host name other than this machine's to which requests may be forwarded, with their "
        "credentials; the control plane cannot add any; repeatable (in the environment: "
        "separated by commas)",
    )
    option(
        "--proxy-ca",
        default="",
        kind=str,
        metavar="FILE",
        help="CA certificates to trust for the real server, instead of the system's: a PEM file, "
        "or a directory with hashed file names",
    )
    option(
        "--proxy-timeout",
        default=f"{DEFAULT_PROXY_TIMEOUT:g}",
        kind=parse_seconds,
        metavar="SECONDS",
        help="maximum seconds until the real server's response begins, and between its parts",
    )


def proxy_settings(options: argparse.Namespace) -> dict[str, Any]:
    """Return the arguments of Settings; raises StartupError if an option needs another one."""
    if bool(options.proxy) != bool(options.proxy_operations):
        raise StartupError(
            "--proxy and --proxy-operations need each other: where to, and what is forwarded"
        )
    if options.proxy_auth_url and not options.proxy:
        raise StartupError("--proxy-auth-url needs --proxy")
    return {
        "proxy": options.proxy or "",
        "proxy_auth_url": options.proxy_auth_url or "",
        "proxy_operations": options.proxy_operations or (),
        "proxy_hosts": options.proxy_host or (),
        "proxy_ca": options.proxy_ca or "",
        "proxy_timeout": options.proxy_timeout,
    }
