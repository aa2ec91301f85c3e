// test/api.test.ts
import { beforeEach, describe, expect, test } from "vitest";
import { Api, ApiError, type NewTask } from "../src/api";
import { mock } from "./mock";

const task: NewTask = {
  taskName: "Gift reminder",
  taskType: "CUSTOMER_RESOURCE_REMINDER",
  scheduledStartTime: "2025-04-21 15:00:00",
  contents: [{ contentType: "TEXT", contentValue: "Your gift is here." }],
  members: [{ userId: "U1001" }],
};
const client = { Authorization: `Basic ${btoa("demo-client:demo-secret")}` };
let api: Api;

beforeEach(async () => {
  api = new Api(mock.apiUrl, client);
  await api.login("demo@example.com", "demo-password");
});

describe("tasks", () => {
  test("a new task is the first of the list", async () => {
    const created = await api.createTask(task);
    const [first] = await api.listTasks();
    expect(first).toMatchObject({ id: created.id, status: "PENDING" });
  });

  test("a task starts at its time", async () => {
    await api.createTask(task);
    await mock.clock.advanceTo("2025-04-21T15:00:00+08:00");
    await api.login("demo@example.com", "demo-password");
    expect((await api.listTasks())[0]?.status).toBe("EXECUTING");
  });

  test("a refusal has the field and the rule", async () => {
    const refused = api.createTask({ ...task, taskName: "" });
    await expect(refused).rejects.toMatchObject({
      status: 400,
      errors: [{ pointer: "/body/taskName", rule: "NT-01" }],
    });
  });

  test("the app sends nothing that the API does not have", async () => {
    await api.createTask(task);
    await api.listTasks();
    expect(await mock.requests.count(undefined, { ignored: true })).toBe(0);
  });
});

test("a dropped connection is an error without a status", async () => {
  await mock.faults.add({ operation: "listNotificationTasks", disconnect: "before", times: 1 });
  await expect(api.listTasks()).rejects.toEqual(
    new ApiError(0, { detail: "The server cannot be reached." }),
  );
});
