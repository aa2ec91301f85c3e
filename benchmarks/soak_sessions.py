"""Sessions of the soak test: each is compared with a model of its own at every step."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from http.client import HTTPException
from socket import create_connection
from typing import Any
from urllib.parse import urlsplit

from benchmarks.loads import NEW_TASK, TASK_TYPE, TASKS
from benchmarks.roaming import FILES_PATH, PLANS, SoakClient
from mock_server.settings import CONTROL_PLANE

GROUPS, SNAPSHOTS = f"{PLANS}/group", f"{CONTROL_PLANE}/snapshots"
TASK_LIST = f"{TASKS}?taskType={TASK_TYPE}&size=100"
MAX_RECORDS, MAX_SNAPSHOTS = 30, 3
"""Records of a kind from which a session is reset, and snapshots that it keeps."""
MAX_UPLOAD = 300_000


class ModelMismatchError(Exception):
    """A response is not the one that the model of its session expects."""


@dataclass(frozen=True)
class SessionRecords:
    """Expected records and instant of a session or of one of its snapshots.

    groups: names; tasks: whether each was terminated; files: hashes. All by id.
    """

    now: datetime
    groups: dict[int, str]
    tasks: dict[int, bool]
    files: dict[int, str]

    def copy(self) -> SessionRecords:
        """Return a copy that later changes leave as it is."""
        return SessionRecords(self.now, {**self.groups}, {**self.tasks}, {**self.files})


@dataclass
class ModelSession:
    """A session and its model; a client holds the lock while it changes and compares both."""

    name: str
    first: SessionRecords
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    snapshots: dict[str, SessionRecords] = field(default_factory=dict)
    token: str = ""

    def __post_init__(self) -> None:
        self.records = self.first.copy()


class SessionClient(SoakClient):
    """A client of one session at a time, whose model it keeps."""

    session: ModelSession

    @property
    def records(self) -> SessionRecords:
        """Expected records of the session."""
        return self.session.records

    def use(self, session: ModelSession) -> None:
        """Send all later requests to a session."""
        self.session, self.token = session, session.token
        self.headers["X-Mock-Session"] = session.name

    def ask(self, method: str, path: str, body: Any = None, *, expected: int = 200) -> Any:
        """Send a request; return the JSON, or raise ModelMismatchError for another status."""
        status = self.send(method, path, body)
        if status != expected:
            self.expect(f"status of {method} {path}", f"{status} {self.answer}", expected)
        self.session.token = self.token
        return self.answer

    def expect(self, what: str, found: Any, expected: Any) -> None:
        """Raise ModelMismatchError if two values differ."""
        if found != expected:
            name = self.session.name
            raise ModelMismatchError(f"{name}: {what}: {found!r:.200}, not {expected!r:.200}")


def observe_first(client: SoakClient, now: datetime) -> SessionRecords:
    """Return what a new session contains."""
    client.send("GET", f"{GROUPS}?size=100")
    groups = {row["id"]: row["name"] for row in client.answer["content"]}
    client.send("GET", TASK_LIST)
    tasks = {row["id"]: row["status"] == "TERMINATED" for row in client.answer["records"]}
    return SessionRecords(now, groups, tasks, {})


def reset_session(client: SessionClient) -> None:
    """Reset the session, and delete its snapshots."""
    client.ask("POST", f"{CONTROL_PLANE}/reset")
    for name in [*client.session.snapshots]:
        client.ask("DELETE", f"{SNAPSHOTS}/{name}", expected=204)
    client.session.records = client.session.first.copy()
    client.session.snapshots.clear()


def check_session(client: SessionClient) -> None:
    """Compare all that the model has with what the session shows."""
    records = client.records
    found = client.ask("GET", f"{GROUPS}?size=100")
    client.expect("groups", {row["id"]: row["name"] for row in found["content"]}, records.groups)
    found = client.ask("GET", TASK_LIST)
    shown = {row["id"]: row["status"] == "TERMINATED" for row in found["records"]}
    client.expect("tasks", shown, records.tasks)
    health = client.ask("GET", f"{CONTROL_PLANE}/health")
    client.expect("instant", health["clock"]["now"], records.now.isoformat())
    client.expect("number of groups", health["records"]["groups"], len(records.groups))
    client.expect("name", health["session"], client.session.name)
    if records.files:
        id_ = client.drawn.choice([*records.files])
        client.expect("status of a download", client.send("GET", f"{FILES_PATH}/{id_}"), 200)
        client.expect("file", sha256(client.content).hexdigest(), records.files[id_])


def _change_groups(client: SessionClient) -> None:
    groups, drawn = client.records.groups, client.drawn
    name = f"组{drawn.randrange(10**6)}"
    added = client.ask("POST", GROUPS, {"name": name})["id"]
    client.expect("whether the id is new", added in groups, False)
    groups[added] = name
    if drawn.random() < 0.5:
        groups[added] = f"{name}改"
        client.ask("PUT", f"{GROUPS}/{added}", {"name": groups[added]})
    if drawn.random() < 0.4:
        client.ask("DELETE", f"{GROUPS}/{added}")
        del groups[added]


def _change_tasks(client: SessionClient) -> None:
    drawn, tasks = client.drawn, client.records.tasks
    count = drawn.choice((1, 5, 200))
    members = [
        {"userId": f"U{drawn.randrange(10**6)}-{row}", "nickname": "n"} for row in range(count)
    ]
    day = client.records.now + timedelta(days=1)
    start, end = (f"{day:%Y-%m-%d} {hour}:00:00" for hour in (10, 12))
    times = {"scheduledStartTime": start, "scheduledEndTime": end}
    added = client.ask("POST", TASKS, {**NEW_TASK, **times, "members": members})["id"]
    tasks[added] = False
    shown = client.ask("GET", f"{TASKS}/{added}")["statistics"]["totalMembers"]
    client.expect("members of a task", shown, count)
    if drawn.random() < 0.5:
        client.ask("PUT", f"{TASKS}/{added}/termination", {})
        tasks[added] = True


def _change_files(client: SessionClient) -> None:
    content = client.drawn.randbytes(client.drawn.randrange(1, MAX_UPLOAD))
    client.expect("status of an upload", client.upload(content, "a.bin"), 200)
    client.session.token = client.token
    client.records.files[client.answer["id"]] = sha256(content).hexdigest()


def _move_clock(client: SessionClient) -> None:
    seconds = client.drawn.choice((1, 600, 7_200))
    later = client.records.now + timedelta(seconds=seconds)
    shown = client.ask("POST", f"{CONTROL_PLANE}/clock/advance", {"seconds": seconds})["now"]
    client.expect("instant", shown, later.isoformat())
    client.session.records = replace(client.records, now=later)


def _use_snapshots(client: SessionClient) -> None:
    session, drawn = client.session, client.drawn
    name = f"s{drawn.randrange(MAX_SNAPSHOTS)}"
    if name not in session.snapshots:
        client.ask("PUT", f"{SNAPSHOTS}/{name}")
        session.snapshots[name] = session.records.copy()
    elif drawn.random() < 0.7:
        client.ask("POST", f"{SNAPSHOTS}/{name}/restore")
        session.records = session.snapshots[name].copy()
    else:
        client.ask("DELETE", f"{SNAPSHOTS}/{name}", expected=204)
        del session.snapshots[name]
    shown = client.ask("GET", SNAPSHOTS)["snapshots"]
    client.expect("snapshots", {each["name"] for each in shown}, {*session.snapshots})


def _export_and_import(client: SessionClient) -> None:
    state = client.ask("GET", f"{CONTROL_PLANE}/state") and client.content
    before = client.records.copy()
    _change_groups(client)
    client.ask("PUT", f"{CONTROL_PLANE}/state", state)
    client.session.records = before
    client.ask("GET", f"{CONTROL_PLANE}/state")
    client.expect("whether the state is the same", client.content == state, True)


def _use_faults(client: SessionClient) -> None:
    faults, status = f"{CONTROL_PLANE}/faults", client.drawn.choice((429, 503))
    rule = {"operation": "listGroups", "status": status, "times": 2, "delay": 5, "maxDelay": 30}
    client.ask("PUT", faults, [rule])
    for _ in range(2):
        client.ask("GET", GROUPS, expected=status)
    client.ask("GET", GROUPS)
    client.expect("hits of a rule", client.ask("GET", faults)[0]["hits"], 2)
    client.ask("PUT", faults, [{"operation": "listGroups", "disconnect": "before", "times": 1}])
    try:
        client.send("GET", GROUPS)
    except (HTTPException, OSError):
        client.close()
    else:
        client.expect("end of a dropped request", "response", "disconnect")
    client.ask("DELETE", faults, expected=204)


def _kill_upload(client: SessionClient) -> None:
    """Disconnect in the middle of a body, which leaves no record."""
    place = urlsplit(client.address)
    head = (
        f"POST {client.drawn.choice((FILES_PATH, TASKS, GROUPS))} HTTP/1.1\r\n"
        f"Host: {place.netloc}\r\nX-Mock-Session: {client.session.name}\r\n"
        f"Authorization: Bearer {client.token}\r\nContent-Type: application/json\r\n"
        "Content-Length: 500000\r\n\r\n"
    )
    with create_connection((place.hostname or "", place.port or 80)) as sent:
        sent.sendall(head.encode() + b'{"name": "' + b"x" * client.drawn.randrange(200_000))


SessionStep = Callable[[SessionClient], None]
WEIGHTED_STEPS: dict[str, tuple[float, SessionStep]] = {
    "session groups": (6, _change_groups),
    "session tasks": (4, _change_tasks),
    "session files": (3, _change_files),
    "session clock": (2, _move_clock),
    "session snapshots": (4, _use_snapshots),
    "session state": (1, _export_and_import),
    "session faults": (2, _use_faults),
    "session kills": (1, _kill_upload),
    "session resets": (1, reset_session),
}
"""Steps in a session by name, each with its relative frequency."""


def change_and_check(client: SessionClient, sessions: list[ModelSession]) -> str:
    """Carry out a random step in a random session, and compare the session with its model.

    Returns the name of the step. Raises ModelMismatchError.
    """
    drawn: random.Random = client.drawn
    session = drawn.choice(sessions)
    weights = [weight for weight, _ in WEIGHTED_STEPS.values()]
    name = drawn.choices([*WEIGHTED_STEPS], weights)[0]
    with session.lock:
        client.use(session)
        try:
            WEIGHTED_STEPS[name][1](client)
            check_session(client)
            if len(client.records.groups) + len(client.records.tasks) > MAX_RECORDS:
                reset_session(client)
        except Exception:
            # The model cannot follow any more, and one failure is enough.
            client.close()
            client.send("DELETE", f"{CONTROL_PLANE}/sessions/{session.name}")
            session.snapshots.clear()
            session.records = session.first.copy()
            raise
    return name
