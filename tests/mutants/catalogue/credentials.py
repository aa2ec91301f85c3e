"""Faults of credentials: auth, token."""

from __future__ import annotations

from tests.mutants.mutant import Clause, Code, Mutant, Wire, mutant
from tests.mutants.wire import put
from tests.wire_faults import changes

GRANT = ("components", "schemas", "PasswordGrant", "properties", "grant_type", "enum")
MAPPING = ("components", "schemas", "TokenRequest", "discriminator", "mapping")

AUTH = (
    mutant(
        "auth/closed-download",
        "A download needs a token.",
        "FI-06",
        Clause(("paths", "/api/v1/file/{id}", "get", "security")),
    ),
    mutant(
        "auth/open-list",
        "The notification tasks are listed for anybody.",
        "AU-01",
        Clause(("paths", "/api/v1/notification-tasks", "get", "security"), []),
    ),
    mutant(
        "auth/any-token",
        "Any access token will do.",
        "AU-01",
        Code(
            "http/security.py",
            "        caller = world.tokens.check(credentials, world.now())\n"
            '        return {"sub": caller.username}\n',
            '        return {"sub": credentials, "at": world.now()}\n',
        ),
    ),
    mutant(
        "auth/any-scheme",
        "An access token is taken under any scheme, as Basic too.",
        "AU-01",
        Code(
            "http/security.py",
            'if scheme != "bearer" or not credentials:',
            "if not credentials:",
        ),
    ),
    mutant(
        "auth/any-client-secret",
        "The client's secret is not looked at.",
        "AU-02",
        Code(
            "domain/tokens.py",
            "return bool(expected) and hmac.compare_digest(expected.encode(), secret.encode())",
            "return bool(expected) or expected == secret",
        ),
    ),
    mutant(
        "auth/no-client",
        "A token is given to who does not say which client it is.",
        "AU-02",
        Clause(("paths", "/oauth/token", "post", "security"), []),
    ),
    mutant(
        "auth/any-password",
        "The password is not looked at.",
        "AU-03",
        Code(
            "domain/tokens.py",
            "if not expected or not hmac.compare_digest(expected.encode(), password.encode()):",
            "if not expected and password:",
        ),
    ),
)
TOKEN = (
    mutant(
        "token/refreshed-again",
        "A refresh token works more than once.",
        "AU-05",
        Code(
            "domain/tokens.py",
            "self._refresh.pop(refresh_token, None)",
            "self._refresh.get(refresh_token)",
        ),
    ),
    mutant(
        "token/never-expires",
        "An access token lives for ever.",
        "AU-04",
        Code(
            "domain/tokens.py", "caller is not None and now < caller.expires", "caller is not None"
        ),
    ),
    mutant(
        "token/lives-longer-than-it-says",
        "expires_in is always 7200, whatever the token's life.",
        "AU-04",
        Code("domain/tokens.py", "int(LIFETIME.total_seconds())", "7200"),
    ),
    mutant(
        "token/other-grant",
        "grant_type client_credentials is as good as password.",
        "AU-07",
        Clause(GRANT, ["password", "client_credentials"]),
        Clause((*MAPPING, "client_credentials"), "#/components/schemas/PasswordGrant"),
        Code("handlers/auth.py", 'if body["grant_type"] == "password":', 'if "password" in body:'),
    ),
    mutant(
        "token/type-in-capitals",
        "token_type is Bearer.",
        "AU-06",
        Wire(changes("createToken", put("token_type", str.title))),
    ),
)
MUTANTS: tuple[Mutant, ...] = (*AUTH, *TOKEN)
