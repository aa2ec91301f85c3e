"""Tour along every link of the contract, starting from its examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from requests import PreparedRequest
from schemathesis import Case, Response

from contract_tests.contract.api_entry import RecordKind
from contract_tests.contract.api_lookup import creating_operation_by_kind
from contract_tests.contract.links import Link, links_between
from contract_tests.contract.operations import MULTIPART_FORM, Operation, operations
from contract_tests.runner.check_run import CheckRun
from contract_tests.safety.request_inspection import record_references
from contract_tests.workflows.example_dates import days_since_examples, shift_dates
from contract_tests.workflows.reference_substitution import (
    one_row_member_list,
    rename_path,
    rename_references,
    replace_references,
)
from contract_tests.workflows.step_observer import StepObserver


class SuccessfulCall(NamedTuple):
    """A successful request with its response and the requests that led to it."""

    case: Case[Any]
    response: Response
    before: tuple[PreparedRequest, ...]


class TourRequest(NamedTuple):
    """A request to be sent: its parts, the requests that led to it, and the link."""

    operation: Operation
    parts: Mapping[str, Any]
    before: tuple[PreparedRequest, ...] = ()
    link: Link | None = None


class LinkTour:
    """Tour that follows every link once, from the first success of its source.

    Operations that no link has reached with success get their example. A request that was refused
    because it refers to a missing record is repeated with records of the tour. Deletions come last,
    since later links would miss what they delete.
    """

    def __init__(self, run: CheckRun) -> None:
        """Prepare a tour of the operations of this run."""
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
        """Follow every link for which a response provides the values."""
        # Operations without an id in their path need nothing that exists, and create what others
        # need.
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
        """Follow these links, and return those whose source never succeeded."""
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
        """Repeat refused requests, with created ids in place of those in the examples."""
        # Within a safety policy, such requests could address people.
        if self._run.plan.profile != "full" or self._run.plan.safety_policy:
            return
        for refused in self._refused[:]:
            try:
                body = replace_references(refused.parts["body"], self._created_id)
            # Nothing of that kind was created.
            except LookupError:
                continue
            self._send(refused._replace(parts={**refused.parts, "body": body}))

    def _retry_missed_links(self) -> None:
        """Read again the lists that had no rows, which may have some by now."""
        missed, self._missed = self._missed, []
        for source in {link.source.name: link.source for link in missed}.values():
            again = [link for link in missed if link.source is source]
            if source.method == "get" and "{" not in source.path:
                del self._successes[source.name]
                self._send(TourRequest(source, self._shifted_example(source)))
                again = self._follow_links(again)
            self._missed += again

    def _follow_from_other_success(self, missed: Link) -> None:
        """Follow a link from another response of its source that provides the values.

        For example, the first task has members and the second one files, to which a link leads.
        """
        for way in [link for link in self._links if link.target is missed.source]:
            # From the second on: the first success has been used already.
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
        """Follow a link from a response; return False if it does not provide the values."""
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
        renamed = self._observer.model.renamed
        parts = {**parts, "path": rename_path(operation.name, parts["path"], renamed)}
        if isinstance(parts.get("body"), dict):
            parts["body"] = rename_references(parts["body"], renamed)
        case = self._run.schema[operation.path][operation.method].Case(
            path_parameters=dict(parts["path"]),
            query=dict(parts["query"]),
            **{key: parts[key] for key in ("body", "media_type") if key in parts},
        )
        response = self._run.send(case)
        if link and (response is not None or self._run.caller.request_log.repeated):
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
        """Return the id of a record of this kind that the tour has created; raises LookupError."""
        # The example is a text file; references to files need a member list.
        if kind == "file":
            return self._member_list_id()
        return _first_id(self._successes[creating_operation_by_kind()[kind]])

    def _member_list_id(self) -> int:
        if self._list is None:
            operation = operations()[creating_operation_by_kind()["file"]]
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
    """Return the id in the first of these responses; raises LookupError."""
    try:
        return int(made[0].response.json()["id"])
    except (TypeError, ValueError):
        raise LookupError("id") from None
