"""Start of a run: the target, or a mock in its place, and the login."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import urlsplit

from contract_tests.contract.strictness import strictness_by_name
from contract_tests.runner.check_run import CheckRun
from contract_tests.runner.schemathesis_config import RunPlan
from contract_tests.safety.login import AuthenticatedSession
from contract_tests.safety.policy import SafetyOptions, choose_safety_policy
from contract_tests.target.network import NetworkSettings, proxy_warnings
from contract_tests.target.profile import Profile, choose_profile, is_loopback
from contract_tests.target.target import (
    CannotCheckError,
    Credentials,
    Target,
    TargetUnreachableError,
    parse_target_url,
)
from contract_tests.target.transport import SendLimits

# Frozen, so that two runs with one seed get the same responses.
MOCK_COMMAND = [sys.executable, "-m", "mock_server", "--port", "0", "--frozen"]
MOCK_URL_PATTERN = re.compile(r"http://127\.0\.0\.1:\d+")


@contextmanager
def open_run(options: argparse.Namespace, shard: tuple[int, int] = (1, 1)) -> Iterator[CheckRun]:
    """Yield a logged-in run for the options of `add_options`, on a mock if there is no target.

    Raises CannotCheckError with the reason if that is impossible.
    """
    if not options.target:
        with _running_mock() as address:
            yield from _open_run_at(address, options, shard)
        return
    yield from _open_run_at(parse_target_url(options.target), options, shard)


def build_target(url: str, options: argparse.Namespace) -> Target:
    """Return the server at this URL with the credentials of these options.

    Raises CannotCheckError for an invalid URL.
    """
    return Target(
        parse_target_url(url),
        None if options.token else _credentials_of(options),
        parse_target_url(options.auth_url) if options.auth_url else "",
        options.token,
    )


def network_settings_of(options: argparse.Namespace) -> NetworkSettings:
    """Return the network settings of these options.

    Raises CannotCheckError for invalid certificates.
    """
    urls = (parse_target_url(url) for url in (options.target, options.auth_url) if url)
    return NetworkSettings.for_servers(*urls, ca=options.ca, timeout=options.request_timeout)


def request_arguments(options: argparse.Namespace) -> dict[str, Any]:
    """Return the network settings as arguments of `requests`, for a session that is not ours.

    Such a session reads proxies from the environment by itself, but also uses them for this
    machine.
    """
    network, url = network_settings_of(options), urlsplit(options.target)
    # An empty proxy for a scheme and host keeps `requests` from using that of the environment.
    near = {f"{url.scheme}://{url.hostname}": ""} if is_loopback(options.target) else {}
    return {"verify": network.ca or True, "timeout": network.timeout, "proxies": near}


def proxy_credential_warnings(options: argparse.Namespace) -> Iterator[str]:
    """Yield a warning for each proxy that can read the credentials of these options."""
    return proxy_warnings(
        *(parse_target_url(url) for url in (options.target, options.auth_url) if url)
    )


def profile_of(options: argparse.Namespace) -> Profile:
    """Return the profile of these options.

    Raises CannotCheckError if the target is not a URL.
    """
    url = parse_target_url(options.target) if options.target else "http://127.0.0.1"
    return choose_profile(url, options.profile or None)


def _open_run_at(
    url: str, options: argparse.Namespace, shard: tuple[int, int]
) -> Iterator[CheckRun]:
    target = build_target(url, options)
    profile = choose_profile(url, options.profile or None)
    plan = RunPlan(
        options.seed,
        options.max_examples,
        options.only,
        profile,
        shard,
        options.max_time,
        options.fail_fast,
        choose_safety_policy(url, target.auth_url, profile, SafetyOptions.from_options(options)),
        strictness_by_name(options.strictness).demanding(options.readings),
        options.readings,
    )
    limits = SendLimits(plan.profile != "full", options.rate)
    network = network_settings_of(options)

    # A new session for each attempt, since a failed login closes its own.
    def caller_of() -> AuthenticatedSession:
        return AuthenticatedSession(target, limits, plan.safety_policy, network)

    with closing(_log_in_when_reachable(caller_of, options.wait)) as caller:
        run = CheckRun(target, caller, plan, admin_token=options.admin_token)
        caller.secrets.register(options.admin_token)
        yield run


def _credentials_of(options: argparse.Namespace) -> Credentials:
    return Credentials(options.client_id, options.client_secret, options.username, options.password)


def _log_in_when_reachable(
    caller_of: Callable[[], AuthenticatedSession], wait: int
) -> AuthenticatedSession:
    """Log in as soon as the target responds.

    Raises CannotCheckError if it does not respond within `wait` seconds.
    """
    end = time.monotonic() + wait
    while True:
        try:
            return caller_of()
        except TargetUnreachableError:
            if time.monotonic() >= end:
                raise
            time.sleep(0.2)


@contextmanager
def _running_mock() -> Iterator[str]:
    """Run a mock of our own with a frozen clock, and yield its URL."""
    with subprocess.Popen(MOCK_COMMAND, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ours
        try:
            for line in process.stdout or ():
                if found := MOCK_URL_PATTERN.search(line):
                    break
            else:
                raise CannotCheckError("no --target, and the mock did not start")
            yield found.group(0)
        finally:
            process.terminate()
