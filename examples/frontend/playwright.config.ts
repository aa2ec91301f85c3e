// playwright.config.ts
import { defineConfig } from "@playwright/test";

const mock = new URL(process.env.MOCK_URL ?? "http://127.0.0.1:4010");
const page = new URL(process.env.PAGE_URL ?? "http://127.0.0.1:5173");

export default defineConfig({
  testDir: "e2e",
  fullyParallel: true,
  workers: 2,
  use: {
    baseURL: page.origin,
    // A Chromium of the system, such as /usr/bin/chromium; without it, Playwright's own.
    launchOptions: process.env.CHROME_PATH ? { executablePath: process.env.CHROME_PATH } : {},
  },
  webServer: [
    {
      command: `hypers-mock --frozen --port ${mock.port}`,
      url: `${mock.origin}/__admin/health`,
      reuseExistingServer: true,
    },
    {
      command: `npx vite --port ${page.port} --strictPort`,
      url: page.origin,
      reuseExistingServer: true,
    },
  ],
});
