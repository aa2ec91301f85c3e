import { isAxiosError } from "axios";
import { createToken } from "./auth/auth";
import { getFile, uploadFile } from "./business/files";
import { createGroup } from "./business/noticeGroups";
import { createScene } from "./business/noticeScenes";
import { createMarketingNoticeTask } from "./business/noticeTasks";
import { createMarketingNotice, getMarketingNoticeReport } from "./business/notices";
import * as notifications from "./business/notificationTasks";
import * as given from "./flow";
import { client } from "./request";

given.run(async () => {
  const headers = { Authorization: given.basic };
  const first = await createToken(given.grant, { headers });
  const token = await createToken(given.refreshGrant(first), { headers });

  client.defaults.headers.common.Authorization = `Bearer ${token.access_token}`;
  // The file is a string in the types of the body, and an argument beside it.
  const form = { moduleName: given.moduleName } as API.FileUploadInput;
  const file = await uploadFile(form, given.file);
  const task = await notifications.createNotificationTask(given.taskBody([file.id]));
  const executions = await notifications.listNotificationTaskExecutions({ taskId: task.id });

  const group = await createGroup(given.groupBody);
  const plan = await createMarketingNotice(given.planBody(group.id));
  const scene = await createScene(given.sceneBody(plan.id));
  const params = { id: plan.id };
  const planTask = await createMarketingNoticeTask(params, given.planTaskBody([file.id]));
  const report = await getMarketingNoticeReport(params);
  const download: unknown = await getFile({ id: file.id }, { responseType: "arraybuffer" });

  const refusal = await createGroup(given.refusedBody).catch((error: unknown) =>
    isAxiosError<API.Problem>(error) && error.response ? given.refusalOf(error.response.data) : "",
  );
  const read = await notifications.getNotificationTask({ taskId: 501 });
  return {
    tokens: [first.access_token, token.access_token],
    task,
    executions,
    group,
    plan,
    scene,
    planTask,
    report,
    download: download as ArrayBuffer,
    refusal: String(refusal),
    read,
  };
});
