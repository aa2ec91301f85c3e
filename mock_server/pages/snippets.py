"""Snippets of the first requests: a token for the first user, then a list with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from shlex import quote
from typing import Any, NamedTuple

from mock_server.domain.tokens import Credentials
from mock_server.pages.contract_files import served_operations


class Login(NamedTuple):
    """The first client and the first user of a world; the fields are those of the page."""

    client_id: str
    client_secret: str
    username: str
    password: str

    @classmethod
    def first_of(cls, credentials: Credentials) -> Login | None:
        """Return the login with the first of all credentials; None if nobody can log in."""
        client, user = (
            next(iter(of.items()), None) for of in (credentials.clients, credentials.users)
        )
        return cls(*client, *user) if client and user else None

    @property
    def client(self) -> str:
        """The client in the form of curl's `-u`."""
        return f"{self.client_id}:{self.client_secret}"

    @property
    def body(self) -> dict[str, str]:
        """The body of a request for a token."""
        return {"grant_type": "password", "username": self.username, "password": self.password}

    @property
    def curl_options(self) -> str:
        """The options of a curl command that requests a token, on two lines."""
        body = json.dumps(self.body, separators=(",", ":"), ensure_ascii=False)
        return f"""\
-u {quote(self.client)} -H 'Content-Type: application/json' \\
  -d {quote(body)}"""


def has_demo_operations(contract: Mapping[str, Any]) -> bool:
    """Return whether a contract has the operations that the snippets use."""
    return _demo_urls(contract, "") is not None


def token_path(contract: Mapping[str, Any]) -> str | None:
    """Return the path of the token operation, or None if the contract is not like ours."""
    found = _demo_urls(contract, "")
    return found and found[0]


def login_snippet(contract: Mapping[str, Any], address: str, login: Login | None) -> str:
    """Return a curl command that requests a token, or some path of a contract without tokens."""
    addresses = _demo_urls(contract, address)
    if addresses is None or login is None:
        return curl_snippet(contract, address, login)
    return f"""\
curl -s {login.curl_options} \\
  {addresses[0]}"""


def curl_snippet(contract: Mapping[str, Any], address: str, login: Login | None) -> str:
    """Return shell commands that request a token and a list; they need only curl and sed."""
    addresses = _demo_urls(contract, address)
    if addresses is None or login is None:
        return f"curl -s {address}{_example_path(contract)}"
    token, plans = addresses
    # sed, because jq is missing on most machines.
    return f"""\
TOKEN=$(curl -s {login.curl_options} \\
  {token} | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')

curl -s -H "Authorization: Bearer $TOKEN" \\
  {plans}"""


def fetch_snippet(contract: Mapping[str, Any], address: str, login: Login | None) -> str:
    """Return JavaScript for a browser's console or a module, on any origin."""
    addresses = _demo_urls(contract, address)
    if addresses is None or login is None:
        return f'console.log(await (await fetch("{address}{_example_path(contract)}")).text());'
    token, plans = addresses
    body = ", ".join(f"{name}: {json.dumps(value)}" for name, value in login.body.items())
    return f"""\
const login = await fetch("{token}", {{
  method: "POST",
  headers: {{
    "Authorization": "Basic " + btoa({json.dumps(login.client)}),
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
