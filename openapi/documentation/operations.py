"""Operations as the reference shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from openapi.contract_loading import Language
from openapi.documentation.fields import Field, SchemaReader, Shape, plain_value
from openapi.documentation.markdown import MarkdownRenderer
from openapi.documentation.provenance import Provenance, ProvenanceReader
from openapi.documentation.samples import curl_command, format_value, output_file
from openapi.rules import RULES_HEADING
from openapi.walking import DeclaredOperation, iter_operations

JsonObject = Mapping[str, Any]
PARAMETER_PLACES = ("path", "query", "header")
COMPONENT_RESPONSES = "#/components/responses/"


@dataclass(frozen=True, slots=True)
class Example:
    """An example: its summary, its value as text, and the rules that an error refers to."""

    summary: str
    text: str
    rules: tuple[str, ...] = ()
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class Variant:
    """One of the schemas of which a body matches exactly one."""

    name: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """A body of one media type: its shape, and its fields if it is an object."""

    media_type: str
    shape: Shape
    fields: tuple[Field, ...]
    variants: tuple[Variant, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A link to the operation that can follow: where its parameters come from."""

    operation: str
    summary: str
    description: Markup
    values: tuple[tuple[str, str], ...]
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Response:
    """A response; `shared` is true if the error catalogue shows its examples."""

    status: str
    description: Markup
    shared: bool
    provenance: Provenance
    headers: tuple[Field, ...]
    contents: tuple[Content, ...]
    examples: tuple[Example, ...]
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class RequestBody:
    """The body of a request."""

    required: bool
    description: Markup
    provenance: Provenance
    contents: tuple[Content, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation.

    scheme: `basic`, `bearer` or None; servers: addresses other than the contract's; parameters: by
    their place; samples: curl commands, one for each example of the body; rules: ids.
    """

    id: str
    tag: str
    method: str
    path: str
    summary: str
    description: Markup
    text: str
    deprecated: bool
    scheme: str | None
    servers: tuple[str, ...]
    provenance: Provenance
    parameters: tuple[tuple[str, tuple[Field, ...]], ...]
    body: RequestBody | None
    rules: tuple[str, ...]
    responses: tuple[Response, ...]
    samples: tuple[Example, ...]


class OperationReader:
    """Reads the operations of one contract."""

    def __init__(
        self,
        contract: JsonObject,
        lang: Language,
        markdown: MarkdownRenderer,
        provenance: ProvenanceReader,
        schemas: SchemaReader,
        summaries: Mapping[str, str],
    ) -> None:
        """Take the contract, what renders its texts, marks and schemas, and summaries by id."""
        self._contract, self._lang, self._markdown = contract, lang, markdown
        self._provenance, self._schemas, self._summaries = provenance, schemas, summaries

    def operations(self) -> Iterator[Operation]:
        """Yield the operations in the order of the contract's tags."""
        found = [*iter_operations(self._contract)]
        for tag in self._contract["tags"]:
            yield from (
                self._read(each) for each in found if each.operation["tags"][0] == tag["name"]
            )

    def response(self, status: str, declared: JsonObject, owner: JsonObject) -> Response:
        """Return a response of an operation, or one of the components with an empty owner."""
        node = self._schemas.resolve(declared)
        contents = node.get("content", {})
        headers = (
            self._parameter({**self._schemas.resolve(header), "name": name}, node)
            for name, header in node.get("headers", {}).items()
        )
        return Response(
            status,
            self._markdown.render_inline(node["description"]),
            declared.get("$ref", "").startswith(COMPONENT_RESPONSES),
            self._provenance.read(node, owner, f"responses/{status}"),
            tuple(headers),
            tuple(self._content(name, media) for name, media in contents.items()),
            tuple(self._examples(contents)),
            tuple(self._link(link) for link in node.get("links", {}).values()),
        )

    def _read(self, declared: DeclaredOperation) -> Operation:
        path, method, item, operation = declared
        nodes = [
            self._schemas.resolve(each)
            for each in (*item.get("parameters", ()), *operation.get("parameters", ()))
        ]
        scheme = self._scheme(operation)
        text = operation.get("description", "").partition(RULES_HEADING[self._lang])[0].strip()
        return Operation(
            operation["operationId"],
            operation["tags"][0],
            method,
            path,
            operation["summary"],
            self._markdown.render(text),
            text,
            bool(operation.get("deprecated")),
            scheme,
            tuple(
                server["url"] for owner in (operation, item) for server in owner.get("servers", ())
            ),
            self._provenance.read(operation),
            tuple(
                (place, tuple(self._parameter(each, {}) for each in nodes if each["in"] == place))
                for place in PARAMETER_PLACES
                if any(each["in"] == place for each in nodes)
            ),
            self._body(operation),
            tuple(operation.get("x-rules", ())),
            tuple(
                self.response(status, response, operation)
                for status, response in operation["responses"].items()
            ),
            tuple(self._samples(declared, nodes, scheme)),
        )

    def _scheme(self, operation: JsonObject) -> str | None:
        needed = operation.get("security", self._contract.get("security", ()))
        schemes = self._contract["components"]["securitySchemes"]
        names = [name for each in needed for name in each]
        return str(schemes[names[0]]["scheme"]) if names else None

    def _parameter(self, node: JsonObject, parent: JsonObject) -> Field:
        """Return a parameter or a header, whose marks and rules stand beside its schema's."""
        name, required = node["name"], bool(node.get("required"))
        base = self._schemas.field(name, node["schema"], required=required)
        provenance = self._provenance.read(node, parent, f"headers/{name}")
        known = {each.rule for each in base.constraints}
        own_rules = node.get("x-rules", {})
        rules = [rule for key, rule in own_rules.items() if key != "required" and rule not in known]
        return replace(
            base,
            required_rule=own_rules.get("required"),
            deprecated=bool(node.get("deprecated")) or base.deprecated,
            description=self._markdown.render(node.get("description", "")),
            rules=tuple(dict.fromkeys((*base.rules, *rules))),
            example=plain_value(node["example"]) if "example" in node else base.example,
            provenance=provenance.with_marks(base.provenance.marks),
        )

    def _body(self, operation: JsonObject) -> RequestBody | None:
        body = operation.get("requestBody")
        if body is None:
            return None
        return RequestBody(
            bool(body.get("required")),
            self._markdown.render_inline(body.get("description", "")),
            self._provenance.read(body),
            tuple(self._content(name, media) for name, media in body["content"].items()),
        )

    def _content(self, media_type: str, media: JsonObject) -> Content:
        schema = media.get("schema", {})
        field = self._schemas.field("", schema)
        target = self._schemas.resolve(schema)
        items = target.get("items", {})
        variants = tuple(
            Variant(each["$ref"].rpartition("/")[2], self._schemas.fields_of(each))
            for each in target.get("oneOf", ())
        )
        return Content(media_type, field.shape, self._schemas.fields_of(items or schema), variants)

    def _examples(self, contents: JsonObject) -> Iterator[Example]:
        for media_type, media in contents.items():
            for example in media.get("examples", {}).values():
                found = self._schemas.resolve(example)
                value = found.get("value")
                errors = value.get("errors", ()) if isinstance(value, Mapping) else ()
                rules = tuple(dict.fromkeys(str(each.get("rule")) for each in errors))
                text = format_value(value)
                yield Example(found.get("summary", ""), text, rules, media_type)

    def _link(self, link: JsonObject) -> Link:
        name = link["operationId"]
        values = (
            (key.rpartition(".")[2], value) for key, value in link.get("parameters", {}).items()
        )
        description = self._markdown.render_inline(link.get("description", ""))
        provenance = self._provenance.read(link)
        return Link(name, self._summaries[name], description, tuple(values), provenance)

    def _samples(
        self, declared: DeclaredOperation, parameters: list[JsonObject], scheme: str | None
    ) -> Iterator[Example]:
        body = declared.operation.get("requestBody", {})
        for media_type, media in body.get("content", {}).items():
            for example in media.get("examples", {}).values():
                found = self._schemas.resolve(example)
                command = curl_command(
                    declared.method, declared.path, parameters, scheme, media_type, found["value"]
                )
                yield Example(found.get("summary", ""), command)
        if not body:
            output = output_file(declared.operation["responses"])
            command = curl_command(
                declared.method, declared.path, parameters, scheme, output=output
            )
            yield Example("", command)
