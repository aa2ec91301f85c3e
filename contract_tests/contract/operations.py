"""What the checks ask of the contract, operation by operation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import jsonschema_rs

from contract_tests.contract.formats import DATE_TIME, is_date_time
from contract_tests.contract.strictness import ANY_SUCCESS, CURATED, Strictness
from openapi import iter_operations, pointer_of, resolve_pointer, walk_nodes

MULTIPART_FORM = "multipart/form-data"


@dataclass(frozen=True)
class Operation:
    """One operation of the contract, with the whole contract to follow references in.

    `strictness` is the one that the contract judges by.
    """

    contract: dict[str, Any]
    path: str
    method: str
    item: dict[str, Any]
    raw: dict[str, Any]
    strictness: Strictness = CURATED

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
        request: dict[str, Any] = {
            place: {
                each["name"]: each["example"]
                for each in self.declared_parameters
                if each["in"] == place and each.get("required")
            }
            for place in ("path", "query")
        }
        for media_type, content in self.raw.get("requestBody", {}).get("content", {}).items():
            first = next(iter(content["examples"].values()))
            request |= {"body": first["value"], "media_type": media_type}
        return request

    @cached_property
    def declared_parameters(self) -> list[dict[str, Any]]:
        """Its parameters, those of its path first, as the contract declares them."""
        found = [*self.item.get("parameters", ()), *self.raw.get("parameters", ())]
        return [self.resolve_reference(parameter) for parameter in found]

    @cached_property
    def parameters(self) -> frozenset[str]:
        """What it declares to be sent, by place and name: `query/size`, `body/name`."""
        found = {f"{each['in']}/{each['name']}" for each in self.declared_parameters}
        for content in self.raw.get("requestBody", {}).get("content", {}).values():
            schema = self.resolve_reference(content["schema"])
            parts = [schema, *map(self.resolve_reference, schema.get("oneOf", ()))]
            found.update(f"body/{name}" for part in parts for name in part.get("properties", {}))
        return frozenset(found)

    @cached_property
    def security_schemes(self) -> frozenset[str]:
        """The security schemes it takes; empty for one that needs no credentials."""
        needs = self.raw.get("security", self.contract["security"])
        return frozenset(name for need in needs for name in need)

    @property
    def requires_credentials(self) -> bool:
        """Whether a server has to refuse who has no good ones."""
        said_by = self.raw if "security" in self.raw else self.contract
        return bool(self.security_schemes) and not self.strictness.why_not_binding(
            said_by, "security"
        )

    @cached_property
    def extra_refusal_statuses(self) -> frozenset[int]:
        """The statuses by which a server may refuse what the contract would have it accept.

        Where there is no bearer token to be wrong, a 401 too is about what the body says (A12).
        """
        found = self.strictness.extra_refusal_statuses
        return found | {401} if found and self.security_schemes - {"bearerAuth"} else found

    @cached_property
    def rule_refusal_statuses(self) -> frozenset[int]:
        """The statuses by which it may refuse what its schemas accept, for a rule.

        Without a bearer token to be wrong, a 401 too is about what the body says. 404 for an id in
        a body is as good as 400 where only the documents bind (X1).
        """
        if not self.strictness.binding:
            return frozenset({400, 404})
        return frozenset({400} if "bearerAuth" in self.security_schemes else {400, 401})

    @cached_property
    def documents_refusals(self) -> bool:
        """Whether the contract says what its refusals look like."""
        return any(
            self.resolve_reference(response).get("content")
            for status, response in self.raw["responses"].items()
            if status.startswith("4")
        )

    def why_status_not_binding(self, status: str, strictness: Strictness) -> str:
        """Why it need not have an answer with this status; empty when it has to."""
        response = self.resolve_reference(self.raw["responses"][status])
        whole = strictness.why_not_binding(response, "*")
        return whole or strictness.why_not_binding(self.raw, f"responses/{status}")

    def is_success(self, status: int) -> bool:
        """Whether it may answer a request that it has done with this status."""
        return status == 200 or (ANY_SUCCESS in self.raw["responses"] and 200 <= status < 300)

    def response(self, status: int) -> dict[str, Any]:
        """What the contract says of an answer with this status; empty when it has none."""
        declared = self.raw["responses"]
        found = declared.get(str(status), declared.get(f"{status // 100}XX", {}))
        return self.resolve_reference(found)

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
        return frozenset(can_refuse - self._rules_in_schemas())

    def invalid_date_times(self, status: int, media_type: str, body: Any) -> list[tuple[str, str]]:
        """Pointer and text of every date-time of an answer that is not in the calendar."""
        content = self.response(status).get("content", {})
        if "schema" not in content.get(media_type, {}):
            return []
        validator = self._validators.get((status, media_type))
        if validator is None:
            validator = self.compile_schema(content[media_type]["schema"])
            self._validators[status, media_type] = validator
        return [
            (pointer_of(error.instance_path), str(error.instance))
            for error in validator.iter_errors(body)
            if getattr(error.kind, "format", None) == DATE_TIME
        ]

    def has_problem_response(self, status: int) -> bool:
        """Whether it answers this status with a problem document."""
        found = self.resolve_reference(self.raw["responses"].get(str(status), {}))
        return "application/problem+json" in found.get("content", {})

    def is_valid_form(self, fields: dict[str, Any]) -> bool:
        """Whether a form with these fields is valid; a file's content always is."""
        schema = self.resolve_reference(
            self.raw["requestBody"]["content"][MULTIPART_FORM]["schema"]
        )
        parts = {
            name: {} if part.get("format") == "binary" else part
            for name, part in schema["properties"].items()
        }
        return bool(self.compile_schema({**schema, "properties": parts}).is_valid(fields))

    def resolve_reference(self, node: dict[str, Any]) -> dict[str, Any]:
        """A node, or what its reference leads to in the bundle."""
        while "$ref" in node:
            node = resolve_pointer(self.contract, node["$ref"])
        return node

    @cached_property
    def _validators(self) -> dict[tuple[int, str], jsonschema_rs.Draft4Validator]:
        return {}

    def compile_schema(self, schema: dict[str, Any]) -> jsonschema_rs.Draft4Validator:
        """A validator of a schema of this contract; `nullable` says nothing to it."""
        whole = {**schema, "components": self.contract["components"]}
        return jsonschema_rs.Draft4Validator(
            whole, validate_formats=True, formats={DATE_TIME: is_date_time}
        )

    def _rules_in_schemas(self) -> set[str]:
        """The rules that keywords of its parameters and body state (`x-rules` inside a schema)."""
        parameters = self.item.get("parameters", []) + self.raw.get("parameters", [])
        roots = ((parameters, "[parameter"), (self.raw.get("requestBody", {}), "requestBody"))
        stated = (
            node.get("x-rules")
            for root, kind in roots
            for _, _, node in walk_nodes(root, kind, document=self.contract)
        )
        return {rule for each in stated if isinstance(each, dict) for rule in each.values()}


