"""Probes of the token operation, and of who needs a token (L1-L65)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contract_tests.contract.operations import operations
from contract_tests.rules.client import ABSENT, Api
from contract_tests.rules.outcome import Attempt, expect, expect_equal
from contract_tests.rules.registry import Probes

probes = Probes()
HEADER = "/header/Authorization"
WRONG = "00000000-0000-4000-8000-000000000000"
MARGIN = 60
"""Seconds left for the answers on their way, when a token's life is measured."""


def password_grant(api: Api, **changes: str) -> dict[str, str]:
    """The body of the password grant, with changes."""
    known = api.credentials
    sure = {"grant_type": "password", "username": known.username, "password": known.password}
    return sure | changes


def refresh_grant(token: str) -> dict[str, str]:
    """The body of the refresh grant."""
    return {"grant_type": "refresh_token", "refresh_token": token}


def log_in(api: Api) -> dict[str, Any]:
    """What the password grant answers."""
    tokens: dict[str, Any] = api.ok("createToken", body=password_grant(api))
    return tokens


def secured() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every operation that needs an access token, with ids that nothing has."""
    for operation in operations().values():
        if "bearerAuth" in operation.schemes:
            names = [name for name in ("id", "taskId") if f"{{{name}}}" in operation.path]
            yield operation.name, dict.fromkeys(names, ABSENT)


@probes.accepted("AU-01")
def a_token_opens_an_operation(api: Api) -> None:
    """The access token of a login is accepted."""
    token = log_in(api)["access_token"]
    api.succeed("listGroups", query={"current": 0, "size": 1}, bearer=token)


@probes.refused("AU-01", status=401)
def no_token_or_a_wrong_one(api: Api) -> Iterator[Attempt]:
    """Every operation asks for a token before it looks at anything else, and for Bearer."""
    for operation, ids in secured():
        yield HEADER, api.call(operation, bearer=None, **ids)
    good = log_in(api)["access_token"]
    for value in (f"Bearer {WRONG}", WRONG, "Basic abc", "Bearer", good, f"Basic {good}"):
        yield HEADER, api.call("listGroups", headers={"Authorization": value})


@probes.accepted("AU-02")
def the_right_client_gets_a_token(api: Api) -> None:
    """The client credentials as HTTP Basic are accepted."""
    expect(log_in(api)["access_token"], "there is no access_token")


@probes.refused("AU-02", status=401)
def a_wrong_client_gets_none(api: Api) -> Iterator[Attempt]:
    """No client credentials, and wrong ones."""
    grant = password_grant(api)
    yield HEADER, api.call("createToken", body=grant, bearer=None)
    known = api.credentials
    for pair in ((known.client_id, "wrong"), ("nobody", known.client_secret)):
        yield HEADER, api.call("createToken", body=grant, client=pair)


@probes.accepted("AU-03")
def the_right_password_gets_a_token(api: Api) -> None:
    """User name and password that match."""
    api.ok("createToken", body=password_grant(api))


@probes.refused("AU-03")
def a_wrong_password_or_user_gets_none(api: Api) -> Iterator[Attempt]:
    """A password that is not the user's, and a user that nobody is."""
    for wrong in ({"password": "wrong"}, {"username": "nobody@example.com"}):
        yield "/body/password", api.call("createToken", body=password_grant(api, **wrong))


@probes.accepted("AU-04", clock=True)
def a_token_lives_as_long_as_it_says(api: Api) -> None:
    """Shortly before its time is over, the token is good still."""
    tokens = log_in(api)
    expect(tokens["expires_in"] > MARGIN, f"expires_in is {tokens['expires_in']}")
    api.advance(tokens["expires_in"] - MARGIN)
    api.succeed("listGroups", query={"current": 0, "size": 1}, bearer=tokens["access_token"])


@probes.refused("AU-04", status=401, clock=True)
def a_token_dies_when_its_time_is_over(api: Api) -> Iterator[Attempt]:
    """From expires_in seconds on, no operation takes it."""
    tokens = log_in(api)
    api.advance(tokens["expires_in"])
    for operation, ids in secured():
        yield HEADER, api.call(operation, bearer=tokens["access_token"], **ids)


@probes.accepted("AU-05")
def each_refresh_token_works_once(api: Api) -> None:
    """A chain of refreshes, each with the token of the one before."""
    token = log_in(api)["refresh_token"]
    for _ in range(2):
        fresh = api.ok("createToken", body=refresh_grant(token))["refresh_token"]
        expect(fresh != token, "a refresh answers the refresh token that it used")
        token = fresh


@probes.refused("AU-05")
def a_refresh_token_does_not_work_twice(api: Api) -> Iterator[Attempt]:
    """One that has been used, and one that was never issued."""
    token = log_in(api)["refresh_token"]
    api.ok("createToken", body=refresh_grant(token))
    for used in (token, WRONG):
        yield "/body/refresh_token", api.call("createToken", body=refresh_grant(used))


@probes.accepted("AU-06")
def both_grants_answer_alike(api: Api) -> None:
    """The same fields, a bearer token that works, and the seconds that it has left."""
    first = log_in(api)
    second = api.ok("createToken", body=refresh_grant(first["refresh_token"]))
    expect_equal(sorted(second), sorted(first), "what a refresh answers")
    for tokens in (first, second):
        expect_equal(tokens["token_type"], "bearer", "token_type")
        expect(tokens["expires_in"] > 0, f"expires_in is {tokens['expires_in']}")
    expect(second["access_token"] != first["access_token"], "a refresh answers the old token")
    query = {"current": 0, "size": 1}
    api.succeed("listGroups", query=query, bearer=second["access_token"])


@probes.accepted("AU-07")
def both_grants_are_known(api: Api) -> None:
    """password, then refresh_token."""
    api.ok("createToken", body=refresh_grant(log_in(api)["refresh_token"]))


@probes.refused("AU-07")
def another_grant_is_not(api: Api) -> Iterator[Attempt]:
    """A grant of OAuth 2.0 that this API does not have, none, and one in upper case."""
    for grant in ("client_credentials", "PASSWORD"):
        answer = api.call("createToken", body=password_grant(api, grant_type=grant))
        yield "/body/grant_type", answer
    body = password_grant(api)
    del body["grant_type"]
    yield "/body/grant_type", api.call("createToken", body=body)


@probes.accepted("AU-08")
def a_grant_with_all_its_fields(api: Api) -> None:
    """Each grant with exactly the fields it takes."""
    api.ok("createToken", body=refresh_grant(log_in(api)["refresh_token"]))


@probes.refused("AU-08")
def a_grant_without_one_of_its_fields(api: Api) -> Iterator[Attempt]:
    """Each required field left out, and a user name that is no e-mail address."""
    for name in ("username", "password"):
        body = password_grant(api)
        del body[name]
        yield f"/body/{name}", api.call("createToken", body=body)
    yield "/body/username", api.call("createToken", body=password_grant(api, username="nobody"))
    yield "/body/refresh_token", api.call("createToken", body={"grant_type": "refresh_token"})
