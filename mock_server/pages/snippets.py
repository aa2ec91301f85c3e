"""The first requests, to paste: a token for the demo user, then a list with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mock_server.domain.tokens import CLIENTS, USERS
from mock_server.pages.contract_files import operations

CLIENT, SECRET = next(iter(CLIENTS.items()))
USERNAME, PASSWORD = next(iter(USERS.items()))
CREDENTIALS = {
    "client_id": CLIENT,
    "client_secret": SECRET,
    "username": USERNAME,
    "password": PASSWORD,
}
DEMO = {"client": f"{CLIENT}:{SECRET}", "username": USERNAME, "password": PASSWORD}
"""The only credentials there are; `client` is what curl's -u takes."""
GRANT = {"grant_type": "password", "username": USERNAME, "password": PASSWORD}


def curl(contract: Mapping[str, Any], address: str) -> str:
    """For a shell; needs curl and sed, nothing else."""
    token, plans = _addresses(contract, address)
    return f"""\
TOKEN=$(curl -s -u {DEMO["client"]} -H 'Content-Type: application/json' \\
  -d '{json.dumps(GRANT, separators=(",", ":"))}' \\
  {token} | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')

curl -s -H "Authorization: Bearer $TOKEN" \\
  {plans}"""


def fetch(contract: Mapping[str, Any], address: str) -> str:
    """For a browser's console or a JavaScript module, on whatever origin."""
    token, plans = _addresses(contract, address)
    body = ", ".join(f"{name}: {json.dumps(value)}" for name, value in GRANT.items())
    return f"""\
const login = await fetch("{token}", {{
  method: "POST",
  headers: {{
    "Authorization": "Basic " + btoa("{DEMO["client"]}"),
    "Content-Type": "application/json",
  }},
  body: JSON.stringify({{ {body} }}),
}});
const {{ access_token }} = await login.json();

const plans = await fetch("{plans}", {{
  headers: {{ "Authorization": `Bearer ${{access_token}}` }},
}});
console.log(await plans.json());"""


def _addresses(contract: Mapping[str, Any], address: str) -> tuple[str, str]:
    """Where to get a token and where the plans are."""
    paths = {operation["operationId"]: path for _, path, operation in operations(contract)}
    return address + paths["createToken"], address + paths["listMarketingNotices"]
