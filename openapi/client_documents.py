"""Documents for client generators: one for each server of the contract.

Generators ignore the servers of a path, or write them into the client, where no setting reaches
them. A document for clients therefore has the operations of one server, and this server at its root
only (decision A2). The clients of a contract, with their titles, are at its root in `x-clients`.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from openapi.document_shape import CLIENTS_KEY
from openapi.loader import ContractError
from openapi.pointer import follow_references, resolve_pointer, split_pointer
from openapi.walking import iter_operations, iter_references, walk_nodes

REMOVED_KEYS = (
    *("x-inferred", "x-source", "x-rules"),
    *("x-enumDescriptions", "x-apifox-enum"),
)
"""Extensions for readers of the whole contract and for API desks."""
JsonObject = dict[str, Any]


def client_document(contract: JsonObject, name: str) -> JsonObject:
    """Return the document of the client `name`, made from a bundled contract, which is changed.

    It has no provenance, no components that are not used, and no links to operations of another
    client. All parameters stand in their operations: @umijs/openapi loses references to parameters.
    Raises ContractError if the contract has no such client, or no operation at its server.
    """
    client = contract.get(CLIENTS_KEY, {}).get(name)
    if client is None:
        raise ContractError("the contract", f"/{CLIENTS_KEY}", f"there is no client {name}")
    paths, servers = _operations_at(contract, client["server"])
    if not paths:
        raise ContractError(
            "the contract", f"/{CLIENTS_KEY}/{name}", f"no operation is at {client['server']}"
        )
    operations = [operation for *_, operation in iter_operations({"paths": paths})]
    tags = {tag for operation in operations for tag in operation.get("tags", ())}
    root = contract.get("security", [])
    requirements = [need for each in operations for need in each.get("security", root)]
    info = contract["info"] | {"title": client["title"], "description": client["description"]}
    document = {
        "openapi": contract["openapi"],
        "info": info,
        "servers": servers,
        "security": [need for need in root if need in requirements],
        "tags": [tag for tag in contract.get("tags", ()) if tag["name"] in tags],
        "paths": paths,
        "components": _used_components(contract, paths, requirements),
    }
    if not document["security"]:
        del document["security"]
    _remove_foreign_links(document, {each["operationId"] for each in operations})
    _remove_extensions(document)
    return document


def _operations_at(contract: Mapping[str, Any], url: str) -> tuple[JsonObject, list[JsonObject]]:
    """Return the paths with the operations at a server, and this server; no path names it."""
    paths: JsonObject = {}
    found: list[JsonObject] = []
    for path, method, item, operation in iter_operations(contract):
        servers = operation.get("servers") or item.get("servers") or contract["servers"]
        if [server["url"] for server in servers] == [url]:
            if path not in paths:
                shared = ("summary", "description")
                paths[path] = {key: item[key] for key in shared if key in item}
            paths[path][method] = {k: v for k, v in operation.items() if k != "servers"}
            parameters = [*item.get("parameters", ()), *operation.get("parameters", ())]
            if parameters:
                resolved = [follow_references(contract, each) for each in parameters]
                paths[path][method]["parameters"] = deepcopy(resolved)
            found = servers
    return paths, found


def _used_components(
    contract: Mapping[str, Any], paths: JsonObject, requirements: list[JsonObject]
) -> JsonObject:
    """Return the components that the paths refer to, and the security schemes that they require."""
    used: set[str] = set()
    waiting = [*iter_references(paths)]
    while waiting:
        reference = waiting.pop()
        if reference not in used:
            used.add(reference)
            waiting += iter_references(resolve_pointer(contract, reference))
    # A discriminator also names its schemas, but `oneOf` has references to them.
    schemes = {scheme for need in requirements for scheme in need}
    used |= {f"#/components/securitySchemes/{scheme}" for scheme in schemes}
    names = {tuple(split_pointer(reference)[1:]) for reference in used}
    kept = {
        section: {name: each for name, each in entries.items() if (section, name) in names}
        for section, entries in contract["components"].items()
    }
    return {section: entries for section, entries in kept.items() if entries}


def _remove_foreign_links(document: JsonObject, operations: set[str]) -> None:
    for _, kind, node in walk_nodes(document):
        if kind == "response" and "links" in node:
            links = node["links"]
            node["links"] = {
                n: each for n, each in links.items() if each["operationId"] in operations
            }
            if not node["links"]:
                del node["links"]


def _remove_extensions(document: JsonObject) -> None:
    # Info and servers are plain data for a walk; servers have variables, which have marks, too.
    servers = document["servers"]
    variables = [each for server in servers for each in server.get("variables", {}).values()]
    nodes = [node for _, _, node in walk_nodes(document)]
    for node in (document["info"], *servers, *variables, *document["tags"], *nodes):
        for key in REMOVED_KEYS:
            node.pop(key, None)
