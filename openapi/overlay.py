"""OpenAPI Overlay 1.0: replaces the texts of a contract with those of another language."""

from __future__ import annotations

from typing import Any

from openapi.loader import ContractError


def apply_overlay(document: dict[str, Any], overlay: Any, name: str) -> None:
    """Apply the actions of the overlay in the file `name` to the document, in place.

    Raises ContractError for a malformed action, and for one whose target matches nothing.
    """
    from jsonpath import JSONPathError, finditer  # noqa: PLC0415 - slow, and Chinese needs none

    if not isinstance(overlay, dict) or not isinstance(overlay.get("actions"), list):
        raise ContractError(name, "", "an overlay must have a list of actions")
    for index, action in enumerate(overlay["actions"]):
        where = f"/actions/{index}"
        if not isinstance(action, dict) or not {"target", "update"} <= action.keys():
            raise ContractError(name, where, "an action must have a target and an update")
        try:
            targets = [match.obj for match in finditer(action["target"], document)]
        except JSONPathError as error:
            raise ContractError(name, where, str(error)) from error
        if not targets:
            # The overlay specification ignores such an action; a text moved in the contract would
            # silently lose its translation.
            raise ContractError(name, where, f"nothing matches {action['target']}")
        for target in targets:
            _merge_update(target, action["update"], name, where)


def _merge_update(target: Any, update: Any, name: str, where: str) -> None:
    if not isinstance(update, dict):
        raise ContractError(name, where, "an update must be an object")
    for key, value in update.items():
        if not isinstance(target, dict) or key not in target:
            raise ContractError(name, where, f"there is no {key} to translate")
        if isinstance(value, dict):
            _merge_update(target[key], value, name, where)
        else:
            target[key] = value
