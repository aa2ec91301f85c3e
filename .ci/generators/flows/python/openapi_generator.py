"""The flow with the client that openapi-generator makes for Python."""

from __future__ import annotations

import os

import flow
import hypers_auth
import hypers_business as sdk

PROXY = os.environ["HTTPS_PROXY"]  # the client does not look for it in the environment

settings = hypers_auth.Configuration(
    host=flow.AUTH_URL or None,
    username=flow.CREDENTIALS[0],
    password=flow.CREDENTIALS[1],
    proxy=PROXY,
)
auth = hypers_auth.AuthApi(hypers_auth.ApiClient(settings))
password = hypers_auth.PasswordGrant.from_dict({"grant_type": "password", **flow.USER})
first = auth.create_token(hypers_auth.TokenRequest(password))
refresh = hypers_auth.RefreshTokenGrant.from_dict(
    {"grant_type": "refresh_token", "refresh_token": first.refresh_token}
)
token = auth.create_token(hypers_auth.TokenRequest(refresh))

client = sdk.ApiClient(
    sdk.Configuration(host=flow.BUSINESS_URL or None, access_token=token.access_token, proxy=PROXY)
)
files = sdk.FilesApi(client)
notifications = sdk.NotificationTasksApi(client)
groups = sdk.NoticeGroupsApi(client)
plans = sdk.NoticesApi(client)

file = files.upload_file(("members.csv", flow.MEMBERS.read_bytes()), flow.MODULE)
task = notifications.create_notification_task(
    sdk.NotificationTaskInput.model_validate(flow.TASK | {"fileIds": [file.id]})
)
executions = notifications.list_notification_task_executions(task.id)

group = groups.create_group(sdk.MarketingNoticeGroupInput(name="Summer care"))
plan = plans.create_marketing_notice(
    sdk.MarketingNoticeInput.model_validate(
        {"options": "RELEASE", "data": flow.PLAN | {"groupId": group.id}}
    )
)
scene = sdk.NoticeScenesApi(client).create_scene(
    sdk.ConversationalTaskSceneInput.model_validate(flow.SCENE | {"planId": plan.id})
)
plan_task = sdk.NoticeTasksApi(client).create_marketing_notice_task(
    plan.id, sdk.ConversationalTaskInput.model_validate(flow.PLAN_TASK | {"fileIds": [file.id]})
)
report = plans.get_marketing_notice_report(plan.id)
download = files.get_file(file.id)

# The model of the body refuses an empty name as well, so that one is sent that it has not checked.
try:
    groups.create_group(sdk.MarketingNoticeGroupInput.model_construct(name=""))
except sdk.ApiException as error:
    problem = sdk.Problem.from_json(error.body or "")
assert problem is not None
assert problem.errors
read = notifications.get_notification_task(501)
flow.report(
    refreshed=token.access_token != first.access_token,
    members=task.total_members,
    executions=executions.page.total,
    group=group.name,
    plan=plan.status,
    scene=scene.scene_type,
    planTask=plan_task.status,
    planned=report.planned_number_of_peopl,
    bytes=bytes(download) == flow.MEMBERS.read_bytes(),
    refusal=f"{problem.status} {problem.errors[0].rule} {problem.errors[0].pointer}",
    status=read.status,
)
