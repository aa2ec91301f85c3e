import { AuthApi, Configuration as AuthConfiguration } from "./auth";
import * as sdk from "./business";
import * as given from "./flow";

given.run(async () => {
  const { username, password } = given;
  const auth = new AuthApi(new AuthConfiguration({ basePath: given.authUrl, username, password }));
  const { grant_type: grantType, ...user } = given.grant;
  const first = await auth.createToken({ tokenRequest: { grantType, ...user } });
  const grant = { grantType: "refresh_token" as const, refreshToken: first.refreshToken };
  const token = await auth.createToken({ tokenRequest: grant });

  const settings = new sdk.Configuration({ basePath: given.businessUrl, accessToken: token.accessToken });
  const files = new sdk.FilesApi(settings);
  const notifications = new sdk.NotificationTasksApi(settings);
  const groups = new sdk.NoticeGroupsApi(settings);
  const plans = new sdk.NoticesApi(settings);

  const file = await files.uploadFile({ file: given.file, moduleName: given.moduleName });
  const task = await notifications.createNotificationTask({ notificationTaskInput: given.taskBody([file.id]) });
  const executions = await notifications.listNotificationTaskExecutions({ taskId: task.id });

  const group = await groups.createGroup({ marketingNoticeGroupInput: given.groupBody });
  const plan = await plans.createMarketingNotice({ marketingNoticeInput: given.planBody(group.id) });
  const scene = await new sdk.NoticeScenesApi(settings).createScene({
    conversationalTaskSceneInput: given.sceneBody(plan.id),
  });
  const planTask = await new sdk.NoticeTasksApi(settings).createMarketingNoticeTask({
    id: plan.id,
    conversationalTaskInput: given.planTaskBody([file.id]),
  });
  const report = await plans.getMarketingNoticeReport({ id: plan.id });
  const download = await files.getFile({ id: file.id });

  const refusal = await groups.createGroup({ marketingNoticeGroupInput: given.refusedBody }).catch(
    async (error: unknown) =>
      error instanceof sdk.ResponseError ? given.refusalOf(sdk.ProblemFromJSON(await error.response.json())) : "",
  );
  const read = await notifications.getNotificationTask({ taskId: 501 });
  return {
    tokens: [first.accessToken, token.accessToken],
    task,
    executions,
    group,
    plan,
    scene,
    planTask,
    report,
    download: await download.arrayBuffer(),
    refusal: String(refusal),
    read,
  };
});
