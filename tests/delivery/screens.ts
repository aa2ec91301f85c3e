// The lists of the main screens as tables: each cell has a type that a table can show.
// `tsc --strict` compiles it beside the generated api.d.ts; a row that is `unknown` does not compile.
import type { components } from "./api";
import type { Output } from "./frontend";

type Schemas = components["schemas"];
type Cell = string | number | null | undefined;
type Tasks = Output<"/api/v1/notification-tasks", "get">["records"][number];
type Executions = Output<"/api/v1/notification-tasks/{taskId}/executions", "get">["records"][number];
type PlanTasks = Output<"/api/v1/marketing-notice/{id}/task", "get">["content"][number];
type Members = Output<"/api/v1/marketing-notice/task/{taskId}/members", "get">["content"][number];

export const task = (row: Tasks): Cell[] => [
  row.id,
  row.taskName,
  row.taskType,
  row.status,
  row.scheduledStartTime,
  row.scheduledEndTime,
  ...(row.contents ?? []).map((part) => part.contentValue),
];

export const execution = (row: Executions): Cell[] => [
  row.memberId,
  row.memberName,
  row.status,
  row.executeTime,
  row.failureReason,
];

export const planTask = (row: PlanTasks): Cell[] => [
  row.id,
  row.name,
  row.status,
  row.totalMember,
  row.startDate,
  row.startTime,
  row.createTime,
];

export const member = (row: Members): Cell[] => [
  row.memberId,
  row.memberName,
  row.status,
  ...(row.moodValues ?? []),
  ...(row.scenes ?? []),
  row.lastContactTime,
];

export const greeting = (said: Schemas["ConversationalTaskGreetingMo"]): Cell =>
  said.type === "TEXT" ? said.text : said.image;

/** The statuses of rows are the named ones, so that a screen can have a word for each. */
export const status: (row: PlanTasks) => Schemas["ConversationalTaskStatus"] | undefined = (row) =>
  row.status;
export const service: (row: Members) => Schemas["MemberServiceStatus"] | undefined = (row) =>
  row.status;
