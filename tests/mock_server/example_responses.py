"""Examples of successful responses in the contract, and what the frozen demo mock returns instead.

A reader of the contract can send the same request to `hypers-mock --frozen` and gets the same
response (decision G10). `write_examples.py` writes the mock's responses into the contract.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import httpx

import openapi
from tests.mock_server.example_requests import EXAMPLE_REQUESTS, ExampleRequest, send_example
from tests.serving import RunningMock

Json = Any
DEFAULT_SERVER = "https://szhl-phiskin.hypers.com.cn"
"""The default server of the contract, which the mock replaces by its own address."""
FAR_FUTURE = ("startTime", "2030-01-01 00:00:00")
FIRST_PAGE = (("current", 0), ("size", 20))
NEWEST_FIRST = ("orderDirection", "DESC")


class ResponseExample(NamedTuple):
    """A named example of a JSON response; `path` leads to its value in the whole contract."""

    operation: str
    label: str
    path: tuple[str, ...]
    value: Json

    @property
    def name(self) -> str:
        """Operation and label, as in REQUEST_CHANGES."""
        return f"{self.operation} {self.label}"


class RequestChanges(NamedTuple):
    """Differences from the operation's example of a request.

    path: an id in place of the one in the path; query: the whole query; body: the label of the
    request's body; spelling: the form of the documents in which the example shows the response.
    """

    path: int | None = None
    query: Sequence[tuple[str, Any]] | None = None
    body: str = ""
    spelling: Callable[[Json], Json] = lambda response: response


def _with_alternative_names(task: Json) -> Json:
    contents = [{"type": c["contentType"], "value": c["contentValue"]} for c in task["contents"]]
    return task | {"contents": contents}


def _with_completed_status(page: Json) -> Json:
    return {
        **page,
        "records": [
            row | {"status": "COMPLETED"} if row["status"] == "SUCCESS" else row
            for row in page["records"]
        ],
    }


REQUEST_CHANGES: Mapping[str, RequestChanges] = {
    "listNotificationTasks empty": RequestChanges(
        query=(("taskType", "APPOINTMENT_REMINDER"), FAR_FUTURE)
    ),
    "getNotificationTask byMembers": RequestChanges(path=502),
    "getNotificationTask alternativeSpelling": RequestChanges(
        path=503, spelling=_with_alternative_names
    ),
    "terminateNotificationTask whileExecuting": RequestChanges(body="withReason"),
    "terminateNotificationTask beforeStart": RequestChanges(path=502, body="withReason"),
    "listNotificationTaskExecutions completedSpelling": RequestChanges(
        path=503, spelling=_with_completed_status
    ),
    "listGroups firstPage": RequestChanges(
        query=(*FIRST_PAGE, ("orderBy", "createTime"), NEWEST_FIRST)
    ),
    "listGroups empty": RequestChanges(query=(("keyWord", "秋季"),)),
    "createGroup created": RequestChanges(body="createGroup"),
    "getGroup group": RequestChanges(path=103),
    "updateGroup renamed": RequestChanges(path=103, body="renameGroup"),
    "createScene created": RequestChanges(body="createScene"),
    "createScene createdWithoutExternalId": RequestChanges(body="withoutExternalId"),
    "listScenes byPlan": RequestChanges(query=(*FIRST_PAGE, ("planId", 301))),
    "listScenes empty": RequestChanges(query=(("keyWord", "退货"),)),
    "updateScene updated": RequestChanges(body="updateScene"),
    "getScene system": RequestChanges(path=201),
    "createMarketingNotice released": RequestChanges(body="release"),
    "listMarketingNotices firstPage": RequestChanges(query=FIRST_PAGE),
    "listMarketingNotices executing": RequestChanges(query=(*FIRST_PAGE, ("status", "EXECUTION"))),
    "listMarketingNotices empty": RequestChanges(query=(*FIRST_PAGE, ("keyWord", "双十一"))),
    "updateMarketingNotice updated": RequestChanges(body="update"),
    "getMarketingNotice draft": RequestChanges(path=304),
    "getMarketingNoticeReport draft": RequestChanges(path=304),
    "createMarketingNoticeTask created": RequestChanges(body="dateTime"),
    "createMarketingNoticeTask createdTimeOfDay": RequestChanges(body="timeOfDay"),
    "listMarketingNoticeTasks firstPage": RequestChanges(
        query=(*FIRST_PAGE, ("orderBy", "startDate"), NEWEST_FIRST)
    ),
    "listMarketingNoticeTasks empty": RequestChanges(query=(("keyWord", "焕肤"),)),
    "getMarketingNoticeTask notStarted": RequestChanges(path=402),
    "getMarketingNoticeTask terminated": RequestChanges(path=403),
    "getMarketingNoticeTask complete": RequestChanges(path=404),
    "listMarketingNoticeTaskMembers firstPage": RequestChanges(query=(("current", 0), ("size", 4))),
    "listMarketingNoticeTaskMembers inService": RequestChanges(
        query=(*FIRST_PAGE, ("status", "IN_SERVICE"))
    ),
    "listMarketingNoticeTaskMembers empty": RequestChanges(query=(("keyWord", "焕肤"),)),
    "getMarketingNoticeTaskReport notStarted": RequestChanges(path=402),
    "listMemberDailyReports withoutContent": RequestChanges(
        path=1010, query=(("endDate", "2025-04-14"),)
    ),
    "listMemberDailyReports empty": RequestChanges(query=(("keyword", "退货"),)),
}
"""Request for each example of a response; without an entry, it is the operation's example."""
NOT_REPLAYED = {
    "createToken password": "the lifetime is the documents' (A4)",
    "createToken refreshToken": "the lifetime is the documents' (A4)",
    "getMemberTemplate emptyObject": "the mock returns a workbook (M15)",
}


