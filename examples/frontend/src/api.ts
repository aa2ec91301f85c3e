// src/api.ts
import type { components } from "./hypers";

type Schemas = components["schemas"];
export type Task = Schemas["NotificationTaskSummary"];
export type NewTask = Schemas["NotificationTaskInput"];
type Problem = Partial<Schemas["Problem"]> & Partial<Schemas["OAuth2Error"]>;

const TASKS = "/api/v1/notification-tasks";

/** A request that the API refused, or that got no response (status 0). */
export class ApiError extends Error {
  readonly status: number;
  readonly errors: Schemas["ProblemError"][];

  constructor(status: number, problem: Problem) {
    super(problem.detail ?? problem.error_description ?? problem.title ?? `Error ${status}`);
    this.status = status;
    this.errors = problem.errors ?? [];
  }
}

export class Api {
  private readonly base: string;
  private readonly fixedHeaders: Record<string, string>;
  token = "";

  /** `base` is "" behind the dev server; `headers` are sent with the login. */
  constructor(base = "", headers: Record<string, string> = {}) {
    this.base = base;
    this.fixedHeaders = headers;
  }

  async login(username: string, password: string): Promise<void> {
    const grant: Schemas["TokenRequest"] = { grant_type: "password", username, password };
    const token = await this.send<Schemas["TokenResponse"]>(
      "POST",
      "/oauth/token",
      grant,
      this.fixedHeaders,
    );
    this.token = token.access_token;
  }

  async listTasks(): Promise<Task[]> {
    const query = "?taskType=CUSTOMER_RESOURCE_REMINDER&size=20";
    const page = await this.send<Schemas["NotificationTaskPage"]>("GET", TASKS + query);
    return page.records;
  }

  createTask(task: NewTask): Promise<Schemas["NotificationTaskCreated"]> {
    return this.send("POST", TASKS, task);
  }

  private async send<Result>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = { Authorization: `Bearer ${this.token}` },
  ): Promise<Result> {
    let response: Response;
    try {
      response = await fetch(this.base + path, {
        method,
        headers: { "Content-Type": "application/json", "Accept-Language": "en", ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch {
      throw new ApiError(0, { detail: "The server cannot be reached." });
    }
    const document = await response.json().catch(() => ({}));
    if (!response.ok) throw new ApiError(response.status, document as Problem);
    return document as Result;
  }
}
