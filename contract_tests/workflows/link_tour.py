"""A tour along every link of the contract, from its own examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from requests import PreparedRequest
from schemathesis import Case, Response

from contract_tests.contract.api_entry import Kind
from contract_tests.contract.api_lookup import creators
from contract_tests.contract.links import Link, links_between
from contract_tests.contract.operations import FORM, Operation, operations
from contract_tests.runner.run import Run
from contract_tests.safety.request_inspection import references
from contract_tests.workflows.examples import days_since, moved
from contract_tests.workflows.reference_substitution import list_of, referring
from contract_tests.workflows.step_observer import Witness


class Success(NamedTuple):
    """A request that succeeded, its answer, and the requests that led to it."""

    case: Case[Any]
    response: Response
    before: tuple[PreparedRequest, ...]


class Request(NamedTuple):
    """A request to send: its parts, the requests that led to it, and the link that did."""

    operation: Operation
    parts: Mapping[str, Any]
    before: tuple[PreparedRequest, ...] = ()
    link: Link | None = None


class Tour:
    """Takes the first success of each operation and follows all links from there, each once.

    An operation that no link has led to with success is sent its example; one that is refused
    because it names what is not there is sent again, with what the tour has made. What deletes
    comes last: what it takes away would be missed.
    """

    def __init__(self, run: Run) -> None:
        """Tour the operations of this run."""
        self._run = run
        self._witness = Witness(run)
        self._successes: dict[str, list[Success]] = {}
        self._missed: list[Link] = []
        self._refused: list[Request] = []
        self._list: int | None = None
        self._days = days_since(run)
        self._links = [
            replace(link, body=moved(link.body, self._days))
            for link in links_between(run.generated)
        ]
        self._unsent = {each.name: each for each in run.generated if each.method != "delete"}

    def follow_all(self) -> None:
        """Follow every link that an answer gives something to follow with."""
        for operation in [each for each in self._unsent.values() if "{" not in each.path]:
            self._start(operation)
        left = self._follow([link for link in self._links if link.target.method != "delete"])
        self._send_again()
        self._follow(left)
        self._follow_anew()
        for link in self._missed:
            self._look_elsewhere(link)
        self._follow([link for link in self._links if link.target.method == "delete"])

    def _follow(self, links: list[Link]) -> list[Link]:
        """Follow these links; returns those whose source has never succeeded."""
        while links:
            ready = [link for link in links if link.source.name in self._successes]
            links = [link for link in links if link not in ready]
            for link in ready:
                self._step(link)
            if not ready:
                stuck = [link.source for link in links if link.source.name in self._unsent]
                if not stuck:
                    break
                self._start(stuck[0])
        return links

    def _send_again(self) -> None:
        """Send again what was refused, with ids of our own for those that the examples name."""
        if self._run.plan.profile != "full" or self._run.plan.reach:
            return
        for refused in self._refused[:]:
            try:
                body = referring(refused.parts["body"], self._own)
            except LookupError:  # nothing of that kind was made
                continue
            self._send(refused._replace(parts={**refused.parts, "body": body}))

    def _follow_anew(self) -> None:
        """Read again the lists that named nothing; by now something was made for them to name."""
        missed, self._missed = self._missed, []
        for source in {link.source.name: link.source for link in missed}.values():
            again = [link for link in missed if link.source is source]
            if source.method == "get" and "{" not in source.path:
                del self._successes[source.name]
                self._send(Request(source, self._example(source)))
                again = self._follow(again)
            self._missed += again

    def _look_elsewhere(self, missed: Link) -> None:
        """Follow a link from another answer of its source, if one gives something to follow with.

        The first task has members, the second one files, and a link leads from there to a file.
        """
        for way in [link for link in self._links if link.target is missed.source]:
            for success in self._successes.get(way.source.name, ())[1:]:
                self._take(way, success)
        for success in self._successes.get(missed.source.name, ())[1:]:
            if self._take(missed, success):
                return

    def _start(self, operation: Operation) -> None:
        del self._unsent[operation.name]
        if operation.name not in self._successes:
            self._send(Request(operation, self._example(operation)))

    def _step(self, link: Link) -> None:
        if not self._take(link, self._successes[link.source.name][0]):
            self._missed.append(link)

    def _take(self, link: Link, source: Success) -> bool:
        """Follow a link from an answer; False when that gives nothing to follow it with."""
        parts = link.request(source.case, source.response, self._example(link.target))
        if parts is not None:
            before = (*source.before, source.response.request)
            self._send(Request(link.target, parts, before, link))
        return parts is not None

    def _example(self, operation: Operation) -> dict[str, Any]:
        found: dict[str, Any] = moved(operation.example, self._days)
        return found

    def _send(self, request: Request) -> None:
        operation, parts, before, link = request
        case = self._run.schema[operation.path][operation.method].Case(
            path_parameters=dict(parts["path"]),
            query=dict(parts["query"]),
            **{key: parts[key] for key in ("body", "media_type") if key in parts},
        )
        response = self._run.send(case)
        if link and (response is not None or self._run.caller.ledger.repeated):
            self._run.followed[str(link)] += 1
        if response is None:
            self._witness.unanswered(case)
            return
        is_named = link is not None and link.names_its_target
        is_there = is_named and not self._witness.shadow.is_deleted(case)
        self._witness.judge(case, response, before=before, link=link if is_there else None)
        if response.status_code < 300:
            found = self._successes.setdefault(operation.name, [])
            found.append(Success(case, response, before))
        elif response.status_code in (400, 404) and [*references(parts.get("body"))]:
            self._refused.append(request)

    def _own(self, kind: Kind) -> int:
        """The id of something of this kind that the tour has made; raises LookupError."""
        if kind == "file":  # the example is a text; what refers to a file wants a member list
            return self._member_list()
        return _id_of(self._successes[creators()[kind]])

    def _member_list(self) -> int:
        if self._list is None:
            operation = operations()[creators()["file"]]
            if operation not in self._run.generated:
                raise LookupError(operation.name)
            content = list_of(f"{self._run.rulebook.prefix}tour")
            body = {**self._example(operation)["body"], "file": content}
            before = len(self._successes.get(operation.name, ()))
            self._send(
                Request(operation, {"path": {}, "query": {}, "body": body, "media_type": FORM})
            )
            self._list = _id_of(self._successes[operation.name][before:])
        return self._list


def _id_of(made: Sequence[Success]) -> int:
    """The id that the first of these answers gives; raises LookupError."""
    try:
        return int(made[0].response.json()["id"])
    except (TypeError, ValueError):
        raise LookupError("id") from None
