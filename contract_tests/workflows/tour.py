"""A tour along every link of the contract, from its own examples."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from requests import PreparedRequest
from schemathesis import Case, Response

from contract_tests.contract import Operation
from contract_tests.run import Run
from contract_tests.workflows.links import Link, links_between
from contract_tests.workflows.witness import Witness


class Success(NamedTuple):
    """A request that succeeded, its answer, and the requests that led to it."""

    case: Case[Any]
    response: Response
    before: tuple[PreparedRequest, ...]


class Tour:
    """Takes the first success of each operation and follows all links from there, each once.

    An operation that no link has led to with success is sent its example. What deletes comes
    last: what it takes away would be missed.
    """

    def __init__(self, run: Run) -> None:
        """Tour the operations of this run."""
        self._run = run
        self._witness = Witness(run)
        self._successes: dict[str, Success] = {}
        self._missed: list[Link] = []
        self._unsent = {each.name: each for each in run.generated if each.method != "delete"}

    def follow_all(self) -> None:
        """Follow every link that an answer gives something to follow with."""
        links = links_between(self._run.generated)
        for operation in [each for each in self._unsent.values() if "{" not in each.path]:
            self._start(operation)
        self._follow([link for link in links if link.target.method != "delete"])
        self._follow_anew()
        self._follow([link for link in links if link.target.method == "delete"])

    def _follow(self, links: list[Link]) -> None:
        while links:
            ready = [link for link in links if link.source.name in self._successes]
            links = [link for link in links if link not in ready]
            for link in ready:
                self._step(link)
            if not ready:
                stuck = [link.source for link in links if link.source.name in self._unsent]
                if not stuck:
                    return
                self._start(stuck[0])

    def _follow_anew(self) -> None:
        """Read again the lists that named nothing; by now something was made for them to name."""
        for source in {link.source.name: link.source for link in self._missed}.values():
            if source.method == "get" and "{" not in source.path:
                del self._successes[source.name]
                self._send(source, source.example, ())
                again = [link for link in self._missed if link.source is source]
                self._follow([link for link in again if source.name in self._successes])

    def _start(self, operation: Operation) -> None:
        del self._unsent[operation.name]
        if operation.name not in self._successes:
            self._send(operation, operation.example, ())

    def _step(self, link: Link) -> None:
        source = self._successes[link.source.name]
        request = link.request(source.case, source.response)
        if request is None:
            self._missed.append(link)
        else:
            self._send(link.target, request, (*source.before, source.response.request), link)

    def _send(
        self,
        operation: Operation,
        request: Mapping[str, Any],
        before: tuple[PreparedRequest, ...],
        link: Link | None = None,
    ) -> None:
        case = self._run.schema[operation.path][operation.method].Case(
            path_parameters=dict(request["path"]),
            query=dict(request["query"]),
            **{key: request[key] for key in ("body", "media_type") if key in request},
        )
        response = self._run.send(case)
        if response is None:
            self._witness.unanswered(case)
            return
        if link:
            self._run.followed[str(link)] += 1
        is_named = link is not None and link.names_its_target
        is_there = is_named and not self._witness.shadow.is_deleted(case)
        self._witness.judge(case, response, before=before, link=link if is_there else None)
        if response.status_code < 300:
            self._successes.setdefault(operation.name, Success(case, response, before))
