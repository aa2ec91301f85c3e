"""Handlers of the state: export and import."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import Any

from mock_server.control.context import ControlContext
from mock_server.control.rendering import render_health
from mock_server.control.state_check import find_unservable
from mock_server.errors import Conflict, ContentTooLarge, ErrorDetail, InvalidRequest
from mock_server.http.response import LargeJsonResponse
from mock_server.runtime.garbage_collection import exempt_new_objects
from mock_server.runtime.threads import MIN_ROWS_FOR_THREAD
from mock_server.sessions.state_document import SessionState, encode_state
from mock_server.sessions.state_reader import InvalidStateError, read_state
from mock_server.settings import MAX_STATE_SIZE

SIZE_RULE = "CP-25"


def get_state(plane: ControlContext) -> LargeJsonResponse:
    """GET /state; raises Conflict if the state is too large to be imported."""
    return LargeJsonResponse(partial(_encode_within_limit, plane.session.state()))


def _encode_within_limit(state: SessionState) -> bytes:
    size = state.world.files.used_bytes * 4 // 3
    if size <= MAX_STATE_SIZE:
        written = encode_state(state)
        if (size := len(written)) <= MAX_STATE_SIZE:
            return written
    accepted = f"bytes <= {MAX_STATE_SIZE}"
    raise Conflict(ErrorDetail("/body", SIZE_RULE, accepted, str(size)))


def _read_state(document: dict[str, Any], room: int) -> SessionState:
    rows = sum(len(value) for value in document.values() if isinstance(value, list))
    with exempt_new_objects(many=rows > MIN_ROWS_FOR_THREAD):
        return read_state(document, room)


async def set_state(plane: ControlContext, body: dict[str, Any]) -> dict[str, Any]:
    """PUT /state: raises InvalidRequest, Conflict (CP-09) and ContentTooLarge."""
    session, room = plane.session, plane.session.world.files.room
    try:
        state = await asyncio.to_thread(_read_state, body, room)
    except InvalidStateError as error:
        raise InvalidRequest(*error.violations) from None
    answers, contract = await plane.readings.contract_of(session, state.readings)
    state.world.readings = answers
    state = replace(state, readings=answers)
    if wrong := await asyncio.to_thread(find_unservable, state.world, contract):
        raise InvalidRequest(*wrong)
    # Last, so that no other request takes the same room meanwhile.
    world = session.world
    used = world.process_bytes() - world.own_bytes() + state.world.used_bytes()
    if used > room:
        accepted = f"size <= {room}"
        raise ContentTooLarge(ErrorDetail("/body", "maxStorage", accepted, str(used)))
    await session.restore(state, contract)
    return render_health(plane)
