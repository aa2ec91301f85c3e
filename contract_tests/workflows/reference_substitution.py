"""Substitution of ids in the contract's examples, which the target does not have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from contract_tests.contract.api_entry import RecordKind
from contract_tests.contract.api_lookup import path_id_name
from contract_tests.contract.api_model import REFERENCE_FIELDS
from contract_tests.rules.member_workbook import write_member_list
from contract_tests.workflows.record_changes import RecordKey, record_in_path, record_key


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


def rename_references(node: Any, renamed: Mapping[RecordKey, RecordKey]) -> Any:
    """Return the body with the new id in place of each reference to a record that has one."""
    if isinstance(node, list):
        return [rename_references(each, renamed) for each in node]
    if not isinstance(node, dict):
        return node
    return {
        name: _latest_id(REFERENCE_FIELDS[name], value, renamed)
        if name in REFERENCE_FIELDS and not isinstance(value, list)
        else rename_references(value, renamed)
        for name, value in node.items()
    }


def rename_path(name: str, path: Mapping[str, Any], renamed: Mapping[RecordKey, RecordKey]) -> Any:
    """Return the path parameters of an operation with the new id of a record that has one."""
    named = record_in_path(name, path)
    return {**path, path_id_name(name): _latest_id(*named, renamed)} if named else path


def _latest_id(kind: RecordKind, value: Any, renamed: Mapping[RecordKey, RecordKey]) -> Any:
    key = record_key(kind, value)
    if key is None or key not in renamed:
        return value
    while key in renamed:
        key = renamed[key]
    return key[1]


def one_row_member_list(name: str) -> bytes:
    """Return a member list with one row, for a member of this name that exists nowhere else."""
    return write_member_list([{"userId": f"{name}-U1", "ciq": f"{name}-C1", "nickname": "李娜"}])
