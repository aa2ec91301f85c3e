"""Records of a run are removed under the ids that they have in the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from contract_tests.rules.client import ApiClient
from contract_tests.rules.factories import new_plan, plan_body
from contract_tests.runner.cleanup import Cleanup
from contract_tests.target.target import Target
from contract_tests.target.transport import open_session
from tests.contract_tests.rules.probe_contexts import CREDENTIALS
from tests.serving import FROZEN, RunningMock, run_mock

UPDATE = "updateMarketingNotice"


@contextmanager
def mock_with_new_plan_ids() -> Iterator[tuple[RunningMock, ApiClient]]:
    """Yield a mock whose plans get another id when they are updated, and a client."""
    settings = replace(FROZEN, readings={"plan-id-after-update": "new"})
    with run_mock(settings) as mock, open_session(mock.address) as session:
        yield mock, ApiClient(Target(mock.address, CREDENTIALS), session, "cleanup")


def test_a_plan_of_the_run_is_deleted_under_its_new_id() -> None:
    """Its update has returned it."""
    with mock_with_new_plan_ids() as (mock, api):
        before, cleanup = {*mock.world.notices}, Cleanup()
        made = new_plan(api)
        cleanup.note_success("createMarketingNotice", made)
        after = api.call_json(UPDATE, id=made["id"], body=plan_body(api, group=made["groupId"]))
        cleanup.note_success(UPDATE, after, [made["id"]])
        cleanup.remove_all(api)
        assert {*mock.world.notices} == before
        assert cleanup.leftovers == []


def test_a_plan_of_somebody_else_stays() -> None:
    """A run on a server of its own also updates plans that it has not created."""
    with mock_with_new_plan_ids() as (mock, api):
        before, cleanup = len(mock.world.notices), Cleanup()
        number = min(mock.world.notices)
        after = api.call_json(UPDATE, id=number, body=plan_body(api, "RELEASE"))
        cleanup.note_success(UPDATE, after, [str(number)])
        cleanup.remove_all(api)
        assert len(mock.world.notices) == before
