// mock/mock.ts
import type { components, operations } from "./control-plane";

type Schemas = components["schemas"];
type Id = keyof operations;
type Json<T> = T extends { content: { "application/json": infer Content } } ? Content : never;
type Body<Name extends Id> = operations[Name] extends { requestBody?: infer Sent }
  ? Json<NonNullable<Sent>>
  : never;
type Result<Name extends Id> = operations[Name]["responses"] extends { 200: infer Response }
  ? Json<Response>
  : undefined;

export type Clock = Schemas["Clock"];
export type RecordedRequest = Schemas["ListedRequest"];
export type Criteria = Schemas["RequestCriteria"];

/** A call that the control plane refused; the message has fields, rules and what is accepted. */
export class MockRefusal extends Error {
  readonly status: number;
  readonly errors: Schemas["Violation"][];

  constructor(call: string, problem: Schemas["Problem"]) {
    const errors = problem.errors ?? [];
    const reasons = errors.map(
      (each) =>
        `\n  ${each.pointer} (${each.rule}): ${each.message}` +
        (each.accepted ? ` Accepted: ${each.accepted}` : "") +
        (each.found ? `; found: ${each.found}` : ""),
    );
    const isRepeated = errors.some((each) => each.message === problem.detail);
    super(`${call}: ${problem.status} ${isRepeated ? "" : problem.detail}${reasons.join("")}`);
    this.name = "MockRefusal";
    this.status = problem.status;
    this.errors = errors;
  }
}

/** One session of a running mock: its own records, tokens, clock, faults and journal. */
export class Mock {
  /** The address of the mock. */
  readonly url: string;
  readonly sessionName: string;

  constructor(url: string, sessionName = "default") {
    this.url = url.replace(/\/$/, "");
    this.sessionName = sessionName;
  }

  /** The base URL of the API in this session. */
  get apiUrl(): string {
    return `${this.url}/__session/${this.sessionName}`;
  }

  /** The header that selects this session, for requests to `url`. */
  get headers(): Record<string, string> {
    return { "X-Mock-Session": this.sessionName };
  }

  /** The session with this name; its first use creates it. */
  session(name: string): Mock {
    return new Mock(this.url, name);
  }

  reset(to: Body<"resetWorld"> = {}): Promise<Schemas["Health"]> {
    return this.call<"resetWorld">("POST", "/reset", to);
  }

  health(): Promise<Schemas["Health"]> {
    return this.call<"getHealth">("GET", "/health");
  }

  /** Remove this session. */
  remove(): Promise<undefined> {
    return new Mock(this.url).call<"deleteSession">("DELETE", `/sessions/${this.sessionName}`);
  }

  readonly clock = {
    read: () => this.call<"getClock">("GET", "/clock"),
    /** Move the clock forward. */
    advance: ({ days = 0, hours = 0, minutes = 0, seconds = 0 }: Duration) =>
      this.call<"advanceClock">("POST", "/clock/advance", {
        seconds: Math.round(((days * 24 + hours) * 60 + minutes) * 60 + seconds),
      }),
    /** Move the clock forward to an instant, such as "2025-04-21T15:00:00+08:00". */
    advanceTo: (to: string) => this.call<"advanceClock">("POST", "/clock/advance", { to }),
    freeze: (now?: string) =>
      this.call<"setClock">("PUT", "/clock", { frozen: true, ...(now ? { now } : {}) }),
    /** Let the clock run, at `scale` simulated seconds per second. */
    run: (scale = 1) => this.call<"setClock">("PUT", "/clock", { frozen: false, scale }),
  };

  readonly faults = {
    add: (rule: Body<"addFault">) => this.call<"addFault">("POST", "/faults", rule),
    list: () => this.call<"listFaults">("GET", "/faults"),
    remove: (id: string) => this.call<"deleteFault">("DELETE", `/faults/${id}`),
    clear: () => this.call<"deleteFaults">("DELETE", "/faults"),
  };

  /** The requests that the API has received in this session. */
  readonly requests = {
    /** The newest requests that meet the criteria, the newest first. */
    find: async (operationId?: string, criteria: Criteria = {}) =>
      (await this.call<"findRequests">("POST", "/requests/find", named(operationId, criteria)))
        .requests,
    count: async (operationId?: string, criteria: Criteria = {}) =>
      (await this.call<"countRequests">("POST", "/requests/count", named(operationId, criteria)))
        .count,
    /** Wait for at most `seconds`; requests that are already in the journal count. */
    waitFor: async (operationId: string, criteria: Body<"waitForRequests"> = {}) =>
      (await this.call<"waitForRequests">("POST", "/requests/wait", { ...criteria, operationId }))
        .requests,
    clear: () => this.call<"deleteRequests">("DELETE", "/requests"),
  };

  readonly snapshots = {
    save: (name: string) => this.call<"saveSnapshot">("PUT", `/snapshots/${name}`),
    /** Restore records, files, clock, tokens and readings. */
    restore: (name: string) => this.call<"restoreSnapshot">("POST", `/snapshots/${name}/restore`),
    list: async () => (await this.call<"listSnapshots">("GET", "/snapshots")).snapshots,
    delete: (name: string) => this.call<"deleteSnapshot">("DELETE", `/snapshots/${name}`),
  };

  readonly readings = {
    read: () => this.call<"getReadings">("GET", "/readings"),
    set: (readings: Record<string, string | null>) =>
      this.call<"setReadings">("PUT", "/readings", { readings }),
  };

  readonly tokens = {
    /** Make an access token expire now, or all. */
    expire: (token?: string) =>
      this.call<"expireTokens">("POST", "/tokens/expire", token ? { token } : {}),
    /** Make an access or refresh token invalid, or all. */
    revoke: (token?: string) =>
      this.call<"revokeTokens">("POST", "/tokens/revoke", token ? { token } : {}),
  };

  readonly state = {
    export: () => this.call<"getState">("GET", "/state"),
    import: (state: Body<"setState">) => this.call<"setState">("PUT", "/state", state),
  };

  /** Log in as the demo user, or another one of the scenario, and return the access token. */
  async login(username = "demo@example.com", password = "demo-password"): Promise<string> {
    const response = await fetch(`${this.apiUrl}/oauth/token`, {
      method: "POST",
      headers: {
        Authorization: `Basic ${btoa("demo-client:demo-secret")}`,
        "Content-Type": "application/json",
      },
      body: JSON.stringify({ grant_type: "password", username, password }),
    });
    const document = (await response.json()) as { access_token?: string };
    if (!document.access_token) throw new Error(`login: ${JSON.stringify(document)}`);
    return document.access_token;
  }

  private async call<Name extends Id>(
    method: string,
    path: string,
    body?: Body<Name>,
  ): Promise<Result<Name>> {
    const response = await fetch(`${this.apiUrl}/__admin${path}`, {
      method,
      headers: { "Accept-Language": "en", "Content-Type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const document: unknown = text ? JSON.parse(text) : undefined;
    if (!response.ok) {
      throw new MockRefusal(`${method} /__admin${path}`, document as Schemas["Problem"]);
    }
    return document as Result<Name>;
  }
}

type Duration = { days?: number; hours?: number; minutes?: number; seconds?: number };

function named(operationId: string | undefined, criteria: Criteria): Criteria {
  return operationId ? { ...criteria, operationId } : criteria;
}
