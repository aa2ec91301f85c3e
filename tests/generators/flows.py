"""The flow of each client: the steps, the three runs, and what they have to give.

1. The client is pointed at the mock, under a name that no name server has. That it works proves
   that all its requests go through the gateway, which refuses every other host.
2. It is pointed at production, with the gateway in between and the mock behind it: each host has to
   receive its own operations, and no other.
3. It is pointed at the mock once more, which now gives a task a status that is not in the contract.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tests.generators.authority import Authority
from tests.generators.compilation import FlowProgram
from tests.generators.gateway import Gateway, run_gateway
from tests.generators.workplace import StepError, Workplace
from tests.serving import run_mock

MOCK_HOST = "mock.invalid"
AUTH_HOST = "oauth.hypers.com.cn"
BUSINESS_HOST = "szhl-phiskin.hypers.com.cn"
HOSTS = (MOCK_HOST, AUTH_HOST, BUSINESS_HOST)
TOKEN_PATH = "/oauth/token"
MEMBERS = "memberId,nickname\n1001,张丽\n1002,王芳\n"
"""The member list that is uploaded; downloaded, it has the same bytes."""
EXPECTED: dict[str, Any] = {
    "refreshed": True,
    "members": 2,
    "executions": 2,
    "group": "Summer care",
    "plan": "EXECUTION",
    "scene": "CUSTOM",
    "planTask": "NOT_STARTED",
    "planned": 2,
    "bytes": True,
    "refusal": "400 GR-06 /body/name",
    "status": "EXECUTING",
}
"""Printed result of a flow: a value from the response of each step."""


def run_flows(place: Workplace, program: FlowProgram, authority: Authority) -> str:
    """Run a flow three times; return the status that the client has for a value added later.

    Raises StepError with what was wrong.
    """
    pointed_at_mock = {"AUTH_URL": f"https://{MOCK_HOST}", "BUSINESS_URL": f"https://{MOCK_HOST}"}
    printed, gateway = _run(place, program, authority, {MOCK_HOST}, pointed_at_mock)
    _expect("pointed at the mock", printed, EXPECTED)
    _expect("hosts when pointed at the mock", gateway.refused_hosts, set())

    printed, gateway = _run(place, program, authority, {AUTH_HOST, BUSINESS_HOST}, {})
    _expect("pointed at production", printed, EXPECTED)
    _expect("hosts when pointed at production", gateway.refused_hosts, set())
    _expect("hosts of the token operation", gateway.hosts_of(TOKEN_PATH), {AUTH_HOST})
    _expect("hosts of the other operations", gateway.hosts_of("/api/"), {BUSINESS_HOST})

    printed, _ = _run(place, program, authority, {MOCK_HOST}, pointed_at_mock, adds_value=True)
    added = str(printed.pop("status", None))
    _expect("with a value added later", printed | {"status": EXPECTED["status"]}, EXPECTED)
    return added


def _run(
    place: Workplace,
    program: FlowProgram,
    authority: Authority,
    hosts: set[str],
    addresses: Mapping[str, str],
    *,
    adds_value: bool = False,
) -> tuple[dict[str, Any], Gateway]:
    """Run the flow once on a new mock; return what it printed, and the gateway that it used."""
    with (
        run_mock() as mock,
        run_gateway(
            mock.address.removeprefix("http://"),
            frozenset(hosts),
            authority.tls,
            adds_value=adds_value,
        ) as gateway,
    ):
        try:
            printed = place.run(
                [_filled(word, gateway) for word in program.command],
                program.folder,
                {**_environment(place, authority, gateway), **addresses},
            )
        except StepError as error:
            raise StepError(f"{error}\nhosts: {sorted({*gateway.requests})}") from error
    try:
        result: dict[str, Any] = json.loads(printed.strip().splitlines()[-1])
    except (ValueError, IndexError) as error:
        raise StepError(f"the flow printed no result: {printed[-500:]!r}") from error
    return result, gateway


def _filled(word: str, gateway: Gateway) -> str:
    return word.replace("{gateway_port}", gateway.address.rpartition(":")[2])


def _environment(place: Workplace, authority: Authority, gateway: Gateway) -> dict[str, str]:
    """Return the variables with which HTTP libraries find proxy and authority."""
    certificate = str(authority.certificate)
    proxies = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")
    members = place.folder / "members.csv"
    members.write_text(MEMBERS, encoding="utf-8")
    return {
        **dict.fromkeys(proxies, gateway.address),
        "NO_PROXY": "",
        "no_proxy": "",
        "NODE_USE_ENV_PROXY": "1",
        "NODE_EXTRA_CA_CERTS": certificate,
        "SSL_CERT_FILE": certificate,
        "MEMBERS_FILE": str(members),
        "AUTH_URL": "",
        "BUSINESS_URL": "",
    }


def _expect(what: str, found: object, expected: object) -> None:
    if found != expected:
        raise StepError(f"{what}: expected {expected}, got {found}")
