"""Business rules: from rules.yaml into the bundled contract."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from openapi.loader import ContractError
from openapi.pointer import child_pointer
from openapi.walking import iter_operations

RULES_HEADING = {"zh": "**业务规则**", "en": "**Business rules**"}
OPERATION_GROUPS = ("secured", "identified")
"""What a rule says instead of names: all operations with a bearer token; with an id in the path."""
INFERRED_NOTE = {"zh": "（推断：{}）", "en": " (inferred: {})"}


def write_rules(
    document: dict[str, Any],
    rules: Any,
    lang: str,
    origin: Callable[[str], tuple[str, str]],
    *,
    lenient: bool = False,
) -> None:
    """Put the rules under the root's `x-rules` and, by id, into the operations they govern.

    Each operation's description gets the sentences of its rules in `lang`; those that rest on a
    decision of ours say so. In a bundle they stand there already. `origin` turns a pointer of the
    document into file and pointer of the sources. Raises ContractError for rules that are none
    and for one that names an unknown operation, which `lenient` passes over.
    """
    document["x-rules"] = rules
    malformed = _find_malformed_rule(rules)
    if malformed is not None:
        if lenient:  # somebody else's extension
            return
        raise ContractError(*origin(malformed), "a rule has operations and a sentence in zh and en")
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
            own = operations[name].setdefault("x-rules", [])
            if rule_id not in own:
                own.append(rule_id)
                added.setdefault(name, []).append(rule_id)
    for name, operation in operations.items():
        _add_to_description(operation, added.get(name, ()), rules, lang)


def _operation_groups(document: dict[str, Any], operations: dict[str, Any]) -> dict[str, list[str]]:
    """The operations that a rule can govern without naming them, by what it says instead."""
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
    }


def _find_malformed_rule(rules: Any) -> str | None:
    """The pointer of what is no rule; None when all are."""
    if not isinstance(rules, dict):
        return "/x-rules"
    for rule_id, rule in rules.items():
        if not isinstance(rule, dict) or not {"zh", "en", "operations"} <= rule.keys():
            return child_pointer("/x-rules", rule_id)
        if rule["operations"] not in OPERATION_GROUPS and not isinstance(rule["operations"], list):
            return child_pointer("/x-rules", rule_id)
    return None


def _add_to_description(
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
