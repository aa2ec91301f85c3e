// test/start-mock.ts
import { spawn } from "node:child_process";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    mockUrl: string;
  }
}

/** Start one mock on a free port for all workers, or use the one of MOCK_URL. */
export default async function startMock(project: TestProject): Promise<() => void> {
  const running = process.env.MOCK_URL;
  if (running) {
    project.provide("mockUrl", running);
    return () => {};
  }
  const mock = spawn("hypers-mock", ["--frozen", "--port", "0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await new Promise<string>((resolve, reject) => {
    let printed = "";
    mock.stdout.on("data", (text: Buffer) => {
      printed += text.toString();
      const ready = /ready at (\S+)/.exec(printed);
      if (ready?.[1]) resolve(ready[1]);
    });
    mock.on("error", () =>
      reject(new Error("hypers-mock is not on the PATH; install it, or set MOCK_URL to a running one")),
    );
    mock.on("exit", (code) => reject(new Error(`hypers-mock ended with exit code ${code}`)));
  });
  project.provide("mockUrl", url);
  return () => void mock.kill();
}
