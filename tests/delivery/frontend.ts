// A frontend's module: types from the contract, a small client over fetch, and an afternoon with it.
// `tsc --strict` compiles it beside the generated api.d.ts; node runs it against the mock.
import type { components, operations, paths } from "./api";

type Schemas = components["schemas"];
type Verb = "get" | "post" | "put" | "patch" | "delete";
type Operation<P extends keyof paths, V extends Verb> = V extends keyof paths[P]
  ? NonNullable<paths[P][V]>
  : never;

/** What a request to an operation takes: its parameters, and its body when it has one. */
type Parameters<O> = O extends { parameters: infer P }
  ? Pick<P, Extract<keyof P, "path" | "query">>
  : never;
type Body<O> = O extends { requestBody: infer R }
  ? { body: Json<R> }
  : O extends { requestBody?: infer R }
    ? { body?: Json<NonNullable<R>> }
    : never;
export type Input<P extends keyof paths, V extends Verb> = Parameters<Operation<P, V>> &
  Body<Operation<P, V>>;

/** The JSON of its 200. */
export type Output<P extends keyof paths, V extends Verb> =
  Operation<P, V> extends { responses: { 200: infer R } } ? Json<R> : never;
type Json<T> = T extends { content: { "application/json": infer J } } ? J : never;

/** What the API refused, and where. */
export class Refused extends Error {
  readonly problem: Schemas["Problem"];

  constructor(problem: Schemas["Problem"]) {
    super((problem.errors ?? []).map((error) => `${error.rule} ${error.pointer}`).join(", "));
    this.problem = problem;
  }
}

export class Api {
  private readonly base: string;
  private authorization = "Basic " + btoa("demo-client:demo-secret");

  constructor(base: string) {
    this.base = base;
  }

  async logIn(grant: Schemas["TokenRequest"]): Promise<Schemas["TokenResponse"]> {
    this.authorization = "Basic " + btoa("demo-client:demo-secret");
    const token = await this.call("/oauth/token", "post", { body: grant });
    this.authorization = "Bearer " + token.access_token;
    return token;
  }

  async call<P extends keyof paths, V extends Verb>(
    path: P,
    verb: V,
    input: Input<P, V>,
  ): Promise<Output<P, V>> {
    const { path: ids, query, body } = input as {
      path?: Record<string, string | number>;
      query?: Record<string, string | number | undefined>;
      body?: unknown;
    };
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => String(ids?.[name]));
    const url = new URL(filled, this.base);
    for (const [name, value] of Object.entries(query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const headers = new Headers({ Authorization: this.authorization });
    if (body !== undefined) headers.set("Content-Type", "application/json");
    return (await this.send(url, {
      method: verb.toUpperCase(),
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })) as Output<P, V>;
  }

  async upload(file: File, moduleName: Upload["moduleName"]): Promise<Schemas["UploadedFile"]> {
    const form = new FormData();
    const name: keyof Upload = "file";
    form.set(name, file);
    form.set("moduleName" satisfies keyof Upload, moduleName);
    const headers = { Authorization: this.authorization };
    const made = await this.send(new URL("/api/v1/file", this.base), {
      method: "POST",
      headers,
      body: form,
    });
    return made as Schemas["UploadedFile"];
  }

  async download(id: operations["getFile"]["parameters"]["path"]["id"]): Promise<Uint8Array> {
    const answer = await fetch(new URL(`/api/v1/file/${id}`, this.base));
    return new Uint8Array(await answer.arrayBuffer());
  }

  private async send(url: URL, init: RequestInit): Promise<unknown> {
    const answer = await fetch(url, init);
    const content: unknown = await answer.json();
    if (!answer.ok) throw new Refused(content as Schemas["Problem"]);
    return content;
  }
}

type Upload =
  operations["uploadFile"]["requestBody"]["content"]["multipart/form-data"];

/** Every status has its word; a new one in the contract stops the compilation here. */
export function word(status: Schemas["NotificationTaskStatus"]): string {
  switch (status) {
    case "PENDING":
      return "waiting";
    case "EXECUTING":
      return "running";
    case "COMPLETED":
      return "done";
    case "TERMINATED":
      return "stopped";
    default:
      return status satisfies never;
  }
}

/** Which grant it is decides what it holds. */
export function secretOf(grant: Schemas["TokenRequest"]): string {
  return grant.grant_type === "password" ? grant.password : grant.refresh_token;
}

/** The id of the scene elsewhere: absent, null once it is unbound, or a text. */
export function elsewhere(scene: Schemas["ConversationalTaskSceneOutput"]): string {
  return scene.externalId === null ? "unbound" : (scene.externalId?.trim() ?? "never bound");
}

const REMINDER: Schemas["NotificationTaskInput"] = {
  taskName: "Gift reminder",
  taskType: "CUSTOMER_RESOURCE_REMINDER",
  scheduledStartTime: "2025-04-21 15:00:00",
  contents: [{ contentType: "TEXT", contentValue: "{{nickname}}, your gift is here." }],
  members: [{ userId: "U1001", nickname: "Zhang Li" }],
};

async function afternoon(base: string): Promise<Record<string, unknown>> {
  const api = new Api(base);
  const first = await api.logIn({
    grant_type: "password",
    username: "demo@example.com",
    password: "demo-password",
  });
  const next: Schemas["TokenRequest"] = {
    grant_type: "refresh_token",
    refresh_token: first.refresh_token,
  };
  const again = await api.logIn(next);

  const tasks = "/api/v1/notification-tasks";
  const made = await api.call(tasks, "post", { body: REMINDER });
  const list = await api.call(tasks, "get", {
    query: { taskType: REMINDER.taskType, status: "PENDING", size: 1 },
  });
  const path = { taskId: made.id };
  const read = await api.call("/api/v1/notification-tasks/{taskId}", "get", { path });
  const end = await api.call("/api/v1/notification-tasks/{taskId}/termination", "put", {
    path,
    body: { reason: "changed our mind" },
  });

  const scenes = await api.call("/api/v1/marketing-notice/scene", "get", { query: {} });
  const bound = scenes.content.find((scene) => typeof scene.externalId === "string");
  if (!bound) throw new Error("no scene is bound");
  const unbound = await api.call(
    "/api/v1/marketing-notice/scene/{id}/unbundled-externalId",
    "patch",
    { path: { id: bound.id } },
  );

  const bytes = new Uint8Array(1024).map((_, index) => index % 256);
  const uploaded = await api.upload(new File([bytes], "到店须知.bin"), "notification");
  const downloaded = await api.download(uploaded.id);

  return {
    refreshed: secretOf(next) !== again.refresh_token,
    made: made.id,
    total: made.totalMembers,
    listed: list.records.map((task) => task.id),
    texts: list.records.flatMap((task) => task.contents ?? []).map((part) => part.contentValue),
    read: word(read.status),
    from: end.previousStatus,
    to: word(end.currentStatus),
    scene: bound.id,
    externalId: elsewhere(unbound),
    fileName: uploaded.fileName,
    identical: downloaded.length === bytes.length && downloaded.every((b, i) => b === bytes[i]),
    refused: await reason(() => api.call(tasks, "post", { body: { ...REMINDER, taskName: "" } })),
  };
}

async function reason(attempt: () => Promise<unknown>): Promise<string> {
  try {
    await attempt();
    return "accepted";
  } catch (error) {
    if (error instanceof Refused) return `${error.problem.status} ${error.message}`;
    throw error;
  }
}

declare const process: { argv: string[] };
const base = process.argv[2];
if (base) console.log(JSON.stringify(await afternoon(base)));
