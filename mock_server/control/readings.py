"""The readings in force: their change, and the checks of what is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from mock_server.errors import Conflict, ErrorDetail, InvalidRequest, display_text
from mock_server.sessions.registry import SessionRegistry
from mock_server.sessions.session import Session
from openapi import Readings, ReadingsError, escape_token, load_readings, readings_with_defaults

MAX_CONTRACTS_IN_USE = 16
"""Different readings that sessions may have; the contract for each takes a few MiB."""
Compile = Callable[[Readings], Any]
"""Compiles the contract that is narrowed to an answer for each question."""


class ReadingsSwitch:
    """Changes the readings of sessions; the changes of several requests follow one another."""

    def __init__(
        self, sessions: SessionRegistry, defaults: Readings, compile_: Compile | None
    ) -> None:
        """Take the default answers; without `compile_`, another contract is served."""
        self.defaults = defaults
        self._sessions = sessions
        self._compile = compile_
        self._turn = asyncio.Lock()

    def changed(self, session: Session) -> dict[str, str]:
        """Return the session's answers that are not the default ones."""
        answers = session.readings
        return {key: value for key, value in answers.items() if value != self.defaults[key]}

    async def change(
        self, session: Session, changes: Mapping[str, str | None], *, reset: bool
    ) -> None:
        """Put answers into force in a session; None stands for the default, `reset` for all others.

        The contract is compiled in a thread, while requests are served with the old one. Raises
        InvalidRequest (CP-08) for an unknown question or answer, and Conflict if another contract
        is served (CP-09) or if other sessions have too many different readings (CP-40).
        """
        if self._compile is None:
            raise Conflict(ErrorDetail("/body", "CP-09", "--contract"))
        async with self._turn:
            base = self.defaults if reset else session.readings
            await asyncio.to_thread(_check_changes, changes)
            wanted = {**base, **{k: v or self.defaults[k] for k, v in changes.items()}}
            await asyncio.to_thread(_check_together, wanted)
            if wanted != session.readings:
                self._check_number(session, wanted)
                contract = await asyncio.to_thread(self._compile, wanted)
                session.use_readings(wanted, contract)

    def _check_number(self, session: Session, wanted: Readings) -> None:
        """Raise Conflict (CP-40) if too many contracts would have to be kept."""
        others = [each.readings for each in self._sessions if each is not session]
        found = {frozenset(readings.items()) for readings in (*others, wanted)}
        if len(found) > MAX_CONTRACTS_IN_USE:
            accepted = f"<= {MAX_CONTRACTS_IN_USE}"
            raise Conflict(ErrorDetail("/body/readings", "CP-40", accepted, str(len(found))))

    async def contract_of(self, session: Session, wanted: Readings) -> tuple[Readings, Any]:
        """Return answers with the default for those that are missing, and their contract.

        Raises InvalidRequest and Conflict, as `change` does.
        """
        answers = {**self.defaults, **wanted}
        if answers == session.readings:
            return session.readings, session.contract
        if self._compile is None:
            raise Conflict(ErrorDetail("/body/readings", "CP-09", "--contract"))
        async with self._turn:
            await asyncio.to_thread(_check_changes, wanted)
            await asyncio.to_thread(_check_together, answers)
            return answers, await asyncio.to_thread(self._compile, answers)


def _check_changes(changes: Mapping[str, str | None]) -> None:
    """Raise InvalidRequest for a question or an answer that does not exist."""
    questions = {each.key: each for each in load_readings() if each.switchable}
    wrong: list[ErrorDetail] = []
    for key, value in changes.items():
        pointer = f"/body/readings/{escape_token(key[:80])}"
        if key not in questions:
            wrong.append(ErrorDetail(pointer, "CP-08", ", ".join(questions), display_text(key)))
        elif value is not None and value not in questions[key].values:
            accepted = ", ".join(questions[key].values)
            wrong.append(ErrorDetail(pointer, "CP-08", accepted, display_text(value)))
    if wrong:
        raise InvalidRequest(*wrong)


def _check_together(wanted: Readings) -> None:
    """Raise InvalidRequest for answers that contradict each other."""
    try:
        readings_with_defaults(wanted)
    except ReadingsError as error:
        raise InvalidRequest(ErrorDetail("/body/readings", "CP-08", str(error))) from None
