// test/msw.test.ts
import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { Api } from "../src/api";
import { mock } from "./mock";

// MSW answers the requests for which a test has a handler; all others reach the mock.
const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: "bypass" }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

test("one response comes from MSW, the others from the mock", async () => {
  const api = new Api(mock.apiUrl, {
    Authorization: `Basic ${btoa("demo-client:demo-secret")}`,
  });
  await api.login("demo@example.com", "demo-password");
  server.use(
    http.get(
      "*/api/v1/notification-tasks",
      () => HttpResponse.html("<h1>Bad gateway</h1>", { status: 502 }),
      { once: true },
    ),
  );
  await expect(api.listTasks()).rejects.toMatchObject({ status: 502, message: "Error 502" });
  expect(await api.listTasks()).toHaveLength(2);
  expect(await mock.requests.count("listNotificationTasks")).toBe(1);
});
