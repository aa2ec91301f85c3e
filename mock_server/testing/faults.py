"""`mock.faults`: the fault rules of a session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mock_server.testing.documents import FaultRule, read_document, write_document
from mock_server.testing.transport import Transport


@dataclass(frozen=True)
class Faults:
    """The fault rules of a session; the first one that matches a request applies."""

    _transport: Transport

    def add(
        self,
        operation: str = "*",
        *,
        status: int | None = None,
        example: str | None = None,
        delay: int | None = None,
        max_delay: int | None = None,
        disconnect: Literal["before", "body"] | None = None,
        retry_after: int | None = None,
        times: int | None = None,
        probability: float | None = None,
        undocumented: bool | None = None,
    ) -> FaultRule:
        """Add a rule after the others.

        operation: an operationId, a tag, or `*` for all operations;
        status, example: the response, by its status or by the name of an example of the contract;
        delay, max_delay: milliseconds, with `max_delay` a random number between both;
        disconnect: close the connection before the response, or in the middle of its body;
        retry_after: the header `Retry-After`, in seconds;
        times: the number of requests after which the rule has no effect;
        probability: the share of the requests that the rule decides;
        undocumented: allow a status that the contract does not document.
        """
        rule = {
            "operation": operation,
            "status": status,
            "example": example,
            "delay": delay,
            "max_delay": max_delay,
            "disconnect": disconnect,
            "retry_after": retry_after,
            "times": times,
            "probability": probability,
            "undocumented": undocumented,
        }
        return read_document(
            FaultRule, self._transport.call("POST", "/faults", write_document(rule))
        )

    def list(self) -> tuple[FaultRule, ...]:
        """Return all rules, with the number of requests that each of them decided."""
        found = self._transport.call("GET", "/faults")
        return tuple(read_document(FaultRule, each) for each in found)

    def get(self, rule: FaultRule | str) -> FaultRule:
        """Return a rule as it is now, by its id or an earlier copy."""
        return read_document(FaultRule, self._transport.call("GET", f"/faults/{_id(rule)}"))

    def remove(self, rule: FaultRule | str) -> None:
        """Remove a rule."""
        self._transport.call("DELETE", f"/faults/{_id(rule)}")

    def clear(self) -> None:
        """Remove all rules."""
        self._transport.call("DELETE", "/faults")


def _id(rule: FaultRule | str) -> str:
    return rule.id if isinstance(rule, FaultRule) else rule
