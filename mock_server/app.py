"""The composition root: builds the application from all other parts."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import cache, partial
from typing import Any

import openapi
from mock_server import handlers
from mock_server.control import contract as control_contract
from mock_server.control import handlers as control_handlers
from mock_server.control.context import ControlContext
from mock_server.control.guard import ControlPlaneGuard
from mock_server.control.guard import security_map as admin_security
from mock_server.control.readings import ReadingsSwitch
from mock_server.http.address import requested_path, with_root_path
from mock_server.http.api import MockSwaggerMiddleware, MountedApi, OperationsMiddleware, redirect
from mock_server.http.body import BodyLimits
from mock_server.http.compiled_contract import ApiParts, CompiledContract
from mock_server.http.connexion_compat import ConnexionMiddleware, LifespanMiddleware
from mock_server.http.cors import Cors
from mock_server.http.error_handler import ErrorMiddleware
from mock_server.http.foreign_operation import build_contract_handler
from mock_server.http.handler_binding import bind_handlers, package_modules, shared_operation_ids
from mock_server.http.operation import ContractMismatchError, Handler
from mock_server.http.problem import ProblemWriter
from mock_server.http.routing import MockRoutingMiddleware
from mock_server.http.schema_translation import UnsupportedSchemaError
from mock_server.http.schemas import CompiledSchemas
from mock_server.http.security import MockSecurityMiddleware, security_map
from mock_server.http.wire_readings import DEFAULT_WIRE_READINGS, WireReadings
from mock_server.pages import MockState, Pages
from mock_server.sessions.session import Session
from mock_server.settings import CONTROL_PLANE, SWAGGER_PATH, Settings
from mock_server.world.world import World
from openapi import Readings, project_version

log = logging.getLogger("mock_server")
CONTROL_SWAGGER_PATH = "/docs"
PAGE_PATHS = (f"{SWAGGER_PATH}/", "/openapi.json", "/openapi.yaml")
CONTROL_PAGE_PATHS = tuple(
    f"{CONTROL_PLANE}{path}" for path in ("/docs/", "/openapi.json", "/openapi.yaml")
)
MAX_COMPILED_CONTRACTS = 4
"""Contracts that are kept after a change of the readings; each takes a few MiB."""
MAX_CONTROL_BODY = 65_536
"""Maximum size of a body of the control plane, in bytes."""


def create_app(settings: Settings | None = None, *, session: Session | None = None) -> Application:
    """Return a new mock as an ASGI application.

    Its world is new as well, unless `session` is given, as it is on a reload. Raises
    openapi.ContractError for a broken contract, and ContractMismatchError if contract and handlers
    do not match.
    """
    settings = settings or Settings()
    given = session.readings if session else settings.readings
    ours = load_exact_contract(given)
    contract = openapi.load(settings.contract, lenient=True) if settings.contract else ours
    answers = _answers_of(contract, ours)
    session = session or Session(settings, answers)
    usual = openapi.load(readings="exact") if given else ours
    mock = _MockAssembly(contract, ours, answers, usual[openapi.READINGS_KEY], settings, session)
    # Only the API has CORS: a page of another origin must not control the mock.
    api = Cors(mock.asgi) if settings.cors else mock.asgi
    return Application(api, mock.asgi, contract, session, settings.root_path)


class Application:
    """A whole mock as an ASGI application."""

    def __init__(
        self,
        api: Any,
        control_plane: Any,
        contract: Mapping[str, Any],
        session: Session,
        root: str = "",
    ) -> None:
        """Serve `contract` with `api`, and the control plane with `control_plane`.

        `root` is the path under which a proxy serves the mock; requests may have it or not.
        """
        self.contract = contract
        self.session = session
        self._root = root
        self._api = api
        self._control_plane = control_plane

    @property
    def world(self) -> World:
        """Return the current world of the session."""
        return self.session.world

    def close(self) -> None:
        """End the worker processes; requests that wait for one get a 503."""
        self.session.capacity.close()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request, or the server's lifespan."""
        if self._root and scope["type"] == "http":
            if scope["path"] == self._root:  # links of the landing page are relative to `root/`
                await redirect(f"{self._root}/", send)
                return
            scope = with_root_path(scope, self._root)
        asgi = self._control_plane if scope.get("path", "").startswith(CONTROL_PLANE) else self._api
        await asgi(scope, receive, send)


