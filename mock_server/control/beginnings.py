"""Beginnings of sessions in requests to the control plane."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

from mock_server.clock import CST, EARLIEST_INSTANT, LATEST_INSTANT
from mock_server.domain import datetime_text
from mock_server.errors import ErrorDetail, InvalidRequest
from mock_server.seed import AnyScenario, ScenarioError, scenario_name
from mock_server.sessions.beginnings import Beginning


async def read_beginning(
    body: Mapping[str, Any], usual: Beginning, contract: Mapping[str, Any]
) -> Beginning:
    """Return what a new world is made from; what `body` omits has its value in `usual`.

    contract: the document with the operations that the users of an inline scenario may call. Raises
    InvalidRequest for an instant out of range (CP-12), for a size of another scenario than large
    (CP-42), and for an inline scenario that is not valid.
    """
    instant = None
    violations: list[ErrorDetail] = []
    if "instant" in body:
        instant = datetime_text.parse_rfc_3339(body["instant"])
        if EARLIEST_INSTANT <= instant <= LATEST_INSTANT:
            instant = instant.astimezone(CST).replace(microsecond=0)
        else:
            accepted = f"{EARLIEST_INSTANT.isoformat()} to {LATEST_INSTANT.isoformat()}"
            violations.append(ErrorDetail("/body/instant", "CP-12", accepted, body["instant"]))
    scenario = await _read_scenario(body.get("scenario"), contract)
    wanted = usual.changed(scenario, body.get("seed"), body.get("size"), instant)
    if "size" in body and wanted.scenario != "large":
        found = scenario_name(wanted.scenario)
        violations.append(ErrorDetail("/body/size", "CP-42", "scenario: large", found))
    if violations:
        raise InvalidRequest(*violations)
    return wanted


async def _read_scenario(written: Any, contract: Mapping[str, Any]) -> AnyScenario | None:
    """Return the scenario of a request: a name, or an inline one with the fields of a file."""
    if not isinstance(written, Mapping):
        name: AnyScenario | None = written
        return name
    # Imported here, because no other request needs them.
    from mock_server.seed.scenario_permissions import operations_of  # noqa: PLC0415
    from mock_server.seed.scenario_reader import read_scenario  # noqa: PLC0415

    work = partial(read_scenario, written, operations_of(contract))
    with scenario_refusals():
        return await asyncio.to_thread(work)


@contextmanager
def scenario_refusals() -> Iterator[None]:
    """Turn the violations of an inline scenario, within the context, into those of its request."""
    try:
        yield
    except ScenarioError as error:
        raise InvalidRequest(
            *(replace(each, pointer=f"/body/scenario{each.pointer}") for each in error.violations)
        ) from None
