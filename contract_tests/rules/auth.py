"""Probes of the token operation and of access tokens (L1-L65)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contract_tests.contract.operations import operations
from contract_tests.rules.client import NONEXISTENT_ID, ApiClient
from contract_tests.rules.outcome import ExpectedRefusal, expect, expect_equal
from contract_tests.rules.probe_registry import ProbeRegistry
from contract_tests.rules.reading_dependent_requests import (
    is_accepted_or_observe_refusal,
    shown_field,
)

probes = ProbeRegistry()
AUTHORIZATION_POINTER = "/header/Authorization"
UNKNOWN_VALUE = "00000000-0000-4000-8000-000000000000"
EXPIRY_MARGIN_SECONDS = 60
"""Margin in seconds for requests in transit when the life of a token is measured."""


def password_grant_body(api: ApiClient, **changes: str) -> dict[str, str]:
    """Return the body of the password grant, with changes."""
    known = api.credentials
    sure = {"grant_type": "password", "username": known.username, "password": known.password}
    return sure | changes


def refresh_grant_body(token: str) -> dict[str, str]:
    """Return the body of the refresh grant."""
    return {"grant_type": "refresh_token", "refresh_token": token}


def log_in(api: ApiClient) -> dict[str, Any]:
    """Return the response to the password grant."""
    tokens: dict[str, Any] = api.call_json("createToken", body=password_grant_body(api))
    return tokens


def secured_operations() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every operation that needs an access token, with ids that no record has."""
    for operation in operations().values():
        if "bearerAuth" in operation.security_schemes:
            # An id that exists could make the operation succeed, and change the server, if it
            # ignored the token.
            names = [name for name in ("id", "taskId") if f"{{{name}}}" in operation.path]
            yield operation.name, dict.fromkeys(names, NONEXISTENT_ID)


@probes.accepted("AU-01")
def accepts_valid_access_token(api: ApiClient) -> None:
    """Call an operation with the access token of a login."""
    token = log_in(api)["access_token"]
    api.call_ok("listGroups", query={"current": 0, "size": 1}, bearer=token)


