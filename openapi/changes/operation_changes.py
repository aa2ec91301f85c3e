"""Changes of operations: their addresses, parameters, request bodies and responses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from openapi.changes.change import BOTH, CLIENT, NEITHER, Change, Reader
from openapi.changes.payload_changes import PartChange, PayloadComparison
from openapi.changes.schema_merging import Located, follow_reference
from openapi.changes.texts import is_text
from openapi.pointer import child_pointer, pointer_of
from openapi.walking import iter_operations, iter_references

PATH_VARIABLE = re.compile(r"\{([^}]*)\}")
_COMPARED_ELSEWHERE = frozenset(
    {
        *("operationId", "parameters", "requestBody", "responses"),
        *("deprecated", "tags", "security", "servers"),
    }
)
SHARED_SERVERS = "that of the contract"
Requirement = Mapping[str, list[str]]


class Operation(NamedTuple):
    """An operation with its address.

    parameters: by place and name, those of its path included; servers: those of the operation or
    its path, empty if it has those of the whole contract.
    """

    document: Mapping[str, Any]
    path: str
    method: str
    node: Located
    parameters: Mapping[tuple[str, str], Located]
    servers: list[str]

    @property
    def name(self) -> str:
        """Return the operationId, or method and path."""
        return str(self.node.value.get("operationId", f"{self.method.upper()} {self.path}"))

    @property
    def address(self) -> tuple[str, str]:
        """Return method and path without the names of its variables."""
        return self.method, PATH_VARIABLE.sub("{}", self.path)

    @property
    def security(self) -> list[Requirement]:
        """Return the alternative requirements, one of which a request has to meet."""
        default = self.document.get("security", [])
        found = self.node.value.get("security", default)
        return found or [{}]


def operations_of(document: Mapping[str, Any]) -> dict[str, Operation]:
    """Return the operations of a document by name."""
    found = {}
    for path, method, item, value in iter_operations(document):
        node = Located(pointer_of(["paths", path, method]), value)
        parameters: dict[tuple[str, str], Located] = {}
        for owner, pointer in ((item, pointer_of(["paths", path])), (value, node.pointer)):
            place = child_pointer(pointer, "parameters")
            for index, each in enumerate(owner.get("parameters", ())):
                parameter = follow_reference(document, Located(child_pointer(place, index), each))
                parameters[parameter.value["in"], parameter.value["name"]] = parameter
        servers = value.get("servers") or item.get("servers") or []
        urls = [str(server.get("url")) for server in servers]
        operation = Operation(document, path, method, node, parameters, urls)
        found[operation.name] = operation
    return found


def compare_operations(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    """Yield the changes of all operations, matched by operationId or else by address."""
    before, after = operations_of(old), operations_of(new)
    matched = {name: after[name] for name in before if name in after}
    by_address = {each.address: each for name, each in after.items() if name not in before}
    for name, operation in before.items():
        if name not in matched and operation.address in by_address:
            matched[name] = by_address[operation.address]
    changed = _changed_components(old, new)
    for name, operation in before.items():
        if name in matched:
            if not _is_same(operation, matched[name], changed):
                yield from _compare_operation(operation, matched[name])
        else:
            sentence = "the operation is removed"
            yield Change(operation.node.pointer, sentence, CLIENT, operations=(name,))
    known = {each.name for each in matched.values()}
    for name, operation in after.items():
        if name not in known:
            yield Change(operation.node.pointer, "the operation is added", operations=(name,))


def _changed_components(old: Mapping[str, Any], new: Mapping[str, Any]) -> set[str]:
    """Return references to all components that changed, or that refer to one that did."""
    before, after = old.get("components", {}), new.get("components", {})
    users: dict[str, set[str]] = {}
    changed: set[str] = set()
    for section, entries in after.items():
        for name, entry in entries.items():
            reference = f"#{pointer_of(['components', section, name])}"
            for target in iter_references(entry):
                users.setdefault(target, set()).add(reference)
            if before.get(section, {}).get(name) != entry:
                changed.add(reference)
    found, pending = set(changed), [*changed]
    while pending:
        more = users.get(pending.pop(), set()) - found
        found |= more
        pending.extend(more)
    return found


def _is_same(old: Operation, new: Operation, changed: set[str]) -> bool:
    """Return whether two operations are equal, with all that they refer to."""
    # Most are, and a comparison of all their schemas takes long.
    return (
        (old.path, old.method) == (new.path, new.method)
        and (old.security, old.servers) == (new.security, new.servers)
        and old.node == new.node
        and old.parameters == new.parameters
        and changed.isdisjoint(iter_references([new.node.value, *new.parameters.values()]))
    )


def _compare_operation(old: Operation, new: Operation) -> Iterator[Change]:
    label, pointer = (new.name,), new.node.pointer

    def changed(sentence: str, breaks: frozenset[Reader], *tokens: str) -> Change:
        below = pointer
        for token in tokens:
            below = child_pointer(below, token)
        return Change(below, sentence, breaks, operations=label)

    if old.name != new.name:
        sentence = f"the operationId changes from {old.name}: generated clients rename the call"
        yield changed(sentence, CLIENT, "operationId")
    if old.address != new.address:
        before, after = (f"{each.method.upper()} {each.path}" for each in (old, new))
        yield changed(f"the address changes from {before} to {after}", BOTH)
    was_deprecated, is_deprecated = (bool(each.node.value.get("deprecated")) for each in (old, new))
    if was_deprecated != is_deprecated:
        sentence = f"the operation is {'' if is_deprecated else 'not '}deprecated"
        yield changed(sentence, NEITHER, "deprecated")
    if old.node.value.get("tags") != new.node.value.get("tags"):
        sentence = "the tags change: generated clients move the call to another class"
        yield changed(sentence, CLIENT, "tags")
    if old.servers != new.servers:
        before, after = (", ".join(each.servers) or SHARED_SERVERS for each in (old, new))
        yield changed(f"the server changes from {before} to {after}", CLIENT)
    yield from _compare_security(old, new)
    for part in PayloadComparison(old.document, new.document).compare(
        old.node, new.node, old.parameters, new.parameters, _renamed_variables(old, new)
    ):
        yield _change_of(part, label)
    yield from _compare_rest(old, new, label)


def _renamed_variables(old: Operation, new: Operation) -> dict[str, str]:
    """Return the new name of each variable of the path, matched by position."""
    before, after = (PATH_VARIABLE.findall(each.path) for each in (old, new))
    return dict(zip(before, after, strict=True)) if len(before) == len(after) else {}


def _change_of(part: PartChange, label: tuple[str, ...]) -> Change:
    return Change(part.pointer, part.sentence, part.breaks, part.place, label)


def _compare_security(old: Operation, new: Operation) -> Iterator[Change]:
    pointer = child_pointer(new.node.pointer, "security")
    before, after = old.security, new.security
    label = (new.name,)
    if not all(any(_needs_no_more(one, each) for one in after) for each in before):
        sentence = f"credentials change from {_show(before)} to {_show(after)}"
        yield Change(pointer, sentence, BOTH, operations=label)
    elif not all(any(_needs_no_more(one, each) for one in before) for each in after):
        sentence = f"credentials are also accepted as {_show(after)}"
        yield Change(pointer, sentence, NEITHER, operations=label)


def _needs_no_more(one: Requirement, other: Requirement) -> bool:
    """Return whether a request that meets `other` meets `one`."""
    return all(name in other and {*scopes} <= {*other[name]} for name, scopes in one.items())


def _show(requirements: list[Requirement]) -> str:
    return " or ".join(" and ".join(each) or "none" for each in requirements)


def _compare_rest(old: Operation, new: Operation, label: tuple[str, ...]) -> Iterator[Change]:
    """Yield changes of keywords of the operation that nothing else compares."""
    before, after = old.node.value, new.node.value
    for keyword in {**before, **after}:
        known = keyword in _COMPARED_ELSEWHERE or is_text(keyword)
        if not known and before.get(keyword) != after.get(keyword):
            pointer = child_pointer(new.node.pointer, keyword)
            yield Change(pointer, f"{keyword} changes", BOTH, operations=label)