class SchemaExample(NamedTuple):
    """A schema whose examples show a record, and the place of that record in a response."""

    schema: str
    example: str
    pointer: str = ""


SCHEMA_EXAMPLES = (
    SchemaExample("ConversationalTaskOutput", "getMarketingNoticeTask executing"),
    SchemaExample("ConversationalTaskSceneOutput", "getScene custom"),
    SchemaExample("MapObject", "listMarketingNoticeTasks firstPage", "/content/1"),
    SchemaExample("MarketingNoticeGroupListOutput", "listMarketingNotices firstPage", "/records/1"),
    SchemaExample("MarketingNoticeGroupOutput", "listGroups firstPage", "/content/1"),
    SchemaExample(
        "MarketingNoticeListOutput", "listMarketingNotices firstPage", "/records/1/plan/2"
    ),
    SchemaExample("MarketingNoticeOutput", "getMarketingNotice executing"),
    SchemaExample("MarketingNoticeReportOutput", "getMarketingNoticeTaskReport executing"),
    SchemaExample("MemberDailyReport", "listMemberDailyReports reports", "/records/0"),
    SchemaExample("NoticeTaskMember", "listMarketingNoticeTaskMembers firstPage", "/content/0"),
    SchemaExample("NotificationContentOutput", "getNotificationTask byFile", "/contents/0"),
    SchemaExample(
        "NotificationContentOutput", "getNotificationTask alternativeSpelling", "/contents/0"
    ),
    SchemaExample("NotificationTaskBase", "getNotificationTask byFile"),
    SchemaExample(
        "NotificationTaskExecution", "listNotificationTaskExecutions executing", "/records/0"
    ),
    SchemaExample("NotificationTaskStatistics", "getNotificationTask byFile", "/statistics"),
    SchemaExample(
        "SceneStatisticOutput", "getMarketingNoticeTaskReport executing", "/sceneStatistics/3"
    ),
    SchemaExample("UploadedFile", "uploadFile textFile"),
)


class FileRequest(NamedTuple):
    """A request for file 604 whose response headers the contract shows."""

    status: int
    headers: Mapping[str, str] = {}


DOWNLOADED_FILE_ID = 604
FILE_REQUESTS = (
    FileRequest(200),
    FileRequest(206, {"Range": "bytes=0-99"}),
    FileRequest(304, {"If-Modified-Since": "Mon, 21 Apr 2025 01:00:00 GMT"}),
    FileRequest(416, {"Range": "bytes=2097152-"}),
)


def iter_response_examples(document: Mapping[str, Any]) -> Iterator[ResponseExample]:
    """Yield all named examples of successful JSON responses in a contract."""
    for path, method, _, operation in openapi.iter_operations(document):
        for status, response in operation["responses"].items():
            content = response.get("content", {}) if status[0] == "2" else {}
            named = content.get("application/json", {}).get("examples", {})
            place = ("paths", path, method, "responses", status, "content", "application/json")
            for label, example in named.items():
                steps = (*place, "examples", label)
                yield ResponseExample(operation["operationId"], label, steps, example["value"])


def mock_response(
    mock: RunningMock,
    example: ResponseExample,
    requests: Sequence[ExampleRequest] = EXAMPLE_REQUESTS,
) -> Json:
    """Return the mock's response in place of an example, in the spelling of the example.

    The mock is reset, so that each response is that of a fresh demo world. requests: the examples
    of requests in the contract. Raises HTTPStatusError if the request is refused.
    """
    sent = REQUEST_CHANGES.get(example.name, RequestChanges())
    return sent.spelling(unspelled_response(mock, example, requests))


def unspelled_response(
    mock: RunningMock,
    example: ResponseExample,
    requests: Sequence[ExampleRequest] = EXAMPLE_REQUESTS,
) -> Json:
    """Return the mock's response in place of an example, as the mock spells it."""
    sent = REQUEST_CHANGES.get(example.name, RequestChanges())
    request = _example_request(example, sent, requests)
    path = ""
    if sent.path is not None:
        (parameter,) = (each for each in request.given if each["in"] == "path")
        path = request.operation.path.replace(f"{{{parameter['name']}}}", str(sent.path))
    query = None if sent.query is None else [*sent.query]
    response = send_example(mock, request, path, query, **_upload_arguments(mock, example, request))
    return _decode_response(mock, response.raise_for_status())


def _example_request(
    example: ResponseExample, sent: RequestChanges, requests: Sequence[ExampleRequest]
) -> ExampleRequest:
    own = [request for request in requests if request.operation.name == example.operation]
    named = f"{example.operation} {sent.body or example.label}"
    return next((request for request in own if request.name == named), own[0])


def _upload_arguments(
    mock: RunningMock, example: ResponseExample, request: ExampleRequest
) -> dict[str, Any]:
    if example.operation != "uploadFile":
        return {}
    content, name = request.body["file"].encode(), example.value["fileName"]
    if example.label == "memberList":  # a copy of file 601
        content = mock.anonymous.get("/api/v1/file/601").raise_for_status().content
    module = (None, request.body["moduleName"])
    return {"files": {"file": (name, content), "moduleName": module}}


def _decode_response(mock: RunningMock, response: httpx.Response) -> Json:
    return json.loads(response.text.replace(mock.address, DEFAULT_SERVER))
