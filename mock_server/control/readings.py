"""The readings in force: their change, and the checks of what is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from mock_server.errors import Conflict, ErrorDetail, InvalidRequest, display_text
from mock_server.sessions.session import Session
from openapi import Readings, ReadingsError, escape_token, exact_readings, load_readings

Compile = Callable[[Readings], Any]
"""Compiles the contract that is narrowed to an answer for each question."""


class ReadingsSwitch:
    """Changes the readings of a session; the changes of several requests follow one another."""

    def __init__(self, session: Session, defaults: Readings, compile_: Compile | None) -> None:
        """Take the default answers; without `compile_`, another contract is served."""
        self.defaults = defaults
        self._session = session
        self._compile = compile_
        self._turn = asyncio.Lock()

    def in_force(self) -> Readings:
        """Return the answer to each question."""
        return self._session.readings

    def changed(self) -> dict[str, str]:
        """Return the answers that are not the default ones."""
        answers = self._session.readings
        return {key: value for key, value in answers.items() if value != self.defaults[key]}

    async def change(self, changes: Mapping[str, str | None], *, reset: bool) -> None:
        """Put answers into force; None stands for the default, `reset` for all others.

        The contract is compiled in a thread, while requests are served with the old one. Raises
        InvalidRequest (CP-08) for an unknown question or answer, and Conflict (CP-09) if another
        contract is served.
        """
        if self._compile is None:
            raise Conflict(ErrorDetail("/body", "CP-09", "--contract"))
        async with self._turn:
            base = self.defaults if reset else self._session.readings
            await asyncio.to_thread(_check_changes, changes)
            wanted = {**base, **{k: v or self.defaults[k] for k, v in changes.items()}}
            await asyncio.to_thread(_check_together, wanted)
            if wanted != self._session.readings:
                contract = await asyncio.to_thread(self._compile, wanted)
                self._session.use_readings(wanted, contract)


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
        exact_readings(wanted)
    except ReadingsError as error:
        raise InvalidRequest(ErrorDetail("/body/readings", "CP-08", str(error))) from None