def load_exact_contract(given: Readings) -> dict[str, Any]:
    """Return our contract, narrowed to the default answers and those `given`."""
    if not given:  # the usual start, which needs no file of the contract but its cache
        return openapi.load(readings="exact")
    answers = openapi.exact_readings(given)
    usual = openapi.load(readings="exact")
    return usual if answers == usual[openapi.READINGS_KEY] else openapi.load(readings=answers)


def _answers_of(contract: Mapping[str, Any], ours: Mapping[str, Any]) -> Readings:
    """Return the answers that a contract is narrowed to; the default ones if it does not say."""
    answers = contract.get(openapi.READINGS_KEY)
    if contract is ours or not isinstance(answers, Mapping):
        found: Readings = ours[openapi.READINGS_KEY]
        return found
    try:
        return openapi.exact_readings({k: v for k, v in answers.items() if v != openapi.ANY_VALUE})
    except openapi.ReadingsError as error:
        raise ContractMismatchError(f"{openapi.READINGS_KEY}: {error}") from error


class _MockAssembly:
    """The parts of one mock, built and connected."""

    def __init__(
        self,
        contract: dict[str, Any],
        ours: dict[str, Any],
        answers: Readings,
        default_answers: Readings,
        settings: Settings,
        session: Session,
    ) -> None:
        self._default_answers = default_answers
        if taken := [path for path in contract["paths"] if path.startswith(CONTROL_PLANE)]:
            raise ContractMismatchError(
                f"{taken[0]}: paths below {CONTROL_PLANE} are the mock's own"
            )
        own = control_contract.load_control_contract(secured=settings.admin_token is not None)
        # Another contract may be ours with changes, so its operations that match ours in id, method
        # and path keep our handlers.
        written = bind_handlers(ours, package_modules(handlers))
        if settings.contract:
            written = {
                name: written[name]
                for name in shared_operation_ids(contract, ours)
                if name in written
            }
        self._own, self._our_rules = own, ours["x-rules"]
        self._parts = ApiParts(
            base="",
            handlers=written,
            subject=lambda _scope: session.world,
            limits=BodyLimits(
                settings.max_body_size, settings.max_json_size, settings.max_json_values
            ),
            capacity=session.capacity,
            missing=_example_handler,
            pages=(
                *PAGE_PATHS,
                *CONTROL_PAGE_PATHS,
                *(CONTROL_PLANE + path for path in own["paths"]),
            ),
            strict=settings.contract is None,
        )
        first = self._compile_document(contract)
        self._compiled = {frozenset(answers.items()): first}
        self._api = MountedApi(first, lambda _scope: session.contract)
        self._control = self._mount_control_plane(settings, session, contract)
        self._pages = Pages(own, settings, default_answers, lambda: _mock_state(session))
        self.asgi = ConnexionMiddleware(
            OperationsMiddleware(self._serve_unrouted),
            lifespan=self._lifespan,
            # The order is the order of a request. Errors of all others end in the first; the guard
            # comes before Swagger UI, whose pages of the control plane it protects as well.
            middlewares=[
                partial(ErrorMiddleware, api=self._api_of),
                partial(ControlPlaneGuard, host=settings.host, names=settings.admin_hosts),
                partial(
                    MockSwaggerMiddleware,
                    pages=(SWAGGER_PATH, CONTROL_PLANE + CONTROL_SWAGGER_PATH),
                ),
                MockRoutingMiddleware,
                MockSecurityMiddleware,
                LifespanMiddleware,
            ],
        )
        self._api.mount(self.asgi, security_map(lambda _scope: session.world), SWAGGER_PATH)
        self._control.mount(self.asgi, admin_security(settings.admin_token), CONTROL_SWAGGER_PATH)
        session.use_readings(answers, first)

    def _mount_control_plane(
        self, settings: Settings, session: Session, contract: Mapping[str, Any]
    ) -> MountedApi:
        compile_ = self._compile if settings.contract is None else None
        switch = ReadingsSwitch(session, self._default_answers, compile_)
        plane = ControlContext(
            session,
            switch,
            cache(project_version),
            contract["info"]["version"],
            settings.admin_token,
        )
        compiled = CompiledContract(
            self._own,
            ApiParts(
                base=CONTROL_PLANE,
                handlers=bind_handlers(self._own, [control_handlers]),
                subject=lambda _scope: plane,
                limits=BodyLimits(MAX_CONTROL_BODY, MAX_CONTROL_BODY, MAX_CONTROL_BODY),
                capacity=session.capacity,
                missing=_refuse_missing_handler,
                pages=CONTROL_PAGE_PATHS,
            ),
            ProblemWriter({**self._our_rules, **self._own["x-rules"]}),
        )
        return MountedApi(compiled, lambda _scope: compiled, CONTROL_PLANE)

    def _compile(self, answers: Readings) -> CompiledContract:
        """Return our contract for these readings, compiled; the last few are kept."""
        key = frozenset(answers.items())
        if key not in self._compiled:
            self._compiled[key] = self._compile_document(load_exact_contract(answers))
            if len(self._compiled) > MAX_COMPILED_CONTRACTS:
                del self._compiled[next(iter(self._compiled))]
        return self._compiled[key]

    def _compile_document(self, contract: Mapping[str, Any]) -> CompiledContract:
        # Another contract has no rules of ours, but its handlers may be ours.
        rules = contract["x-rules"] if self._parts.strict else self._our_rules
        answers = contract.get(openapi.READINGS_KEY)
        readings = (
            WireReadings.from_answers(answers)
            if isinstance(answers, Mapping)
            else DEFAULT_WIRE_READINGS
        )
        problems = ProblemWriter({**rules, **self._own["x-rules"]})
        return CompiledContract(contract, self._parts, problems, readings)

    @asynccontextmanager
    async def _lifespan(self, _app: Any) -> AsyncIterator[None]:
        yield
        self._pages.close()

    async def _serve_unrouted(self, scope: Any, receive: Any, send: Any) -> None:
        if self._pages.has_page(scope["path"]):
            await self._pages(scope, receive, send)
        else:
            contract = self._api_of(scope["path"]).current(scope)
            raise contract.unknown.not_found_error(requested_path(scope))

    def _api_of(self, path: str) -> MountedApi:
        return self._control if path.startswith(CONTROL_PLANE) else self._api


def _example_handler(declared: Mapping[str, Any], schemas: CompiledSchemas) -> Handler:
    """Return a handler that responds with the first example, for an operation without a handler."""
    log.warning("%s has no handler: it returns its first example", declared["operationId"])
    try:
        return build_contract_handler(declared, schemas)
    except UnsupportedSchemaError as error:
        raise ContractMismatchError(
            f"{declared['operationId']}: no handler, and {error}"
        ) from error


def _refuse_missing_handler(declared: Mapping[str, Any], _schemas: CompiledSchemas) -> Handler:
    raise ContractMismatchError(f"the control plane has no handler for {declared['operationId']}")


def _mock_state(session: Session) -> MockState:
    """Return the state that the pages show, as plain data for their threads."""
    clock = session.world.clock
    stands_at = clock.now() if clock.frozen else None
    return MockState(session.contract, session.scenario, session.world.seed, stands_at, clock.scale)
