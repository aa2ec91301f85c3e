"""The contract as it is published: with what generators and API desks read beside the standard."""

from __future__ import annotations

from typing import Any

from openapi.client_documents import client_document
from openapi.contract_loading import Language, StrictnessLevel, load
from openapi.enum_meanings import add_enum_meanings, describe_enum_values
from openapi.walking import iter_operations

APIFOX_STATUS = {False: "released", True: "deprecated"}
"""`x-apifox-status` of an operation, by whether it is deprecated."""


def published_document(
    client: str | None = None, *, lang: Language = "zh", strictness: StrictnessLevel = "curated"
) -> dict[str, Any]:
    """Return the whole contract, or the document for generators of the clients of one host.

    client: `auth` or `business` (decision A2). Enum values have names and meanings in the whole
    contract as extensions, for clients also in descriptions; in the whole contract, operations have
    folders and statuses for Apifox.
    Raises ContractError.
    """
    document = load(lang=lang, strictness=strictness)
    add_enum_meanings(document)
    if client is None:
        _add_apifox_extensions(document)
        return document
    document = client_document(document, client)
    describe_enum_values(document)
    return document


def _add_apifox_extensions(document: dict[str, Any]) -> None:
    """Give each operation its folder in Apifox, which is the displayed name of its tag."""
    folders = {
        tag["name"]: _folder_name(tag.get("x-displayName", tag["name"])) for tag in document["tags"]
    }
    for *_, operation in iter_operations(document):
        operation["x-apifox-folder"] = folders[operation["tags"][0]]
        operation["x-apifox-status"] = APIFOX_STATUS[operation.get("deprecated", False)]


def _folder_name(name: str) -> str:
    """Return a name as one folder: Apifox reads `/` as the separator of folders."""
    return name.replace("\\", "\\\\").replace("/", "\\/")
