"""OpenAPI Overlay 1.0: the same contract with its texts in another language."""

from __future__ import annotations

from typing import Any

from openapi.source import ContractError


def apply_overlay(document: dict[str, Any], overlay: Any, lang: str) -> None:
    """Apply an overlay's actions to the document, in place.

    Raises ContractError for an action whose target matches nothing: its text would be lost.
    """
    from jsonpath import JSONPathError, finditer  # noqa: PLC0415 - not in Chinese, and slow to import

    name = f"overlays/{lang}.yaml"
    for index, action in enumerate(overlay["actions"]):
        where = f"/actions/{index}"
        try:
            targets = [match.obj for match in finditer(action["target"], document)]
        except JSONPathError as error:
            raise ContractError(name, where, str(error)) from error
        if not targets:
            raise ContractError(name, where, f"nothing matches {action['target']}")
        for target in targets:
            _merge(target, action["update"], name, where)


def _merge(target: Any, update: Any, name: str, where: str) -> None:
    for key, value in update.items():
        if key not in target:
            raise ContractError(name, where, f"there is no {key} to translate")
        if isinstance(value, dict):
            _merge(target[key], value, name, where)
        else:
            target[key] = value
