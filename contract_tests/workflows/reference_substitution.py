"""Substitution of ids in the contract's examples, which the target does not have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from contract_tests.contract.api_entry import RecordKind
from contract_tests.contract.api_model import REFERENCE_FIELDS
from contract_tests.rules.workbook import write_member_list


def replace_references(node: Any, own: Callable[[RecordKind], int]) -> Any:
    """Return the body with each reference replaced by an id of the same kind from `own`."""
    if isinstance(node, list):
        return [replace_references(each, own) for each in node]
    if not isinstance(node, dict):
        return node
    changed = dict(node)
    for name, value in node.items():
        if kind := REFERENCE_FIELDS.get(name):
            # One id for a list of any length: a repeated id could be refused (NT-30, MT-16).
            changed[name] = [own(kind)] if isinstance(value, list) else own(kind)
        else:
            changed[name] = replace_references(value, own)
    return changed


def one_row_member_list(name: str) -> bytes:
    """Return a member list with one row, for a member of this name that exists nowhere else."""
    return write_member_list([{"userId": f"{name}-U1", "ciq": f"{name}-C1", "nickname": "李娜"}])
