// e2e/fixtures.ts
import { test as base } from "@playwright/test";
import { Mock } from "../mock/mock";

type WorkerFixtures = { session: { mock: Mock; token: string } };
type TestFixtures = { mock: Mock; loggedIn: undefined };

export const test = base.extend<TestFixtures, WorkerFixtures>({
  // One session for each worker, in the state in which its tests begin.
  session: [
    async ({}, use, worker) => {
      const url = process.env.MOCK_URL ?? "http://127.0.0.1:4010";
      const mock = new Mock(url).session(`e2e-${worker.parallelIndex}`);
      // The same instant, even if the clock of the mock runs.
      await mock.reset({ instant: "2025-04-21T09:00:00+08:00" });
      await mock.clock.freeze();
      const token = await mock.login();
      await mock.snapshots.save("clean");
      await use({ mock, token });
      await mock.remove();
    },
    { scope: "worker" },
  ],

  // Each test begins with the same records, clock and tokens, without faults.
  mock: async ({ session: { mock } }, use) => {
    await mock.snapshots.restore("clean");
    await mock.faults.clear();
    await mock.requests.clear();
    await use(mock);
  },

  // The page sends this header with each request, and the dev server forwards it to the mock.
  extraHTTPHeaders: async ({ mock }, use) => {
    await use(mock.headers);
  },

  // For tests that begin after the login: the token is part of the snapshot, so it stays valid.
  loggedIn: async ({ page, session: { token } }, use) => {
    await page.goto("/");
    await page.evaluate((value) => sessionStorage.setItem("token", value), token);
    await page.goto("/");
    await use(undefined);
  },
});

export { expect } from "@playwright/test";
