"""The flow with the client of openapi-python-client."""

from __future__ import annotations

from base64 import b64encode
from typing import TypeVar

import flow
from hypers_auth import AuthenticatedClient as AuthClient
from hypers_auth.api.auth import create_token
from hypers_auth.models import PasswordGrant, RefreshTokenGrant, TokenResponse
from hypers_business import AuthenticatedClient, models
from hypers_business.api.files import get_file, upload_file
from hypers_business.api.notice_groups import create_group
from hypers_business.api.notice_scenes import create_scene
from hypers_business.api.notice_tasks import create_marketing_notice_task
from hypers_business.api.notices import create_marketing_notice, get_marketing_notice_report
from hypers_business.api.notification_tasks import (
    create_notification_task,
    get_notification_task,
    list_notification_task_executions,
)
from hypers_business.types import File

T = TypeVar("T")


def need(kind: type[T], answer: object) -> T:
    """Return the answer if it is of this class; otherwise it is a refusal."""
    assert isinstance(answer, kind), answer
    return answer


basic = b64encode(":".join(flow.CREDENTIALS).encode()).decode()
auth = AuthClient(flow.AUTH_BASE, token=basic, prefix="Basic")
password = PasswordGrant.from_dict({"grant_type": "password", **flow.USER})
first = need(TokenResponse, create_token.sync(client=auth, body=password))
refresh = RefreshTokenGrant.from_dict(
    {"grant_type": "refresh_token", "refresh_token": first.refresh_token}
)
token = need(TokenResponse, create_token.sync(client=auth, body=refresh))

api = AuthenticatedClient(flow.BUSINESS_BASE, token=token.access_token)
with flow.MEMBERS.open("rb") as opened:
    form = models.FileUploadInput(File(opened, "members.csv", "text/csv"), flow.MODULE)
    file = need(models.UploadedFile, upload_file.sync(client=api, body=form))
task = need(
    models.NotificationTaskCreated,
    create_notification_task.sync(
        client=api, body=models.NotificationTaskInput.from_dict(flow.TASK | {"fileIds": [file.id]})
    ),
)
executions = need(
    models.NotificationTaskExecutionPage,
    list_notification_task_executions.sync(task.id, client=api),
)

group = need(
    models.MarketingNoticeGroupOutput,
    create_group.sync(client=api, body=models.MarketingNoticeGroupInput("Summer care")),
)
plan = need(
    models.MarketingNoticeOutput,
    create_marketing_notice.sync(
        client=api,
        body=models.MarketingNoticeInput(
            models.MarketingNoticeOption.RELEASE,
            models.MarketingNoticeDataInput.from_dict(flow.PLAN | {"groupId": group.id}),
        ),
    ),
)
scene = need(
    models.ConversationalTaskSceneOutput,
    create_scene.sync(
        client=api,
        body=models.ConversationalTaskSceneInput.from_dict(flow.SCENE | {"planId": plan.id}),
    ),
)
plan_task = need(
    models.ConversationalTaskOutput,
    create_marketing_notice_task.sync(
        plan.id,
        client=api,
        body=models.ConversationalTaskInput.from_dict(flow.PLAN_TASK | {"fileIds": [file.id]}),
    ),
)
report = need(
    models.MarketingNoticeReportOutput, get_marketing_notice_report.sync(plan.id, client=api)
)
download = need(File, get_file.sync(file.id, client=api))

refused = create_group.sync(client=api, body=models.MarketingNoticeGroupInput(""))
problem = need(models.Problem, refused)
assert problem.errors, problem
error = problem.errors[0]
read = need(models.NotificationTaskDetail, get_notification_task.sync(501, client=api))
flow.report(
    refreshed=token.access_token != first.access_token,
    members=task.total_members,
    executions=executions.page.total,
    group=group.name,
    plan=plan.status,
    scene=scene.scene_type,
    planTask=plan_task.status,
    planned=report.planned_number_of_peopl,
    bytes=download.payload.read() == flow.MEMBERS.read_bytes(),
    refusal=f"{problem.status} {error.rule} {error.pointer}",
    status=read.status,
)
