import { client as authClient } from "./auth/client.gen";
import { createToken } from "./auth";
import * as sdk from "./business";
import { client } from "./business/client.gen";
import * as given from "./flow";
import { need } from "./flow";

given.run(async () => {
  if (given.authUrl) authClient.setConfig({ baseUrl: given.authUrl });
  authClient.setConfig({ auth: `${given.username}:${given.password}`, throwOnError: true });
  const first = need((await createToken({ body: given.grant })).data);
  const token = need((await createToken({ body: given.refreshGrant(first) })).data);

  // The generated base URL is a template: https://{tenant}.hypers.com.cn
  client.setConfig({ baseUrl: given.businessBase, auth: token.access_token });
  const uploaded = await sdk.uploadFile({ body: { file: given.file, moduleName: given.moduleName } });
  const file = need(uploaded.data, uploaded.error);
  const task = need((await sdk.createNotificationTask({ body: given.taskBody([file.id]) })).data);
  const executions = await sdk.listNotificationTaskExecutions({ path: { taskId: task.id } });

  const group = need((await sdk.createGroup({ body: given.groupBody })).data);
  const plan = need((await sdk.createMarketingNotice({ body: given.planBody(group.id) })).data);
  const scene = await sdk.createScene({ body: given.sceneBody(plan.id) });
  const path = { id: plan.id };
  const planTask = await sdk.createMarketingNoticeTask({ path, body: given.planTaskBody([file.id]) });
  const report = await sdk.getMarketingNoticeReport({ path });
  const download = await sdk.getFile({ path: { id: file.id }, parseAs: "blob" });

  const { error } = await sdk.createGroup({ body: given.refusedBody });
  const read = await sdk.getNotificationTask({ path: { taskId: 501 } });
  return {
    tokens: [first.access_token, token.access_token],
    task,
    executions: need(executions.data),
    group,
    plan,
    scene: need(scene.data),
    planTask: need(planTask.data),
    report: need(report.data),
    download: await (need(download.data) as Blob).arrayBuffer(),
    refusal: error && "errors" in error ? given.refusalOf(error) : "",
    read: need(read.data),
  };
});
