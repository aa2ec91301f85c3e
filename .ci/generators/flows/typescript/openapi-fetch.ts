import createClient from "openapi-fetch";
import type { paths as AuthPaths } from "./auth/api";
import type { components, paths } from "./business/api";
import * as given from "./flow";
import { need } from "./flow";

given.run(async () => {
  const auth = createClient<AuthPaths>({ baseUrl: given.authBase });
  const headers = { Authorization: given.basic };
  const first = need((await auth.POST("/oauth/token", { headers, body: given.grant })).data);
  const token = need((await auth.POST("/oauth/token", { headers, body: given.refreshGrant(first) })).data);

  const api = createClient<paths>({
    baseUrl: given.businessBase,
    headers: { Authorization: `Bearer ${token.access_token}` },
  });
  const { data: uploaded, error: notUploaded } = await api.POST("/api/v1/file", {
    body: { file: "", moduleName: given.moduleName }, // a file is a string in the types
    bodySerializer({ moduleName }) {
      const form = new FormData();
      form.set("file", given.file);
      form.set("moduleName", moduleName);
      return form;
    },
  });
  const file = need(uploaded, notUploaded);
  const task = need((await api.POST("/api/v1/notification-tasks", { body: given.taskBody([file.id]) })).data);
  const executions = await api.GET("/api/v1/notification-tasks/{taskId}/executions", {
    params: { path: { taskId: task.id } },
  });

  const group = need((await api.POST("/api/v1/marketing-notice/group", { body: given.groupBody })).data);
  const plan = need((await api.POST("/api/v1/marketing-notice", { body: given.planBody(group.id) })).data);
  const scene = await api.POST("/api/v1/marketing-notice/scene", { body: given.sceneBody(plan.id) });
  const params = { path: { id: plan.id } };
  const planTask = await api.POST("/api/v1/marketing-notice/{id}/task", {
    params,
    body: given.planTaskBody([file.id]),
  });
  const report = await api.GET("/api/v1/marketing-notice/{id}/report", { params });
  const download = await api.GET("/api/v1/file/{id}", {
    params: { path: { id: file.id } },
    parseAs: "arrayBuffer",
  });

  const { error } = await api.POST("/api/v1/marketing-notice/group", { body: given.refusedBody });
  const read = await api.GET("/api/v1/notification-tasks/{taskId}", { params: { path: { taskId: 501 } } });
  return {
    tokens: [first.access_token, token.access_token],
    task,
    executions: need(executions.data),
    group,
    plan,
    scene: need(scene.data),
    planTask: need(planTask.data),
    report: need(report.data),
    download: need(download.data),
    // Errors may have another form, in which each field is unknown.
    refusal: given.refusalOf(error as components["schemas"]["Problem"]),
    read: need(read.data),
  };
});
