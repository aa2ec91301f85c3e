"""The reference: all operations and schemas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from openapi.documentation.edition import Edition
from openapi.documentation.fields import Field, NamedSchema
from openapi.documentation.markdown import Section
from openapi.documentation.names import REFERENCE, schema_anchor
from openapi.documentation.operations import Operation
from openapi.documentation.page import NavigationGroup, NavigationItem, Page
from openapi.documentation.samples import ADDRESS, CLIENT, TOKEN, TOKEN_ADDRESS

CONVENTIONS_ANCHOR, LEGEND_ANCHOR, SCHEMAS_ANCHOR = "conventions", "marks", "schemas"
MANY_OPERATIONS = 8
"""Number of operations above which a rule counts as general."""


def build_reference(edition: Edition) -> Page:
    """Return the page."""
    texts, contract = edition.texts, edition.contract
    schemas = tuple(edition.schemas.named_schemas())
    groups = [
        (tag, tuple(each for each in edition.operations if each.tag == tag["name"]))
        for tag in contract["tags"]
    ]
    return Page(
        REFERENCE,
        REFERENCE,
        texts.reference,
        "reference.html",
        {
            "info": contract["info"],
            "info_marks": edition.provenance.read(contract["info"]),
            "security_marks": edition.provenance.read(
                {"x-inferred": contract.get("x-inferred", {})}
            ),
            "servers": [
                (server, edition.provenance.read(server)) for server in contract["servers"]
            ],
            "schemes": [
                (name, scheme, edition.provenance.read(scheme))
                for name, scheme in contract["components"]["securitySchemes"].items()
            ],
            "groups": groups,
            "schemas": schemas,
            "rules": contract["x-rules"],
            "general": _general_rules(edition.operations),
            "rule_marks": {
                name: [edition.provenance.mark(each) for each in rule.get("inferred", ())]
                for name, rule in contract["x-rules"].items()
            },
            "variables": (ADDRESS, TOKEN_ADDRESS, TOKEN, CLIENT),
        },
        tuple(_navigation(edition, groups, schemas)),
        tuple(_sections(edition, schemas)),
    )


def _general_rules(operations: tuple[Operation, ...]) -> frozenset[str]:
    """Return the rules that so many operations have that they are shown folded."""
    counts = Counter(rule for operation in operations for rule in operation.rules)
    return frozenset(rule for rule, count in counts.items() if count > MANY_OPERATIONS)


def _navigation(
    edition: Edition,
    groups: list[tuple[dict[str, str], tuple[Operation, ...]]],
    schemas: tuple[NamedSchema, ...],
) -> Iterator[NavigationGroup]:
    texts = edition.texts
    yield NavigationGroup(texts.conventions, f"#{CONVENTIONS_ANCHOR}")
    yield NavigationGroup(texts.legend, f"#{LEGEND_ANCHOR}")
    for tag, operations in groups:
        items = (NavigationItem(each.summary, f"#{each.id}", each.method) for each in operations)
        title = tag.get("x-displayName", tag["name"])
        yield NavigationGroup(title, f"#{tag['name']}", tuple(items))
    items = (NavigationItem(each.name, f"#{schema_anchor(each.name)}") for each in schemas)
    yield NavigationGroup(texts.schemas, f"#{SCHEMAS_ANCHOR}", tuple(items))


def _sections(edition: Edition, schemas: tuple[NamedSchema, ...]) -> Iterator[Section]:
    texts, info = edition.texts, edition.contract["info"]
    plain = edition.markdown.plain_text
    yield Section(texts.conventions, CONVENTIONS_ANCHOR, plain(info["description"]))
    for operation in edition.operations:
        fields = (field for _, fields in operation.parameters for field in fields)
        text = "\n".join(
            (
                f"{operation.method.upper()} {operation.path} {operation.id}",
                plain(operation.text),
                *(_field_text(field) for field in fields),
            )
        )
        yield Section(operation.summary, operation.id, text)
    for schema in schemas:
        text = "\n".join(
            (
                plain(schema.text),
                *(_value_texts(schema.field)),
                *(_field_text(field) for field in schema.fields),
            )
        )
        yield Section(schema.name, schema_anchor(schema.name), text)


def _field_text(field: Field) -> str:
    """Return a line for the field, for each of its values, and for the fields within it."""
    inner = (_field_text(child) for child in field.children)
    own = f"{field.name} {field.description.striptags()}"
    return "\n".join((own, *_value_texts(field), *inner))


def _value_texts(field: Field) -> Iterator[str]:
    for value in field.values:
        yield f"{value.value} {value.meaning}"
