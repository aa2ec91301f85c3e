"""What a tour names where the contract's examples name what its target does not have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from contract_tests.contract.api_entry import Kind
from contract_tests.contract.api_model import REFERENCES
from contract_tests.rules.workbook import member_list


def referring(node: Any, own: Callable[[Kind], int]) -> Any:
    """The body with an id of our own, by its kind, in place of each that it refers to."""
    if isinstance(node, list):
        return [referring(each, own) for each in node]
    if not isinstance(node, dict):
        return node
    changed = dict(node)
    for name, value in node.items():
        if kind := REFERENCES.get(name):
            changed[name] = [own(kind)] if isinstance(value, list) else own(kind)
        else:
            changed[name] = referring(value, own)
    return changed


def list_of(name: str) -> bytes:
    """A member list with one row: somebody of this name, whom nobody else means."""
    return member_list([{"userId": f"{name}-U1", "ciq": f"{name}-C1", "nickname": "李娜"}])
