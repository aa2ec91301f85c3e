"""A tour along every link of the contract, from its own examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from requests import PreparedRequest
from schemathesis import Case, Response

from contract_tests.contract.api_entry import RecordKind
from contract_tests.contract.api_lookup import create_operations
from contract_tests.contract.links import Link, links_between
from contract_tests.contract.operations import MULTIPART_FORM, Operation, operations
from contract_tests.runner.run import Run
from contract_tests.safety.request_inspection import record_references
from contract_tests.workflows.examples import days_since_examples, shift_dates
from contract_tests.workflows.reference_substitution import one_row_member_list, replace_references
from contract_tests.workflows.step_observer import StepObserver


class SuccessfulCall(NamedTuple):
    """A request that succeeded, its answer, and the requests that led to it."""

    case: Case[Any]
    response: Response
    before: tuple[PreparedRequest, ...]


class TourRequest(NamedTuple):
    """A request to send: its parts, the requests that led to it, and the link that did."""

    operation: Operation
    parts: Mapping[str, Any]
    before: tuple[PreparedRequest, ...] = ()
    link: Link | None = None


class LinkTour:
    """Takes the first success of each operation and follows all links from there, each once.

    An operation that no link has led to with success is sent its example; one that is refused
    because it names what is not there is sent again, with what the tour has made. What deletes
    comes last: what it takes away would be missed.
    """

    def __init__(self, run: Run) -> None:
        """Tour the operations of this run."""
        self._run = run
        self._observer = StepObserver(run)
        self._successes: dict[str, list[SuccessfulCall]] = {}
        self._missed: list[Link] = []
        self._refused: list[TourRequest] = []
        self._list: int | None = None
        self._days = days_since_examples(run)
        self._links = [
            replace(link, body=shift_dates(link.body, self._days))
            for link in links_between(run.generated)
        ]
        self._unsent = {each.name: each for each in run.generated if each.method != "delete"}

    def follow_all(self) -> None:
        """Follow every link that an answer gives something to follow with."""
        for operation in [each for each in self._unsent.values() if "{" not in each.path]:
            self._send_example(operation)
        left = self._follow_links([link for link in self._links if link.target.method != "delete"])
        self._retry_refused()
        self._follow_links(left)
        self._retry_missed_links()
        for link in self._missed:
            self._follow_from_other_success(link)
        self._follow_links([link for link in self._links if link.target.method == "delete"])

    def _follow_links(self, links: list[Link]) -> list[Link]:
        """Follow these links; returns those whose source has never succeeded."""
        while links:
            ready = [link for link in links if link.source.name in self._successes]
            links = [link for link in links if link not in ready]
            for link in ready:
                self._follow_link(link)
            if not ready:
                stuck = [link.source for link in links if link.source.name in self._unsent]
                if not stuck:
                    break
                self._send_example(stuck[0])
        return links

    def _retry_refused(self) -> None:
        """Send again what was refused, with ids of our own for those that the examples name."""
        if self._run.plan.profile != "full" or self._run.plan.reach:
            return
        for refused in self._refused[:]:
            try:
                body = replace_references(refused.parts["body"], self._created_id)
            except LookupError:  # nothing of that kind was made
                continue
            self._send(refused._replace(parts={**refused.parts, "body": body}))

    def _retry_missed_links(self) -> None:
        """Read again the lists that named nothing; by now something was made for them to name."""
        missed, self._missed = self._missed, []
        for source in {link.source.name: link.source for link in missed}.values():
            again = [link for link in missed if link.source is source]
            if source.method == "get" and "{" not in source.path:
                del self._successes[source.name]
                self._send(TourRequest(source, self._shifted_example(source)))
                again = self._follow_links(again)
            self._missed += again

    def _follow_from_other_success(self, missed: Link) -> None:
        """Follow a link from another answer of its source, if one gives something to follow with.

        The first task has members, the second one files, and a link leads from there to a file.
        """
        for way in [link for link in self._links if link.target is missed.source]:
            for success in self._successes.get(way.source.name, ())[1:]:
                self._try_link(way, success)
        for success in self._successes.get(missed.source.name, ())[1:]:
            if self._try_link(missed, success):
                return

    def _send_example(self, operation: Operation) -> None:
        del self._unsent[operation.name]
        if operation.name not in self._successes:
            self._send(TourRequest(operation, self._shifted_example(operation)))

    def _follow_link(self, link: Link) -> None:
        if not self._try_link(link, self._successes[link.source.name][0]):
            self._missed.append(link)

    def _try_link(self, link: Link, source: SuccessfulCall) -> bool:
        """Follow a link from an answer; False when that gives nothing to follow it with."""
        parts = link.request(source.case, source.response, self._shifted_example(link.target))
        if parts is not None:
            before = (*source.before, source.response.request)
            self._send(TourRequest(link.target, parts, before, link))
        return parts is not None

    def _shifted_example(self, operation: Operation) -> dict[str, Any]:
        found: dict[str, Any] = shift_dates(operation.example, self._days)
        return found

    def _send(self, request: TourRequest) -> None:
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
            self._observer.note_unanswered(case)
            return
        is_named = link is not None and link.fills_target_path
        is_there = is_named and not self._observer.model.is_deleted(case)
        self._observer.judge(case, response, before=before, link=link if is_there else None)
        if response.status_code < 300:
            found = self._successes.setdefault(operation.name, [])
            found.append(SuccessfulCall(case, response, before))
        elif response.status_code in (400, 404) and [*record_references(parts.get("body"))]:
            self._refused.append(request)

    def _created_id(self, kind: RecordKind) -> int:
        """The id of something of this kind that the tour has made; raises LookupError."""
        if kind == "file":  # the example is a text; what refers to a file wants a member list
            return self._member_list_id()
        return _first_id(self._successes[create_operations()[kind]])

    def _member_list_id(self) -> int:
        if self._list is None:
            operation = operations()[create_operations()["file"]]
            if operation not in self._run.generated:
                raise LookupError(operation.name)
            content = one_row_member_list(f"{self._run.probe_runner.prefix}tour")
            body = {**self._shifted_example(operation)["body"], "file": content}
            before = len(self._successes.get(operation.name, ()))
            self._send(
                TourRequest(
                    operation, {"path": {}, "query": {}, "body": body, "media_type": MULTIPART_FORM}
                )
            )
            self._list = _first_id(self._successes[operation.name][before:])
        return self._list


def _first_id(made: Sequence[SuccessfulCall]) -> int:
    """The id that the first of these answers gives; raises LookupError."""
    try:
        return int(made[0].response.json()["id"])
    except (TypeError, ValueError):
        raise LookupError("id") from None
