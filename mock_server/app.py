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
from mock_server.control.own_responses import OwnResponses
from mock_server.control.readings import ReadingsSwitch
from mock_server.http.address import requested_path
from mock_server.http.api import MockSwaggerMiddleware, MountedApi, OperationsMiddleware
from mock_server.http.application import Application, ServingParts
from mock_server.http.body import BodyLimits
from mock_server.http.compiled_contract import ApiParts, CompiledContract
from mock_server.http.contract_choice import (
    CompiledContracts,
    answers_of,
    load_exact_contract,
)
from mock_server.http.cors import Cors
from mock_server.http.direct_dispatch import DirectConnexion, DirectLifespan
from mock_server.http.error_handler import ErrorMiddleware
from mock_server.http.fault_middleware import FaultMiddleware
from mock_server.http.foreign_operation import build_contract_handler
from mock_server.http.handler_binding import bind_handlers, package_modules, shared_operation_ids
from mock_server.http.json_process import JsonCost
from mock_server.http.operation import ContractMismatchError, Handler
from mock_server.http.problem import ProblemWriter
from mock_server.http.proxy import ProxyMiddleware, RealServers
from mock_server.http.proxy_startup import initial_proxy_rules
from mock_server.http.recorded_exchange import PAGE_KEY
from mock_server.http.request_recorder import RequestRecorder
from mock_server.http.request_replay import RequestReplayer
from mock_server.http.routing import MockRoutingMiddleware
from mock_server.http.schema_translation import UnsupportedSchemaError
from mock_server.http.schemas import CompiledSchemas
from mock_server.http.security import MockSecurityMiddleware, security_map
from mock_server.http.session_selection import raise_session_error
from mock_server.http.wire_readings import DEFAULT_WIRE_READINGS, WireReadings
from mock_server.pages import DOCUMENTATION_PATH, MockState, Pages
from mock_server.seed import scenario_name
from mock_server.sessions.registry import SessionRegistry
from mock_server.sessions.session import SESSION_KEY, session_of, world_of
from mock_server.settings import (
    CONTROL_PLANE,
    CONTROL_SWAGGER_PATH,
    MAX_STATE_SIZE,
    MIB,
    OWN_PATHS,
    SWAGGER_PATH,
    Settings,
)
from openapi import Readings, project_version

log = logging.getLogger("mock_server")
PAGE_PATHS = (f"{DOCUMENTATION_PATH}/", f"{SWAGGER_PATH}/", "/openapi.json", "/openapi.yaml")
CONTROL_PAGE_PATHS = tuple(
    f"{CONTROL_PLANE}{path}" for path in ("/docs/", "/openapi.json", "/openapi.yaml")
)
MAX_CONTROL_BODY = 65_536
"""Maximum size of a body of the control plane, in bytes."""
STATE_LIMITS = BodyLimits(MAX_STATE_SIZE, MAX_STATE_SIZE, 8_000_000, JsonCost(2**30, 300))
"""Limits of an imported state; one of 100,000 tasks has 47 MB and 3,700,000 values."""
SCENARIO_LIMITS = BodyLimits(MIB, MIB, 200_000)
"""Limits of a body that may have an inline scenario."""


def create_app(
    settings: Settings | None = None, *, sessions: SessionRegistry | None = None
) -> Application:
    """Return a new mock as an ASGI application.

    Its worlds are new as well, unless `sessions` are given, as they are on a reload. Raises
    openapi.ContractError for a broken contract, and ContractMismatchError if contract and handlers
    do not match.
    """
    settings = settings or Settings()
    given = settings.readings
    ours = load_exact_contract(given)
    contract = openapi.load(settings.contract, lenient=True) if settings.contract else ours
    answers = answers_of(contract, ours)
    if sessions is None:
        sessions = SessionRegistry(settings, answers)
        sessions.use_proxy(initial_proxy_rules(settings, contract))
    usual = openapi.load(readings="exact") if given else ours
    mock = _MockAssembly(contract, ours, answers, usual[openapi.READINGS_KEY], settings, sessions)
    # Only the API has CORS: a page of another origin must not control the mock.
    with_cors = Cors if settings.cors else _unchanged
    refusals = with_cors(ErrorMiddleware(raise_session_error, api=mock.api_of))
    api, recorder = with_cors(mock.asgi), RequestRecorder()
    mock.replayer.serve_with(api, refusals, recorder)
    parts = ServingParts(api, OwnResponses(mock.asgi, settings.admin_origins), refusals, recorder)
    application = Application(parts, contract, sessions, settings.root_path)
    mock.pages.open_console(application)
    return application


