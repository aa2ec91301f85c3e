"""A server with one quirk, and the correct verdict on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.quirks.exchange import ExchangeChange

QUICK = ("--max-examples", "1")


@dataclass(frozen=True)
class Quirk:
    """A server with one real-world quirk.

    id: its kind and name, `sound/chunked`; sentence: its behavior; make_change: creates the change,
    anew for each server, since it may count; only: what is checked, for `--only`, everything if
    empty; options: further options of the check; code: the correct exit code; violations: required
    violations, as `operation: title`. No other operation or rule may be reported, except those of
    `also`, whose probes need the broken part. tls: whether the server has a certificate of a
    private CA, which the check gets; prefix: the path below which its API is found.
    """

    id: str
    sentence: str
    make_change: Callable[[], ExchangeChange]
    only: str
    options: tuple[str, ...] = QUICK
    code: int = 0
    violations: frozenset[str] = frozenset()
    also: tuple[str, ...] = ()
    tls: bool = False
    prefix: str = ""

    @property
    def is_sound(self) -> bool:
        """Return whether the server conforms to the contract."""
        return self.code == 0


def sound_quirk(
    name: str,
    sentence: str,
    change: Callable[[], ExchangeChange],
    only: str = "getGroup",
    **how: object,
) -> Quirk:
    """Return a server that keeps the contract in its own way."""
    return Quirk(f"sound/{name}", sentence, change, only, **how)  # type: ignore[arg-type]


def broken_quirk(
    name: str,
    sentence: str,
    change: Callable[[], ExchangeChange],
    only: str,
    *violations: str,
    **how: object,
) -> Quirk:
    """Return a server that breaks the contract."""
    found = frozenset(violations)
    return Quirk(f"broken/{name}", sentence, change, only, code=1, violations=found, **how)  # type: ignore[arg-type]
