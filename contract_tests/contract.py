"""What the checks ask of the contract, operation by operation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import jsonschema_rs

import openapi
from contract_tests.formats import DATE_TIME, is_date_time

METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")
FORM = "multipart/form-data"


@dataclass(frozen=True)
class Operation:
    """One operation of the contract, with the whole contract to follow references in."""

    contract: dict[str, Any]
    path: str
    method: str
    item: dict[str, Any]
    raw: dict[str, Any]

    @property
    def name(self) -> str:
        """Its operationId."""
        return str(self.raw["operationId"])

    @property
    def label(self) -> str:
        """Method and path, as schemathesis names it."""
        return f"{self.method.upper()} {self.path}"

    @cached_property
    def example(self) -> dict[str, Any]:
        """A request from the contract's examples: `path`, `query`, and `body` with `media_type`."""
        declared = [
            self.resolved(parameter)
            for parameter in [*self.item.get("parameters", ()), *self.raw.get("parameters", ())]
        ]
        request: dict[str, Any] = {
            place: {
                each["name"]: each["example"]
                for each in declared
                if each["in"] == place and each.get("required")
            }
            for place in ("path", "query")
        }
        for media_type, content in self.raw.get("requestBody", {}).get("content", {}).items():
            first = next(iter(content["examples"].values()))
            request |= {"body": first["value"], "media_type": media_type}
        return request

    @cached_property
    def parameters(self) -> frozenset[str]:
        """What it declares to be sent, by place and name: `query/size`, `body/name`."""
        declared = [*self.item.get("parameters", ()), *self.raw.get("parameters", ())]
        found = {f"{each['in']}/{each['name']}" for each in map(self.resolved, declared)}
        for content in self.raw.get("requestBody", {}).get("content", {}).values():
            schema = self.resolved(content["schema"])
            parts = [schema, *map(self.resolved, schema.get("oneOf", ()))]
            found.update(f"body/{name}" for part in parts for name in part.get("properties", {}))
        return frozenset(found)

    @cached_property
    def schemes(self) -> frozenset[str]:
        """The security schemes it takes; empty for one that needs no credentials."""
        needs = self.raw.get("security", self.contract["security"])
        return frozenset(name for need in needs for name in need)

    @cached_property
    def rules(self) -> frozenset[str]:
        """The ids of the business rules that govern it."""
        return frozenset(self.raw.get("x-rules", ()))

    @cached_property
    def refusing_rules(self) -> frozenset[str]:
        """The rules that can refuse data which its schemas accept.

        Not those that a schema keyword states already, nor those about the access token: with
        valid data and a valid token nobody breaks them.
        """
        all_rules = self.contract["x-rules"]
        can_refuse = {
            rule
            for rule in self.rules
            if all_rules[rule]["kind"] == "refusal" and all_rules[rule]["operations"] != "secured"
        }
        return frozenset(can_refuse - self._stated_rules())

    def impossible_moments(self, status: int, media_type: str, body: Any) -> list[str]:
        """Pointer and text of every date-time of an answer that is not in the calendar."""
        content = self.raw["responses"].get(str(status), {}).get("content", {})
        if "schema" not in content.get(media_type, {}):
            return []
        validator = self._validators.get((status, media_type))
        if validator is None:
            validator = self._compile(content[media_type]["schema"])
            self._validators[status, media_type] = validator
        return [
            f"/{'/'.join(map(str, error.instance_path))} {error.instance}"
            for error in validator.iter_errors(body)
            if getattr(error.kind, "format", None) == DATE_TIME
        ]

    def takes_form(self, fields: dict[str, Any]) -> bool:
        """Whether a form with these fields is valid; a file's content always is."""
        schema = self.resolved(self.raw["requestBody"]["content"][FORM]["schema"])
        parts = {
            name: {} if part.get("format") == "binary" else part
            for name, part in schema["properties"].items()
        }
        return bool(self._compile({**schema, "properties": parts}).is_valid(fields))

    def resolved(self, node: dict[str, Any]) -> dict[str, Any]:
        """A node, or what its reference leads to in the bundle."""
        while "$ref" in node:
            found: Any = self.contract
            for token in node["$ref"].removeprefix("#/").split("/"):
                found = found[token.replace("~1", "/").replace("~0", "~")]
            node = found
        return node

    @cached_property
    def _validators(self) -> dict[tuple[int, str], jsonschema_rs.Draft4Validator]:
        return {}

    def _compile(self, schema: dict[str, Any]) -> jsonschema_rs.Draft4Validator:
        whole = {**schema, "components": self.contract["components"]}
        return jsonschema_rs.Draft4Validator(
            whole, validate_formats=True, formats={DATE_TIME: is_date_time}
        )

    def _stated_rules(self) -> set[str]:
        """The rules that keywords of its parameters and body state (`x-rules` inside a schema)."""
        parameters = self.item.get("parameters", []) + self.raw.get("parameters", [])
        found: set[str] = set()
        seen: set[str] = set()

        def walk(node: Any) -> None:
            if isinstance(node, list):
                for item in node:
                    walk(item)
            elif isinstance(node, dict):
                if isinstance(node.get("$ref"), str) and node["$ref"] not in seen:
                    seen.add(node["$ref"])
                    walk(self.resolved(node))
                if isinstance(node.get("x-rules"), dict):
                    found.update(node["x-rules"].values())
                for value in node.values():
                    walk(value)

        walk([parameters, self.raw.get("requestBody", {})])
        return found


@lru_cache(maxsize=1)
def operations() -> dict[str, Operation]:
    """Every operation of the contract by operationId; read once, never changed."""
    contract = openapi.load()
    found = (
        Operation(contract, path, method, item, item[method])
        for path, item in contract["paths"].items()
        for method in METHODS
        if method in item
    )
    return {operation.name: operation for operation in found}


@lru_cache(maxsize=1)
def rules() -> dict[str, dict[str, Any]]:
    """Every business rule of the contract by its id: `kind`, `zh`, `en`, `operations` and so on."""
    found: dict[str, dict[str, Any]] = next(iter(operations().values())).contract["x-rules"]
    return found


def governed(rule: str) -> frozenset[str]:
    """The operationIds of the operations that a rule governs."""
    named = rules()[rule]["operations"]
    if named != "secured":
        return frozenset(named)
    return frozenset(each.name for each in operations().values() if "bearerAuth" in each.schemes)


def choose(names: frozenset[str]) -> list[Operation]:
    """The operations that these operationIds and tags name; all of them for no name.

    Raises LookupError naming the first that is neither, nor the id of a rule.
    """
    every = operations().values()
    known = {operation.name for operation in every}
    tags = {tag for operation in every for tag in operation.raw["tags"]}
    for name in sorted(names - known - tags - rules().keys()):
        raise LookupError(f"{name} is neither an operationId, a tag nor a rule of the contract")
    return [
        operation
        for operation in every
        if not names or operation.name in names or names.intersection(operation.raw["tags"])
    ]


def choose_rules(names: frozenset[str]) -> list[str]:
    """The rules that are named, or govern only operations that are; all of them for no name."""
    chosen = {operation.name for operation in choose(names)}
    return [rule for rule in rules() if not names or rule in names or governed(rule) <= chosen]
