"""What a tour names where the contract's examples name what its target does not have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from contract_tests.contract.api_entry import RecordKind
from contract_tests.contract.api_model import REFERENCE_FIELDS
from contract_tests.rules.workbook import write_member_list


def replace_references(node: Any, own: Callable[[RecordKind], int]) -> Any:
    """The body with an id of our own, by its kind, in place of each that it refers to."""
    if isinstance(node, list):
        return [replace_references(each, own) for each in node]
    if not isinstance(node, dict):
        return node
    changed = dict(node)
    for name, value in node.items():
        if kind := REFERENCE_FIELDS.get(name):
            changed[name] = [own(kind)] if isinstance(value, list) else own(kind)
        else:
            changed[name] = replace_references(value, own)
    return changed


def one_row_member_list(name: str) -> bytes:
    """A member list with one row: somebody of this name, whom nobody else means."""
    return write_member_list([{"userId": f"{name}-U1", "ciq": f"{name}-C1", "nickname": "李娜"}])
