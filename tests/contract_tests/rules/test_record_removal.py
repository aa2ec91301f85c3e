"""Probes remove what they have created, whatever a server answers to the open questions."""

from __future__ import annotations

from dataclasses import replace

from contract_tests.rules.client import ApiClient
from contract_tests.rules.factories import new_notification, new_plan, plan_body
from contract_tests.target.target import Target
from contract_tests.target.transport import open_session
from tests.contract_tests.rules.probe_contexts import CREDENTIALS
from tests.serving import FROZEN, run_mock


def test_a_task_is_terminated_where_the_reason_is_required() -> None:
    """A termination without one is refused, as that of a task that has ended."""
    settings = replace(FROZEN, readings={"termination-reason": "required"})
    with run_mock(settings) as mock, open_session(mock.address) as session:
        with ApiClient(Target(mock.address, CREDENTIALS), session, "removal") as api:
            task = new_notification(api)["id"]
        assert mock.world.notification_tasks[task].terminated


def test_a_plan_is_deleted_under_the_id_that_its_update_has_given_it() -> None:
    """The id that it was created with is unknown then."""
    settings = replace(FROZEN, readings={"plan-id-after-update": "new"})
    with run_mock(settings) as mock, open_session(mock.address) as session:
        before = {*mock.world.notices}
        with ApiClient(Target(mock.address, CREDENTIALS), session, "removal") as api:
            made = new_plan(api)
            body = plan_body(api, "RELEASE", made["groupId"])
            after = api.call_json("updateMarketingNotice", id=made["id"], body=body)
            assert {*mock.world.notices} - before == {after["id"]} != {made["id"]}
        assert {*mock.world.notices} == before
        assert not api.kept
