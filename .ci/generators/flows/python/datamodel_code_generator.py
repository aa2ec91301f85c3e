"""The flow with the models of datamodel-code-generator, sent with httpx."""

from __future__ import annotations

import flow
import httpx
import hypers_auth
import hypers_business as models
from pydantic import BaseModel


def dump(model: BaseModel) -> dict[str, object]:
    """Return the JSON of a body, without fields that are not set."""
    return model.model_dump(mode="json", by_alias=True, exclude_unset=True)


auth = httpx.Client(base_url=flow.AUTH_BASE, auth=flow.CREDENTIALS)
password = hypers_auth.PasswordGrant.model_validate({"grant_type": "password", **flow.USER})
answer = auth.post("/oauth/token", json=dump(password)).raise_for_status()
first = hypers_auth.TokenResponse.model_validate(answer.json())
refresh = hypers_auth.RefreshTokenGrant.model_validate(
    {"grant_type": "refresh_token", "refresh_token": first.refresh_token}
)
answer = auth.post("/oauth/token", json=dump(refresh)).raise_for_status()
token = hypers_auth.TokenResponse.model_validate(answer.json())

api = httpx.Client(
    base_url=f"{flow.BUSINESS_BASE}/api/v1",
    headers={"Authorization": f"Bearer {token.access_token}"},
)


def post(path: str, body: BaseModel) -> object:
    """Send a body; return the JSON of the answer, which is not a refusal."""
    return api.post(path, json=dump(body)).raise_for_status().json()


files = {"file": ("members.csv", flow.MEMBERS.read_bytes(), "text/csv")}
answer = api.post("/file", files=files, data={"moduleName": flow.MODULE}).raise_for_status()
file = models.UploadedFile.model_validate(answer.json())
body = models.NotificationTaskInput.model_validate(flow.TASK | {"fileIds": [file.id]})
task = models.NotificationTaskCreated.model_validate(post("/notification-tasks", body))
executions = models.NotificationTaskExecutionPage.model_validate(
    api.get(f"/notification-tasks/{task.id}/executions").json()
)

named = models.MarketingNoticeGroupInput(name="Summer care")
group = models.MarketingNoticeGroupOutput.model_validate(post("/marketing-notice/group", named))
data = models.MarketingNoticeDataInput.model_validate(flow.PLAN | {"groupId": group.id})
new_plan = models.MarketingNoticeInput(options=models.MarketingNoticeOption.RELEASE, data=data)
plan = models.MarketingNoticeOutput.model_validate(post("/marketing-notice", new_plan))
new_scene = models.ConversationalTaskSceneInput.model_validate(flow.SCENE | {"planId": plan.id})
scene = models.ConversationalTaskSceneOutput.model_validate(
    post("/marketing-notice/scene", new_scene)
)
new_task = models.ConversationalTaskInput.model_validate(flow.PLAN_TASK | {"fileIds": [file.id]})
plan_task = models.ConversationalTaskOutput.model_validate(
    post(f"/marketing-notice/{plan.id}/task", new_task)
)
report = models.MarketingNoticeReportOutput.model_validate(
    api.get(f"/marketing-notice/{plan.id}/report").json()
)
download = api.get(f"/file/{file.id}")

# The model of the body refuses an empty name as well, so that one is sent that it has not checked.
unchecked = models.MarketingNoticeGroupInput.model_construct({"name"}, name="")
problem = models.Problem.model_validate(
    api.post("/marketing-notice/group", json=dump(unchecked)).json()
)
assert problem.errors
assert scene.sceneType
read = models.NotificationTaskDetail.model_validate(api.get("/notification-tasks/501").json())
flow.report(
    refreshed=token.access_token != first.access_token,
    members=task.totalMembers,
    executions=executions.page.total,
    group=group.name,
    plan=plan.status,
    scene=scene.sceneType.root,
    planTask=plan_task.status,
    planned=report.plannedNumberOfPeopl,
    bytes=download.content == flow.MEMBERS.read_bytes(),
    refusal=f"{problem.status} {problem.errors[0].rule} {problem.errors[0].pointer}",
    status=read.status,
)
