import { isAxiosError } from "axios";
import { AuthApi, Configuration as AuthConfiguration } from "./auth";
import * as sdk from "./business";
import * as given from "./flow";

given.run(async () => {
  const { username, password } = given;
  const auth = new AuthApi(new AuthConfiguration({ basePath: given.authUrl, username, password }));
  const { data: first } = await auth.createToken(given.grant);
  const { data: token } = await auth.createToken(given.refreshGrant(first));

  const settings = new sdk.Configuration({ basePath: given.businessUrl, accessToken: token.access_token });
  const files = new sdk.FilesApi(settings);
  const notifications = new sdk.NotificationTasksApi(settings);
  const groups = new sdk.NoticeGroupsApi(settings);
  const plans = new sdk.NoticesApi(settings);

  const { data: file } = await files.uploadFile(given.file, given.moduleName);
  const { data: task } = await notifications.createNotificationTask(given.taskBody([file.id]));
  const { data: executions } = await notifications.listNotificationTaskExecutions(task.id);

  const { data: group } = await groups.createGroup(given.groupBody);
  const { data: plan } = await plans.createMarketingNotice(given.planBody(group.id));
  const { data: scene } = await new sdk.NoticeScenesApi(settings).createScene(given.sceneBody(plan.id));
  const { data: planTask } = await new sdk.NoticeTasksApi(settings).createMarketingNoticeTask(
    plan.id,
    given.planTaskBody([file.id]),
  );
  const { data: report } = await plans.getMarketingNoticeReport(plan.id);
  const { data: download } = await files.getFile(file.id, undefined, undefined, { responseType: "arraybuffer" });

  const refusal = await groups.createGroup(given.refusedBody).catch((error: unknown) =>
    isAxiosError<sdk.Problem>(error) && error.response ? given.refusalOf(error.response.data) : "",
  );
  const { data: read } = await notifications.getNotificationTask(501);
  return {
    tokens: [first.access_token, token.access_token],
    task,
    executions,
    group,
    plan,
    scene,
    planTask,
    report,
    download: download as unknown as ArrayBuffer,
    refusal: String(refusal),
    read,
  };
});