@probes.refused("AU-01", status=401)
def refuses_missing_and_wrong_access_tokens(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Call every operation without a token, and one with malformed and unknown tokens."""
    # Every operation: many servers attach authentication route by route and can forget one.
    for operation, ids in secured_operations():
        yield AUTHORIZATION_POINTER, api.call(operation, bearer=None, **ids)
    good = log_in(api)["access_token"]
    for value in (
        f"Bearer {UNKNOWN_VALUE}",
        UNKNOWN_VALUE,
        "Basic abc",
        "Bearer",
        # A valid token under no scheme or another one is not a valid credential (RFC 6750, 2.1).
        good,
        f"Basic {good}",
    ):
        yield AUTHORIZATION_POINTER, api.call("listGroups", headers={"Authorization": value})


@probes.accepted("AU-02")
def issues_token_for_right_client_credentials(api: ApiClient) -> None:
    """Log in with the client credentials as HTTP Basic."""
    expect(log_in(api)["access_token"], "there is no access_token")


@probes.refused("AU-02", status=401)
def refuses_login_with_wrong_client_credentials(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Log in without client credentials, and with wrong ones."""
    grant = password_grant_body(api)
    yield AUTHORIZATION_POINTER, api.call("createToken", body=grant, bearer=None)
    known = api.credentials
    for pair in ((known.client_id, "wrong"), ("nobody", known.client_secret)):
        yield AUTHORIZATION_POINTER, api.call("createToken", body=grant, client=pair)


@probes.accepted("AU-03")
def issues_token_for_right_password(api: ApiClient) -> None:
    """Log in with a user name and its password."""
    api.call_json("createToken", body=password_grant_body(api))


@probes.refused("AU-03")
def refuses_login_with_wrong_user_or_password(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Log in with a wrong password, and as an unknown user."""
    # One pointer for both: a refusal that tells them apart would disclose which users exist.
    for wrong in ({"password": "wrong"}, {"username": "nobody@example.com"}):
        yield "/body/password", api.call("createToken", body=password_grant_body(api, **wrong))


@probes.accepted("AU-04", clock=True)
def access_token_is_valid_until_it_expires(api: ApiClient) -> None:
    """Use a token shortly before it expires, and log in: the same token has little time left."""
    tokens = log_in(api)
    if tokens["expires_in"] <= EXPIRY_MARGIN_SECONDS:  # the rest of the life of an earlier token
        api.advance(tokens["expires_in"])
        tokens = log_in(api)
    expect(tokens["expires_in"] > EXPIRY_MARGIN_SECONDS, f"expires_in is {tokens['expires_in']}")
    api.advance(tokens["expires_in"] - EXPIRY_MARGIN_SECONDS)
    api.call_ok("listGroups", query={"current": 0, "size": 1}, bearer=tokens["access_token"])
    again = log_in(api)
    if again["access_token"] == tokens["access_token"]:
        left = again["expires_in"]
        expect(left <= EXPIRY_MARGIN_SECONDS, f"the same token has an expires_in of {left} again")


@probes.refused("AU-04", status=401, clock=True)
def refuses_expired_access_token(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Use a token in every operation once its expires_in seconds have passed."""
    tokens = log_in(api)
    api.advance(tokens["expires_in"])
    for operation, ids in secured_operations():
        yield AUTHORIZATION_POINTER, api.call(operation, bearer=tokens["access_token"], **ids)


@probes.accepted("AU-05")
def accepts_each_refresh_token_once(api: ApiClient) -> None:
    """Refresh twice in a row, each time with the refresh token of the response before."""
    token = log_in(api)["refresh_token"]
    for _ in range(2):
        fresh = api.call_json("createToken", body=refresh_grant_body(token))["refresh_token"]
        expect(fresh != token, "a refresh returns the refresh token that it used")
        token = fresh


@probes.refused("AU-05")
def refuses_used_and_unknown_refresh_tokens(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Use a refresh token a second time, and one that was never issued."""
    token = log_in(api)["refresh_token"]
    api.call_json("createToken", body=refresh_grant_body(token))
    for used in (token, UNKNOWN_VALUE):
        yield "/body/refresh_token", api.call("createToken", body=refresh_grant_body(used))


@probes.accepted("AU-06", observes=("old-access-token-after-refresh",))
def both_grants_return_the_same_token_fields(api: ApiClient) -> None:
    """Compare the fields of both grants, and use the token of a refresh, then the one before it.

    The latter may be void.
    """
    first = log_in(api)
    second = api.call_json("createToken", body=refresh_grant_body(first["refresh_token"]))
    expect_equal(sorted(second), sorted(first), "the fields of the response to a refresh")
    for tokens in (first, second):
        expect_equal(tokens["token_type"], "bearer", "token_type")
        expect(tokens["expires_in"] > 0, f"expires_in is {tokens['expires_in']}")
    expect(second["access_token"] != first["access_token"], "a refresh returns the old token")
    query = {"current": 0, "size": 1}
    api.call_ok("listGroups", query=query, bearer=second["access_token"])
    answer = api.call("listGroups", query=query, bearer=first["access_token"])
    is_valid = api.is_success(answer)
    expect(is_valid or answer.status == 401, f"neither valid nor void: {answer}")
    api.observe("old-access-token-after-refresh", "valid" if is_valid else "void", answer)


@probes.accepted("AU-06", observes=("second-login",))
def accepts_second_login_before_token_expires(api: ApiClient) -> None:
    """Log in twice and use both access tokens; a server may return the same tokens again."""
    first, second = log_in(api), log_in(api)
    answer = api.answers[-1]
    same = [first[name] == second[name] for name in ("access_token", "refresh_token")]
    expect(same[0] == same[1], "a second login returns one of the two tokens again")
    for tokens in (first, second):
        query = {"current": 0, "size": 1}
        api.call_ok("listGroups", query=query, bearer=tokens["access_token"])
    api.observe("second-login", "same-token" if all(same) else "new-token", answer)


@probes.accepted("AU-07")
def accepts_both_grant_types(api: ApiClient) -> None:
    """Log in with the grant type password, then refresh_token."""
    api.call_json("createToken", body=refresh_grant_body(log_in(api)["refresh_token"]))


@probes.accepted("AU-07", observes=("token-request-form",))
def accepts_login_as_json_and_observes_form(api: ApiClient) -> None:
    """Log in with JSON, then with a form, which a server may refuse."""
    log_in(api)
    answer = api.call("createToken", form=password_grant_body(api))
    if is_accepted_or_observe_refusal(api, "token-request-form", answer):
        query = {"current": 0, "size": 1}
        api.call_ok("listGroups", query=query, bearer=shown_field(answer, "access_token"))
        api.observe("token-request-form", "accepted", answer)


@probes.refused("AU-07")
def refuses_unknown_and_missing_grant_types(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Send another grant type of OAuth 2.0, one in upper case, and none."""
    # Values of protocol parameters are case-sensitive (RFC 6749, 1.9).
    for grant in ("client_credentials", "PASSWORD"):
        answer = api.call("createToken", body=password_grant_body(api, grant_type=grant))
        yield "/body/grant_type", answer
    body = password_grant_body(api)
    del body["grant_type"]
    yield "/body/grant_type", api.call("createToken", body=body)


@probes.accepted("AU-08")
def accepts_each_grant_with_its_fields(api: ApiClient) -> None:
    """Send each grant with exactly the fields it takes."""
    api.call_json("createToken", body=refresh_grant_body(log_in(api)["refresh_token"]))


@probes.refused("AU-08")
def refuses_grants_without_a_required_field(api: ApiClient) -> Iterator[ExpectedRefusal]:
    """Leave out each required field, and send a user name that is no e-mail address."""
    for name in ("username", "password"):
        body = password_grant_body(api)
        del body[name]
        yield f"/body/{name}", api.call("createToken", body=body)
    yield (
        "/body/username",
        api.call("createToken", body=password_grant_body(api, username="nobody")),
    )
    yield "/body/refresh_token", api.call("createToken", body={"grant_type": "refresh_token"})
