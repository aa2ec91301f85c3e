// vitest.config.ts
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { include: ["test/**/*.test.ts"], globalSetup: "test/start-mock.ts", maxWorkers: 2 },
});
