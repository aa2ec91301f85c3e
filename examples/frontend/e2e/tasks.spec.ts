// e2e/tasks.spec.ts
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";

async function createTask(page: Page, task: { name: string; start: string }): Promise<void> {
  await page.getByLabel("Name").fill(task.name);
  await page.getByLabel("Start").fill(task.start);
  await page.getByLabel("Customer").fill("U1001");
  await page.getByLabel("Text").fill("Your gift is here.");
  await page.getByRole("button", { name: "Create" }).click();
}

test("a user logs in and sees the tasks", async ({ page }) => {
  await page.goto("/");
  await page.getByLabel("Email").fill("demo@example.com");
  await page.getByLabel("Password").fill("demo-password");
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page.getByRole("row")).toHaveCount(3);
});

test("a wrong password is refused", async ({ page, mock }) => {
  await page.goto("/");
  await page.getByLabel("Email").fill("demo@example.com");
  await page.getByLabel("Password").fill("wrong");
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  const [login] = await mock.requests.find("createToken");
  expect(login?.status).toBe(400);
});

test("a new task is the first of the list", async ({ page, mock, loggedIn }) => {
  await createTask(page, { name: "Gift reminder", start: "2025-04-21 10:00:00" });
  await expect(page.getByRole("row").nth(1)).toContainText("Gift reminder");
  await mock.requests.waitFor("createNotificationTask", {
    body: { members: [{ userId: "U1001" }] },
    seconds: 5,
  });
});

test("a task starts at its time", async ({ page, mock, loggedIn }) => {
  await createTask(page, { name: "Gift reminder", start: "2025-04-21 10:00:00" });
  const task = page.getByRole("row").nth(1);
  await expect(task).toContainText("PENDING");
  await mock.clock.advance({ hours: 1 });
  await page.getByRole("button", { name: "Refresh" }).click();
  await expect(task).toContainText("EXECUTING");
});

test("a refusal is shown beside its field", async ({ page, loggedIn }) => {
  await createTask(page, { name: "x".repeat(121), start: "tomorrow" });
  await expect(page.getByLabel("Name")).toHaveAccessibleDescription(/1 to 120 characters/);
  await expect(page.getByLabel("Start")).toHaveAccessibleDescription(/yyyy-MM-dd HH:mm:ss/);
  await expect(page.getByLabel("Text")).not.toHaveAttribute("aria-invalid");
});

test("a list that fails once can be loaded again", async ({ page, mock, loggedIn }) => {
  await expect(page.getByRole("row")).toHaveCount(3);
  await mock.faults.add({ operation: "listNotificationTasks", status: 503, times: 1 });
  await page.getByRole("button", { name: "Refresh" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await page.getByRole("button", { name: "Refresh" }).click();
  await expect(page.getByRole("alert")).toBeHidden();
});

test("a user whose token has expired logs in again", async ({ page, mock, loggedIn }) => {
  await expect(page.getByRole("row")).toHaveCount(3);
  await mock.tokens.expire();
  await page.getByRole("button", { name: "Refresh" }).click();
  await expect(page.getByRole("alert")).toContainText("expired");
  await expect(page.getByLabel("Password")).toBeVisible();
});
