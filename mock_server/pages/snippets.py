"""Snippets of the first requests: a token for the demo user, then a list with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mock_server.domain.tokens import CLIENTS, USERS
from mock_server.pages.contract_files import served_operations

CLIENT_ID, CLIENT_SECRET = next(iter(CLIENTS.items()))
USERNAME, PASSWORD = next(iter(USERS.items()))
CREDENTIAL_FIELDS = {
    "client_id": CLIENT_ID,
    "client_secret": CLIENT_SECRET,
    "username": USERNAME,
    "password": PASSWORD,
}
DEMO_CREDENTIALS = {
    "client": f"{CLIENT_ID}:{CLIENT_SECRET}",
    "username": USERNAME,
    "password": PASSWORD,
}
"""The mock's only credentials; `client` has the form of curl's `-u`."""
PASSWORD_GRANT = {"grant_type": "password", "username": USERNAME, "password": PASSWORD}


def has_demo_operations(contract: Mapping[str, Any]) -> bool:
    """Return whether a contract has the operations that the snippets use."""
    return _demo_urls(contract, "") is not None


def login_snippet(contract: Mapping[str, Any], address: str) -> str:
    """Return a curl command that requests a token, or some path of a contract without tokens."""
    addresses = _demo_urls(contract, address)
    if addresses is None:
        return curl_snippet(contract, address)
    return f"""\
curl -s -u {DEMO_CREDENTIALS["client"]} -H 'Content-Type: application/json' \\
  -d '{json.dumps(PASSWORD_GRANT, separators=(",", ":"))}' \\
  {addresses[0]}"""


def curl_snippet(contract: Mapping[str, Any], address: str) -> str:
    """Return shell commands that request a token and a list; they need only curl and sed."""
    addresses = _demo_urls(contract, address)
    if addresses is None:
        return f"curl -s {address}{_example_path(contract)}"
    token, plans = addresses
    # sed, because jq is missing on most machines.
    return f"""\
TOKEN=$(curl -s -u {DEMO_CREDENTIALS["client"]} -H 'Content-Type: application/json' \\
  -d '{json.dumps(PASSWORD_GRANT, separators=(",", ":"))}' \\
  {token} | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')

curl -s -H "Authorization: Bearer $TOKEN" \\
  {plans}"""


def fetch_snippet(contract: Mapping[str, Any], address: str) -> str:
    """Return JavaScript for a browser's console or a module, on any origin."""
    addresses = _demo_urls(contract, address)
    if addresses is None:
        return f'console.log(await (await fetch("{address}{_example_path(contract)}")).text());'
    token, plans = addresses
    body = ", ".join(f"{name}: {json.dumps(value)}" for name, value in PASSWORD_GRANT.items())
    return f"""\
const login = await fetch("{token}", {{
  method: "POST",
  headers: {{
    "Authorization": "Basic " + btoa("{DEMO_CREDENTIALS["client"]}"),
    "Content-Type": "application/json",
  }},
  body: JSON.stringify({{ {body} }}),
}});
const {{ access_token }} = await login.json();

const plans = await fetch("{plans}", {{
  headers: {{ "Authorization": `Bearer ${{access_token}}` }},
}});
console.log(await plans.json());"""


def _demo_urls(contract: Mapping[str, Any], address: str) -> tuple[str, str] | None:
    """Return the URLs of the token and of the plans, or None if the contract lacks one."""
    # By operationId: a changed copy of our contract (`--contract`) may have other paths.
    paths = {operation["operationId"]: path for _, path, operation in served_operations(contract)}
    if not {"createToken", "listMarketingNotices"} <= paths.keys():
        return None
    return address + paths["createToken"], address + paths["listMarketingNotices"]


def _example_path(contract: Mapping[str, Any]) -> str:
    """Return the path of a GET operation, without placeholders if possible."""
    paths = [path for method, path, _ in served_operations(contract) if method == "get"]
    return next((path for path in paths if "{" not in path), paths[0] if paths else "/openapi.json")
