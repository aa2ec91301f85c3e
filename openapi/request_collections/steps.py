"""The steps of a collection: which operations are called, in which order, and with what.

What a step passes on to later ones follows from the links of the contract.
"""

from __future__ import annotations

from typing import NamedTuple


class Step(NamedTuple):
    """A call of an operation.

    body: the label of the example that is sent, or the operation whose link has the body;
    section: `cleanup` for the last folder, or empty for the folder of the operation's tag;
    ids_from: the operation whose response has the ids of the path, where several have them.
    """

    operation: str
    body: str = ""
    section: str = ""
    ids_from: str = ""


CLEANUP = "cleanup"
STEPS = (
    Step("createToken", "password"),
    Step("createToken", "refreshToken"),
    Step("uploadFile", "memberList"),
    Step("getFile"),
    Step("createNotificationTask", "uploadFile"),
    Step("listNotificationTasks"),
    Step("getNotificationTask"),
    Step("listNotificationTaskExecutions"),
    Step("terminateNotificationTask", "withReason"),
    Step("createGroup", "createGroup"),
    Step("listGroups"),
    Step("getGroup"),
    Step("updateGroup", "renameGroup"),
    Step("createMarketingNotice", "createGroup"),
    Step("listMarketingNotices"),
    Step("getMarketingNotice"),
    Step("updateMarketingNotice", "update"),
    Step("getMarketingNoticeReport"),
    Step("createScene", "createMarketingNotice"),
    Step("listScenes"),
    Step("getScene", ids_from="createScene"),
    Step("updateScene", "updateScene"),
    Step("unbindSceneExternalId"),
    Step("getMemberTemplate"),
    Step("getMarketingNoticeTaskSchema"),
    Step("createMarketingNoticeTask", "uploadFile"),
    Step("listMarketingNoticeTasks"),
    Step("getMarketingNoticeTask"),
    Step("listMarketingNoticeTaskMembers"),
    Step("getMarketingNoticeTaskReport"),
    Step("listMemberDailyReports", ids_from="listMarketingNoticeTaskMembers"),
    Step("terminateMarketingNoticeTask", section=CLEANUP),
    Step("enableMarketingNoticeTask", section=CLEANUP),
    Step("terminateMarketingNotice", section=CLEANUP),
    Step("enableMarketingNotice", section=CLEANUP),
    Step("terminateMarketingNotice", section=CLEANUP),
    Step("deleteMarketingNotice", section=CLEANUP),
    Step("deleteGroup", section=CLEANUP),
)
"""Every operation at least once; what is created is deleted at the end, where the API can."""
