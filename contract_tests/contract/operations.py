"""The contract as the checks read it, operation by operation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import jsonschema_rs

from contract_tests.contract.contract_variants import (
    ANY_SUCCESS,
    BY_READING_KEY,
    build_contract_to_check,
)
from contract_tests.contract.format_strategies import DATE_TIME, is_date_time
from contract_tests.contract.readings import PARTLY_STATED_RULES, readings
from contract_tests.contract.strictness import CURATED, Strictness
from openapi import combined_schemas, iter_operations, pointer_of, resolve_pointer, walk_nodes

MULTIPART_FORM = "multipart/form-data"


@dataclass(frozen=True)
class Operation:
    """One operation of the contract, and the whole contract for resolving its references.

    strictness: the one by which the contract is applied.
    """

    contract: dict[str, Any]
    path: str
    method: str
    item: dict[str, Any]
    raw: dict[str, Any]
    strictness: Strictness = CURATED

    @property
    def name(self) -> str:
        """The operationId."""
        return str(self.raw["operationId"])

    @property
    def label(self) -> str:
        """Method and path, in the notation of schemathesis."""
        return f"{self.method.upper()} {self.path}"

    @cached_property
    def example(self) -> dict[str, Any]:
        """Request from the contract's examples: `path`, `query`, and `body` with `media_type`."""
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
        """Parameters as the contract declares them, those of the path item first."""
        found = [*self.item.get("parameters", ()), *self.raw.get("parameters", ())]
        return [self.resolve_reference(parameter) for parameter in found]

    @cached_property
    def parameter_names(self) -> frozenset[str]:
        """Declared parameters and members of the body, by place and name.

        `query/size`, `body/name`.
        """
        found = {f"{each['in']}/{each['name']}" for each in self.declared_parameters}
        for content in self.raw.get("requestBody", {}).get("content", {}).values():
            schema = self.resolve_reference(content["schema"])
            parts = [schema, *map(self.resolve_reference, schema.get("oneOf", ()))]
            found.update(f"body/{name}" for part in parts for name in part.get("properties", {}))
        return frozenset(found)

    @cached_property
    def security_schemes(self) -> frozenset[str]:
        """Security schemes that are accepted; empty for an operation without credentials."""
        needs = self.raw.get("security", self.contract["security"])
        return frozenset(name for need in needs for name in need)

    @property
    def requires_credentials(self) -> bool:
        """True if a server must reject requests without valid credentials."""
        said_by = self.raw if "security" in self.raw else self.contract
        return bool(self.security_schemes) and not self.strictness.why_not_binding(
            said_by, "security"
        )

    @cached_property
    def extra_refusal_statuses(self) -> frozenset[int]:
        """Statuses that may reject a request which the contract accepts.

        Without a bearer token, a 401 too is about the content of the body (A12).
        """
        found = self.strictness.extra_refusal_statuses
        return found | {401} if found and self.security_schemes - {"bearerAuth"} else found

    @cached_property
    def rule_refusal_statuses(self) -> frozenset[int]:
        """Statuses that may reject a request for a business rule although its schemas accept it.

        Without a bearer token, a 401 too is about the content of the body. A 416 depends on the
        length of the file (FI-13). For an id in a body, 404 may be the answer (X1).
        """
        found = {400, 416} if "416" in self.raw["responses"] else {400}
        if self.strictness.may_follow("unknown-id-in-body", "404"):
            found |= {404}
        return frozenset(found if "bearerAuth" in self.security_schemes else found | {401})

    @cached_property
    def documents_refusals(self) -> bool:
        """True if the contract describes the body of an error response."""
        return any(
            self.resolve_reference(response).get("content")
            for status, response in self.raw["responses"].items()
            if status.startswith("4")
        )

    def why_status_not_binding(self, status: str, strictness: Strictness) -> str:
        """Return why a server need not have a response with this status; empty if it must."""
        response = self.resolve_reference(self.raw["responses"][status])
        if response.get(BY_READING_KEY):
            return "it depends on an open question"
        whole = strictness.why_not_binding(response, "*")
        return whole or strictness.why_not_binding(self.raw, f"responses/{status}")

    def is_success(self, status: int) -> bool:
        """Return whether this status is allowed for a request that was carried out."""
        return status == 200 or (ANY_SUCCESS in self.raw["responses"] and 200 <= status < 300)

    def declared_response(self, status: int) -> dict[str, Any]:
        """Return the response that the contract declares for a status; empty if there is none."""
        declared = self.raw["responses"]
        found = declared.get(str(status), declared.get(f"{status // 100}XX", {}))
        return self.resolve_reference(found)

    @cached_property
    def rules(self) -> frozenset[str]:
        """Ids of the business rules that govern the operation."""
        return frozenset(self.raw.get("x-rules", ()))

    @cached_property
    def refusing_rules(self) -> frozenset[str]:
        """Rules that can reject data which the schemas accept.

        Rules that a schema keyword states already are not among them, nor rules about the access
        token: valid data with a valid token never breaks either kind.
        """
        all_rules = self.contract["x-rules"]
        can_refuse = {
            rule
            for rule in self.rules
            if all_rules[rule]["kind"] == "refusal" and all_rules[rule]["operations"] != "secured"
        }
        found = can_refuse - (self._rules_in_schemas() - PARTLY_STATED_RULES)
        if self.strictness.may_follow("start-in-the-past", "refused"):
            found |= self.rules.intersection(readings()["start-in-the-past"].rules)
        return frozenset(found)

    def invalid_date_times(self, status: int, media_type: str, body: Any) -> list[tuple[str, str]]:
        """Return pointer and text of every impossible date-time in a response (30 February)."""
        content = self.declared_response(status).get("content", {})
        if "schema" not in content.get(media_type, {}):
            return []
        validator = self._validators.get((status, media_type))
        if validator is None:
            validator = self.compile_schema(content[media_type]["schema"])
            # Compiling takes far longer than validating, and a response is validated hundreds of
            # times.
            self._validators[status, media_type] = validator
        return [
            (pointer_of(error.instance_path), str(error.instance))
            for error in validator.iter_errors(body)
            if getattr(error.kind, "format", None) == DATE_TIME
        ]

    def has_problem_response(self, status: int) -> bool:
        """Return whether the response with this status is a problem document."""
        found = self.resolve_reference(self.raw["responses"].get(str(status), {}))
        return "application/problem+json" in found.get("content", {})

    def is_valid_form(self, fields: dict[str, Any]) -> bool:
        """Return whether a form with these fields is valid; the content of a file always is."""
        schema = self.resolve_reference(
            self.raw["requestBody"]["content"][MULTIPART_FORM]["schema"]
        )
        parts = {
            name: {} if part.get("format") == "binary" else part
            for name, part in schema["properties"].items()
        }
        return bool(self.compile_schema({**schema, "properties": parts}).is_valid(fields))

    def resolve_reference(self, node: dict[str, Any]) -> dict[str, Any]:
        """Return a node, or the node that its reference leads to in the bundle."""
        while "$ref" in node:
            node = resolve_pointer(self.contract, node["$ref"])
        return node

    def iter_subschemas(self, schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Yield a schema and all those for the same value, including every alternative."""
        found = self.resolve_reference(schema)
        yield found
        for part in combined_schemas(found):
            yield from self.iter_subschemas(part)

    @cached_property
    def _validators(self) -> dict[tuple[int, str], jsonschema_rs.Draft4Validator]:
        return {}

    def compile_schema(self, schema: dict[str, Any]) -> jsonschema_rs.Draft4Validator:
        """Return a validator for a schema of this contract; it ignores `nullable`."""
        whole = {**schema, "components": self.contract["components"]}
        return jsonschema_rs.Draft4Validator(
            whole, validate_formats=True, formats={DATE_TIME: is_date_time}
        )

    def _rules_in_schemas(self) -> set[str]:
        """Return the rules stated by keywords of parameters and body (`x-rules` in a schema)."""
        stated = (node.get("x-rules") for node in self.iter_request_nodes())
        return {rule for each in stated if isinstance(each, dict) for rule in each.values()}

    def iter_request_nodes(self) -> Iterator[dict[str, Any]]:
        """Yield every object by which the contract describes parameters and body."""
        parameters = self.item.get("parameters", []) + self.raw.get("parameters", [])
        roots = ((parameters, "[parameter"), (self.raw.get("requestBody", {}), "requestBody"))
        for root, kind in roots:
            yield from (node for *_, node in walk_nodes(root, kind, document=self.contract))


def operations(strictness: Strictness = CURATED) -> dict[str, Operation]:
    """Return every operation of the contract by operationId, from one cached table."""
    return _load_operations(strictness)


# One entry for each strictness, with and without demanded answers.
@lru_cache(maxsize=8)
def _load_operations(strictness: Strictness) -> dict[str, Operation]:
    return operations_of_contract(build_contract_to_check(strictness), strictness)


def operations_of_contract(
    contract: dict[str, Any], strictness: Strictness
) -> dict[str, Operation]:
    """Return every operation of a contract by operationId."""
    found = (Operation(contract, *declared, strictness) for declared in iter_operations(contract))
    return {operation.name: operation for operation in found}


@lru_cache(maxsize=1)
def rules() -> dict[str, dict[str, Any]]:
    """Return every business rule of the contract by id: `kind`, `zh`, `en`, `operations`, ..."""
    found: dict[str, dict[str, Any]] = next(iter(operations().values())).contract["x-rules"]
    return found


def governed_operations(rule: str) -> frozenset[str]:
    """Return the operationIds of the operations that a rule governs."""
    return frozenset(each.name for each in operations().values() if rule in each.rules)


def select_operations(names: frozenset[str]) -> list[Operation]:
    """Return the operations with these operationIds and tags; all of them for no name.

    Raises LookupError for the first name that is neither, nor the id of a rule.
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
    """Return the rules that are named or govern only named operations; all of them for no name."""
    chosen = {operation.name for operation in select_operations(names)}
    return [
        rule
        for rule in rules()
        if not names or rule in names or governed_operations(rule) <= chosen
    ]


def operation_ids_by_label() -> dict[str, str]:
    """Return the operationIds by Schemathesis' labels of the operations (`GET /oauth/token`)."""
    return {operation.label: operation.name for operation in operations().values()}
