// The common parts of the flows of all TypeScript clients: addresses, credentials, bodies, and the result.
import { readFileSync } from "node:fs";

/** Base URLs; undefined: the client's own one, which is production. */
export const authUrl = process.env.AUTH_URL || undefined;
export const businessUrl = process.env.BUSINESS_URL || undefined;
/** The same for clients that have no base URL of their own. */
export const authBase = authUrl ?? "https://oauth.hypers.com.cn";
export const businessBase = businessUrl ?? "https://szhl-phiskin.hypers.com.cn";

export const username = "demo-client";
export const password = "demo-secret";
export const basic = "Basic " + btoa(`${username}:${password}`);
export const grant = {
  grant_type: "password" as const,
  username: "demo@example.com",
  password: "demo-password",
};
export const refreshGrant = ({ refresh_token }: { refresh_token: string }) => ({
  grant_type: "refresh_token" as const,
  refresh_token,
});

const bytes = readFileSync(process.env.MEMBERS_FILE!);
export const file = new File([bytes], "members.csv", { type: "text/csv" });
export const moduleName = "notification";
export const taskBody = (fileIds: number[]) => ({
  taskName: "May Day gifts",
  taskType: "CUSTOMER_RESOURCE_REMINDER" as const,
  scheduledStartTime: "2025-04-21 15:00:00",
  contents: [{ contentType: "TEXT" as const, contentValue: "{{nickname}}, your gift is ready." }],
  fileIds,
});
export const groupBody = { name: "Summer care" };
export const planBody = (groupId: number) => ({
  options: "RELEASE" as const,
  data: { name: "Skin check", groupId, greetings: [{ type: "TEXT" as const, text: "Hello!" }] },
});
export const sceneBody = (planId: number) => ({
  name: "Gifts",
  statisticalMethod: "GRAND_TOTAL" as const,
  prompt: "The customer asks about gifts.",
  planId,
});
export const planTaskBody = (fileIds: number[]) => ({
  name: "First batch",
  startTime: "2025-04-23 10:00",
  fileIds,
});
/** A group without a name is refused. */
export const refusedBody = { name: "" };

/** The responses of a flow: both access tokens, the bytes of the download, and the text of the refusal. */
interface Responses {
  tokens: [string, string];
  task: { totalMembers?: number | null };
  executions: { page: { total: number } };
  group: { name: string };
  plan: { status: string };
  scene: { sceneType?: string | null };
  planTask: { status?: string | null };
  report: { plannedNumberOfPeopl?: number | null };
  download: ArrayBuffer;
  refusal: string;
  read: { status: string };
}

/** Return the printed values; the expected ones are in tests/generators/flows.py. */
function resultOf(found: Responses) {
  return {
    refreshed: found.tokens[0] !== found.tokens[1],
    members: found.task.totalMembers,
    executions: found.executions.page.total,
    group: found.group.name,
    plan: found.plan.status,
    scene: found.scene.sceneType,
    planTask: found.planTask.status,
    planned: found.report.plannedNumberOfPeopl,
    bytes: Buffer.from(found.download).equals(bytes),
    refusal: found.refusal,
    status: found.read.status,
  };
}

interface Refusal {
  status: number;
  errors?: { rule?: string | null; pointer?: string | null }[] | null;
}

export function refusalOf({ status, errors }: Refusal): string {
  return `${status} ${errors?.[0]?.rule} ${errors?.[0]?.pointer}`;
}

/** Return the value, or throw with what was received instead. */
export function need<T>(value: T | undefined, instead?: unknown): T {
  if (value === undefined) throw new Error(JSON.stringify(instead));
  return value;
}

export function run(flow: () => Promise<Responses>): void {
  flow().then(
    (found) => console.log(JSON.stringify(resultOf(found))),
    (error: unknown) => {
      console.error(error);
      process.exitCode = 1;
    },
  );
}