def operations(strictness: Strictness = CURATED) -> dict[str, Operation]:
    """Every operation of the contract by operationId; read once, never changed."""
    return _load_operations(strictness)


@lru_cache(maxsize=2)
def _load_operations(strictness: Strictness) -> dict[str, Operation]:
    return operations_in(strictness.contract(), strictness)


def operations_in(contract: dict[str, Any], strictness: Strictness) -> dict[str, Operation]:
    """Every operation of a contract by operationId."""
    found = (Operation(contract, *declared, strictness) for declared in iter_operations(contract))
    return {operation.name: operation for operation in found}


@lru_cache(maxsize=1)
def rules() -> dict[str, dict[str, Any]]:
    """Every business rule of the contract by its id: `kind`, `zh`, `en`, `operations` and so on."""
    found: dict[str, dict[str, Any]] = next(iter(operations().values())).contract["x-rules"]
    return found


def governed_operations(rule: str) -> frozenset[str]:
    """The operationIds of the operations that a rule governs."""
    return frozenset(each.name for each in operations().values() if rule in each.rules)


def select_operations(names: frozenset[str]) -> list[Operation]:
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


def select_rules(names: frozenset[str]) -> list[str]:
    """The rules that are named, or govern only operations that are; all of them for no name."""
    chosen = {operation.name for operation in select_operations(names)}
    return [
        rule
        for rule in rules()
        if not names or rule in names or governed_operations(rule) <= chosen
    ]
