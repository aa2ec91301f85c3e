// vite.config.ts
import { defineConfig } from "vite";

const mock = process.env.MOCK_URL ?? "http://127.0.0.1:4010";
// The dev server adds the client's secret, so that it is not part of the page.
const Authorization = `Basic ${btoa("demo-client:demo-secret")}`;

export default defineConfig({
  server: {
    host: "127.0.0.1",
    proxy: {
      "/api": mock,
      "/oauth": { target: mock, headers: { Authorization } },
    },
  },
});