class _MockAssembly:
    """The parts of one mock, built and connected."""

    def __init__(
        self,
        contract: dict[str, Any],
        ours: dict[str, Any],
        answers: Readings,
        default_answers: Readings,
        settings: Settings,
        sessions: SessionRegistry,
    ) -> None:
        self._default_answers = default_answers
        if taken := [path for path in contract["paths"] if path.startswith(OWN_PATHS)]:
            raise ContractMismatchError(
                f"{taken[0]}: paths below {' and '.join(OWN_PATHS)} are the mock's own"
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
            subject=world_of,
            limits=BodyLimits(
                settings.max_body_size, settings.max_json_size, settings.max_json_values
            ),
            capacity=sessions.capacity,
            missing=_example_handler,
            pages=(
                *PAGE_PATHS,
                *CONTROL_PAGE_PATHS,
                *(CONTROL_PLANE + path for path in own["paths"]),
            ),
            strict=settings.contract is None,
            refuses_undeclared=settings.strict,
        )
        first = self._compile_document(contract)
        self._compiled = CompiledContracts(self._compile_document)
        self._compiled.add(answers, first)
        self._api = MountedApi(first, _contract_of)
        self.replayer = RequestReplayer()
        self._servers = RealServers(settings, sessions.capacity.json)
        for session in sessions:
            if session.proxy:
                self._servers.prepare(session.proxy)
        self._control = self._mount_control_plane(settings, sessions, contract)
        self.pages = Pages(own, settings, default_answers, _mock_state)
        self.asgi = DirectConnexion(
            OperationsMiddleware(self._serve_unrouted),
            lifespan=self._lifespan,
            # The order is the order of a request. Errors of all others end in the first; the guard
            # comes before Swagger UI, whose pages of the control plane it protects as well.
            middlewares=[
                partial(ErrorMiddleware, api=self.api_of),
                partial(ControlPlaneGuard, settings=settings),
                partial(MockSwaggerMiddleware, pages=(SWAGGER_PATH, CONTROL_SWAGGER_PATH)),
                MockRoutingMiddleware,
                FaultMiddleware,
                partial(ProxyMiddleware, servers=self._servers),
                MockSecurityMiddleware,
                DirectLifespan,
            ],
        )
        self._api.mount(self.asgi, security_map(world_of), SWAGGER_PATH)
        self._control.mount(self.asgi, admin_security(settings.admin_token), "/docs")
        self._serve_contract(sessions, answers, first)

    def _serve_contract(
        self, sessions: SessionRegistry, answers: Readings, first: CompiledContract
    ) -> None:
        """Serve all requests from now on; on a reload, sessions keep their own readings."""
        sessions.serve_contract(answers, first)
        for session in list(sessions):
            if self._parts.strict and session.readings != answers:
                session.contract = self._compiled.find_or_compile(session.readings)
            else:
                session.use_readings(answers, first)

    def _mount_control_plane(
        self, settings: Settings, sessions: SessionRegistry, contract: Mapping[str, Any]
    ) -> MountedApi:
        compile_ = self._compiled.find_or_compile if settings.contract is None else None
        plane = ControlContext(
            sessions.default,
            sessions,
            ReadingsSwitch(sessions, self._default_answers, compile_),
            self.replayer.replay,
            cache(project_version),
            contract["info"]["version"],
            settings.admin_token,
            settings.proxy_hosts,
            self._servers.prepare,
        )
        limits = BodyLimits(MAX_CONTROL_BODY, MAX_CONTROL_BODY, MAX_CONTROL_BODY)
        compiled = CompiledContract(
            self._own,
            ApiParts(
                base=CONTROL_PLANE,
                handlers=bind_handlers(self._own, package_modules(control_handlers)),
                subject=plane.for_request,
                limits=limits,
                capacity=sessions.capacity,
                missing=_refuse_missing_handler,
                pages=CONTROL_PAGE_PATHS,
                own_limits={
                    "setState": STATE_LIMITS,
                    "resetWorld": SCENARIO_LIMITS,
                    "createSession": SCENARIO_LIMITS,
                    "checkMemberFiles": limits._replace(size=settings.max_body_size),
                },
            ),
            ProblemWriter({**self._our_rules, **self._own["x-rules"]}),
        )
        return MountedApi(compiled, lambda _scope: compiled, CONTROL_PLANE)

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
        self.pages.close()
        await self._servers.close()

    async def _serve_unrouted(self, scope: Any, receive: Any, send: Any) -> None:
        if self.pages.has_page(scope["path"]):
            scope[PAGE_KEY] = True
            await self.pages(scope, receive, send)
        else:
            contract = self.api_of(scope["path"]).current(scope)
            raise contract.unknown.not_found_error(requested_path(scope))

    def api_of(self, path: str) -> MountedApi:
        """Return the API that serves a path."""
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


def _unchanged(asgi: Any) -> Any:
    return asgi


def _contract_of(scope: Mapping[str, Any]) -> CompiledContract:
    found: CompiledContract = scope[SESSION_KEY].contract
    return found


def _mock_state(scope: Mapping[str, Any]) -> MockState:
    """Return the state that the pages show, as plain data for their threads."""
    session = session_of(scope)
    clock = session.world.clock
    stands_at = clock.now() if clock.frozen else None
    world, scenario = session.world, scenario_name(session.scenario)
    return MockState(
        session.contract, scenario, world.tokens.credentials, world.seed, stands_at, clock.scale
    )
