import { createToken } from "./auth/api";
import * as api from "./business/api";
import { useToken } from "./fetcher";
import * as given from "./flow";

given.run(async () => {
  const headers = { Authorization: given.basic };
  const first = await createToken(given.grant, { headers });
  const token = await createToken(given.refreshGrant(first), { headers });

  useToken(token.access_token);
  const file = await api.uploadFile({ file: given.file, moduleName: given.moduleName });
  const task = await api.createNotificationTask(given.taskBody([file.id]));
  const executions = await api.listNotificationTaskExecutions(task.id);

  const group = await api.createGroup(given.groupBody);
  const plan = await api.createMarketingNotice(given.planBody(group.id));
  const scene = await api.createScene(given.sceneBody(plan.id));
  const planTask = await api.createMarketingNoticeTask(plan.id, given.planTaskBody([file.id]));
  const report = await api.getMarketingNoticeReport(plan.id);
  const download = await api.getFile(file.id);

  const refused = await api.createGroup(given.refusedBody).catch((problem: api.Problem) => problem);
  const read = await api.getNotificationTask(501);
  return {
    tokens: [first.access_token, token.access_token],
    task,
    executions,
    group,
    plan,
    scene,
    planTask,
    report,
    download: await download.arrayBuffer(),
    refusal: "errors" in refused ? given.refusalOf(refused) : "",
    read,
  };
});
