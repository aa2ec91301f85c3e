// test/mock.ts
import { afterAll, beforeAll, beforeEach, inject } from "vitest";
import { Mock } from "../mock/mock";

/** The session of this worker. */
export const mock = new Mock(inject("mockUrl")).session(`vitest-${process.env.VITEST_POOL_ID}`);

beforeAll(async () => {
  // The same instant, even if the clock of the mock runs.
  await mock.reset({ instant: "2025-04-21T09:00:00+08:00" });
  await mock.clock.freeze();
  await mock.snapshots.save("clean");
});

beforeEach(async () => {
  await mock.snapshots.restore("clean");
  await mock.faults.clear();
  await mock.requests.clear();
});

afterAll(() => mock.remove());
