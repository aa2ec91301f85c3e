"""Faults of credentials: auth, token."""

from __future__ import annotations

from tests.mutants.mutant import CodeEdit, ContractEdit, Mutant, WireEdit, make_mutant
from tests.mutants.wire import replace_field
from tests.wire_faults import edit_response

GRANT_TYPE_ENUM = ("components", "schemas", "PasswordGrantType", "enum")
GRANT_MAPPING = ("components", "schemas", "TokenRequest", "discriminator", "mapping")

AUTH_MUTANTS = (
    make_mutant(
        "auth/closed-download",
        "A download needs a token.",
        "FI-06",
        ContractEdit(("paths", "/api/v1/file/{id}", "get", "security")),
    ),
    make_mutant(
        "auth/open-list",
        "The notification tasks are listed for anybody.",
        "AU-01",
        ContractEdit(("paths", "/api/v1/notification-tasks", "get", "security"), []),
    ),
    make_mutant(
        "auth/any-token",
        "Any access token will do.",
        "AU-01",
        CodeEdit(
            "http/security.py",
            "        caller = world.tokens.authenticate(credentials, world.now())\n",
            '        return {"sub": credentials, "at": world.now()}\n',
        ),
    ),
    make_mutant(
        "auth/any-scheme",
        "An access token is taken under any scheme, as Basic too.",
        "AU-01",
        CodeEdit(
            "http/security.py",
            'if scheme != "bearer" or not credentials:',
            "if not credentials:",
        ),
    ),
    make_mutant(
        "auth/any-client-secret",
        "The client's secret is not looked at.",
        "AU-02",
        CodeEdit(
            "domain/tokens.py",
            "return bool(expected) and hmac.compare_digest(expected.encode(), secret.encode())",
            "return bool(expected) or expected == secret",
        ),
    ),
    make_mutant(
        "auth/no-client",
        "A token is given to who does not say which client it is.",
        "AU-02",
        ContractEdit(("paths", "/oauth/token", "post", "security"), []),
    ),
    make_mutant(
        "auth/any-password",
        "The password is not looked at.",
        "AU-03",
        CodeEdit(
            "domain/tokens.py",
            "if not expected or not hmac.compare_digest(expected.encode(), password.encode()):",
            "if not expected and password:",
        ),
    ),
)
TOKEN_MUTANTS = (
    make_mutant(
        "token/refreshed-again",
        "A refresh token works more than once.",
        "AU-05",
        CodeEdit(
            "domain/tokens.py",
            "self._refresh.pop(refresh_token, None)",
            "self._refresh.get(refresh_token)",
        ),
    ),
    make_mutant(
        "token/never-expires",
        "An access token lives for ever.",
        "AU-04",
        CodeEdit(
            "domain/tokens.py", "caller is not None and now < caller.expires", "caller is not None"
        ),
    ),
    make_mutant(
        "token/lives-longer-than-it-says",
        "expires_in is always 7200, whatever the token's life.",
        "AU-04",
        CodeEdit("handlers/auth.py", '"expires_in": pair.lifetime,', '"expires_in": 7200,'),
    ),
    make_mutant(
        "token/other-grant",
        "grant_type client_credentials is as good as password.",
        "AU-07",
        ContractEdit(GRANT_TYPE_ENUM, ["password", "client_credentials"]),
        ContractEdit((*GRANT_MAPPING, "client_credentials"), "#/components/schemas/PasswordGrant"),
        CodeEdit(
            "handlers/auth.py", 'if body["grant_type"] == "password":', 'if "password" in body:'
        ),
    ),
    make_mutant(
        "token/type-in-capitals",
        "token_type is Bearer.",
        "AU-06",
        WireEdit(edit_response("createToken", replace_field("token_type", str.title))),
    ),
)
MUTANTS: tuple[Mutant, ...] = (*AUTH_MUTANTS, *TOKEN_MUTANTS)
