"""Business rules: from rules.yaml into the bundled contract."""

from __future__ import annotations

from typing import Any

from openapi.source import ContractError
from openapi.validity import METHODS

HEADING = {"zh": "**业务规则**", "en": "**Business rules**"}
INFERRED = {"zh": "(推断:{})", "en": " (inferred: {})"}


def write_rules(document: dict[str, Any], rules: Any, lang: str) -> None:
    """Put the rules under the root's `x-rules` and, by id, into the operations they govern.

    Each operation's description gets the sentences of its rules in `lang`; those that rest on a
    decision of ours say so. Raises ContractError for a rule that names an unknown operation.
    """
    operations = {
        operation["operationId"]: operation
        for item in document.get("paths", {}).values()
        for method, operation in item.items()
        if method in METHODS and "operationId" in operation
    }
    default = document.get("security", [])
    secured = [
        name
        for name, operation in operations.items()
        if any("bearerAuth" in need for need in operation.get("security", default))
    ]
    document["x-rules"] = rules
    for rule_id, rule in rules.items():
        governed = secured if rule["operations"] == "secured" else rule["operations"]
        for name in governed:
            if name not in operations:
                raise ContractError("rules.yaml", f"/{rule_id}", f"no operation is called {name}")
            operations[name].setdefault("x-rules", []).append(rule_id)
    for operation in operations.values():
        _describe(operation, rules, lang)


def _describe(operation: dict[str, Any], rules: dict[str, Any], lang: str) -> None:
    lines = []
    for rule_id in operation.get("x-rules", []):
        rule = rules[rule_id]
        sources = ", ".join(rule.get("inferred", []))
        mark = INFERRED[lang].format(sources) if sources else ""
        lines.append(f"- `{rule_id}` {rule[lang]}{mark}")
    if lines:
        text = operation.get("description", "").rstrip()
        operation["description"] = "\n".join([text, "", HEADING[lang], "", *lines, ""])
