"""Common parts of building the records of a scenario: ids, times, members, violations."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from mock_server.domain.member_directory import Member, MemberRow
from mock_server.domain.member_list_rules import MemberListRules
from mock_server.domain.notification_contents import LocalFileReference
from mock_server.errors import ErrorDetail
from mock_server.member_files import member_lists
from mock_server.runtime.idle_processes import IdleProcesses
from mock_server.runtime.worker_processes import WorkerJob
from mock_server.seed.scenario_file import ScenarioFile
from mock_server.seed.scenario_times import ACCEPTED_TIMES, resolve_time
from mock_server.seed.scenario_validation import MAX_VIOLATIONS
from mock_server.world.world import World

TABLES = {
    "files": "files",
    "groups": "groups",
    "scenes": "scenes",
    "plans": "notices",
    "planTasks": "notice_tasks",
    "notificationTasks": "notification_tasks",
}
"""Table of each list of a scenario."""
BEFORE_ALL = timedelta(days=30)
"""Default age of groups, scenes and files."""
LEAD_TIME = timedelta(hours=1)
"""Default time from the creation of a task to its start, and of a plan to its first task."""
MAX_LIST_ROWS = 200_000
"""Members that are read from lists, for all tasks of a scenario together."""
SHOWN_IDS = 8
Entry = Mapping[str, Any]


class ScenarioBuilder:
    """The world that gets the records of a scenario, and the violations that were found."""

    def __init__(self, world: World, scenario: ScenarioFile) -> None:
        """Reserve the ids that the scenario names, so that no other record gets them."""
        self.world = world
        self.now = world.now()
        self.document = scenario.document
        self.contents = scenario.contents
        self.violations: list[ErrorDetail] = []
        # One process reads all lists, one after another.
        self._readers = IdleProcesses(1)
        self._lists: dict[Hashable, member_lists.MemberList] = {}
        self._rows_left = MAX_LIST_ROWS
        self._known: dict[str, set[int]] = {}
        for kind, table in TABLES.items():
            named = {entry["id"] for entry in self.document.get(kind, ()) if "id" in entry}
            for id_ in named:
                world.reserve_id(table, id_)
            self._known[kind] = named | {*getattr(world, table)}

    def close(self) -> None:
        """End the process that has read member lists."""
        self._readers.close()

    def entries(self, kind: str) -> Iterator[tuple[str, Entry]]:
        """Yield the pointer and the value of each entry of a list."""
        for index, entry in enumerate(self.document.get(kind, ())):
            yield f"/{kind}/{index}", entry

    def new_id(self, kind: str, entry: Entry) -> int:
        """Return the id of an entry, or the next one."""
        id_: int = entry["id"] if "id" in entry else self.world.next_id(TABLES[kind])
        self._known[kind].add(id_)
        return id_

    def refuse(self, pointer: str, rule: str, accepted: str, found: object) -> None:
        """Add a violation; beyond MAX_VIOLATIONS, they are not listed."""
        if len(self.violations) < MAX_VIOLATIONS:
            self.violations.append(ErrorDetail(pointer, rule, accepted, str(found)))

    def check_ids(self, kind: str, places: Mapping[str, int]) -> bool:
        """Return whether the ids are those of records; `places` has each by its pointer (CP-32)."""
        wrong = {place: id_ for place, id_ in places.items() if id_ not in self._known[kind]}
        for place, id_ in islice(wrong.items(), MAX_VIOLATIONS - len(self.violations)):
            self.refuse(place, "CP-32", f"{kind}: {_shown(self._known[kind])}", id_)
        return not wrong

    def time(self, pointer: str, entry: Entry, field: str, default: datetime) -> datetime:
        """Return the instant in a field, which is `default` if it is omitted or wrong (CP-33)."""
        if field not in entry:
            return default
        try:
            return resolve_time(entry[field], self.now)
        except ValueError:
            self.refuse(f"{pointer}/{field}", "CP-33", ACCEPTED_TIMES, entry[field])
            return default

    def optional_time(self, pointer: str, entry: Entry, field: str) -> datetime | None:
        """Return the instant in a field; None if it is omitted."""
        return self.time(pointer, entry, field, self.now) if field in entry else None

    def people(self, pointer: str, entry: Entry, rules: MemberListRules) -> list[Member]:
        """Return the members of a task with their names in it; those that are unknown are added."""
        rows = (
            self._read_lists(pointer, entry["fileIds"], rules)
            if "fileIds" in entry
            else [MemberRow.from_request(row) for row in entry["members"]]
        )
        directory = self.world.members
        met = [(directory.get_or_create(row), row.name) for row in rows]
        return [
            member if name in (None, member.name) else member._replace(name=name or member.name)
            for member, name in met
        ]

    def rows_of_outcomes(
        self, pointer: str, entry: Entry, people: Iterable[int]
    ) -> Iterator[tuple[str, Entry, list[int]]]:
        """Yield pointer, value, and rows in the task of each of its outcomes (CP-32)."""
        rows: dict[int, list[int]] = {}
        for row, id_ in enumerate(people):
            rows.setdefault(id_, []).append(row)
        accepted, met = f"members: {_shown(rows)}", set[int]()
        for index, outcome in enumerate(entry.get("outcomes", ())):
            place = f"{pointer}/outcomes/{index}"
            field = next(name for name in ("memberId", "userId", "ciq") if name in outcome)
            member = self.world.members.find(MemberRow.from_request(outcome))
            if member is None or member.id not in rows:
                self.refuse(f"{place}/{field}", "CP-32", accepted, outcome[field])
            elif member.id in met:
                self.refuse(f"{place}/{field}", "repeated", "another member", outcome[field])
            else:
                met.add(member.id)
                yield place, outcome, rows[member.id]

    def file_reference(self, pointer: str, entry: Entry, field: str) -> Entry:
        """Return a content or a greeting in which `fileId` is a file of the mock."""
        if "fileId" not in entry:
            return entry
        self.check_ids("files", {f"{pointer}/fileId": entry["fileId"]})
        kept = {name: value for name, value in entry.items() if name != "fileId"}
        return kept | {field: LocalFileReference(entry["fileId"])}

    def _read_lists(
        self, pointer: str, file_ids: list[int], rules: MemberListRules
    ) -> list[MemberRow]:
        places = {f"{pointer}/fileIds/{index}": id_ for index, id_ in enumerate(file_ids)}
        if not self.check_ids("files", places) or self._rows_left < 0:
            return []
        key = (rules, *file_ids)
        if key not in self._lists:
            readings = self.world.member_list_readings
            self._lists[key] = member_lists.read_member_lists(
                file_ids, self.world.files, rules, (), readings, WorkerJob(self._readers)
            )
        found = self._lists[key]
        for wrong in found.violations:
            place = pointer + wrong.pointer.removeprefix("/body")
            # Without its sentence, a mistake in a list is named by its code.
            kind = f" ({wrong.mistake.code})" if wrong.mistake else ""
            self.refuse(place, wrong.rule, wrong.accepted, f"{wrong.found}{kind}")
        self._rows_left -= len(found.rows)
        if self._rows_left < 0:  # a short scenario could name one long list in many tasks
            self.refuse(f"{pointer}/fileIds", "maxItems", f"maxItems {MAX_LIST_ROWS}", "")
            return []
        return found.rows


def _shown(ids: Collection[int]) -> str:
    known = sorted({*ids})
    more = f", … ({len(known)})" if len(known) > SHOWN_IDS else ""
    return ", ".join(map(str, known[:SHOWN_IDS])) + more
