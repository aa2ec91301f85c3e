"""Business rules: added from rules.yaml to the operations of the bundled contract."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from openapi.loader import ContractError
from openapi.pointer import child_pointer, resolve_pointer
from openapi.walking import iter_operations

RULES_HEADING = {"zh": "**业务规则**", "en": "**Business rules**"}
OPERATION_GROUPS = ("secured", "identified", "numbered")
"""Groups that a rule's `operations` may name: those with a bearer token, those with an id in their
path, and those where this id is an integer."""
INFERRED_NOTE = {"zh": "（推断：{}）", "en": " (inferred: {})"}


def add_rules(
    document: dict[str, Any],
    rules: Any,
    lang: str,
    origin: Callable[[str], tuple[str, str]],
    *,
    lenient: bool = False,
) -> None:
    """Write the rules to the root's `x-rules`, and their ids to `x-rules` of their operations.

    The sentences of the rules, in `lang`, are added to the operation's description, with the
    decisions that they are inferred from. Rules that an operation already has, as in a bundle, are
    not added again. `origin` converts a pointer of the document to file and pointer of the sources.

    Raises ContractError for a malformed rule and for an unknown operation; with `lenient`, both are
    ignored.
    """
    document["x-rules"] = rules
    malformed = find_malformed_rule(rules)
    if malformed is not None:
        if lenient:  # in a contract from elsewhere, `x-rules` may mean something else
            return
        raise ContractError(*origin(malformed), "a rule must have operations, zh and en")
    operations = {
        operation["operationId"]: operation
        for _, _, _, operation in iter_operations(document)
        if "operationId" in operation
    }
    groups = _operation_groups(document, operations)
    added: dict[str, list[str]] = {}
    for rule_id, rule in rules.items():
        named = rule["operations"]
        for name in groups[named] if isinstance(named, str) else named:
            if name not in operations:
                if lenient:
                    continue
                place = origin(child_pointer("/x-rules", rule_id))
                raise ContractError(*place, f"no operation is called {name}")
            # A bundle is a valid input, too; its descriptions have the sentences already.
            own = operations[name].setdefault("x-rules", [])
            if rule_id not in own:
                own.append(rule_id)
                added.setdefault(name, []).append(rule_id)
    for name, operation in operations.items():
        _add_rules_to_description(operation, added.get(name, ()), rules, lang)


def _operation_groups(document: dict[str, Any], operations: dict[str, Any]) -> dict[str, list[str]]:
    """Return the operationIds of each of the OPERATION_GROUPS."""
    default = document.get("security", [])
    return {
        "secured": [
            name
            for name, operation in operations.items()
            if any("bearerAuth" in need for need in operation.get("security", default))
        ],
        "identified": [
            operation["operationId"]
            for path, _, _, operation in iter_operations(document)
            if "{" in path and "operationId" in operation
        ],
        "numbered": [
            operation["operationId"]
            for _, _, item, operation in iter_operations(document)
            if "operationId" in operation
            and any(
                _is_integer_id(document, parameter)
                for part in (item, operation)
                for parameter in part.get("parameters", ())
            )
        ],
    }


def _is_integer_id(document: dict[str, Any], parameter: Any) -> bool:
    """Return whether a parameter, or the one that it refers to, is an integer in the path."""
    try:
        found = resolve_pointer(document, parameter["$ref"]) if "$ref" in parameter else parameter
        return bool(found["in"] == "path" and found["schema"]["type"] == "integer")
    except (LookupError, TypeError, ValueError):  # a contract from elsewhere may be wrong here
        return False


def find_malformed_rule(rules: Any) -> str | None:
    """Return the pointer of the first malformed rule, or None."""
    if not isinstance(rules, dict):
        return "/x-rules"
    for rule_id, rule in rules.items():
        if not isinstance(rule, dict) or not {"zh", "en", "operations"} <= rule.keys():
            return child_pointer("/x-rules", rule_id)
        if rule["operations"] not in OPERATION_GROUPS and not isinstance(rule["operations"], list):
            return child_pointer("/x-rules", rule_id)
    return None


def _add_rules_to_description(
    operation: dict[str, Any], added: Iterable[str], rules: dict[str, Any], lang: str
) -> None:
    lines = []
    for rule_id in added:
        rule = rules[rule_id]
        sources = ", ".join(rule.get("inferred", []))
        mark = INFERRED_NOTE[lang].format(sources) if sources else ""
        lines.append(f"- `{rule_id}` {rule[lang]}{mark}")
    if lines:
        text = operation.get("description", "").rstrip()
        operation["description"] = "\n".join([text, "", RULES_HEADING[lang], "", *lines, ""])
