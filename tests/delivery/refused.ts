// What the types must not let through. Each directive names the one error that the line below it is:
// the test takes the directives away and holds the compiler's list against them.
import type { components } from "./api";
import type { Input, Output } from "./frontend";

type Schemas = components["schemas"];
declare const scene: Schemas["ConversationalTaskSceneOutput"];
declare const page: Output<"/api/v1/notification-tasks", "get">;

const contents: Schemas["NotificationContentInput"][] = [
  // @ts-expect-error TS2820: a misspelt value of an enum
  { contentType: "IMAGES", contentValue: "x" },
  // @ts-expect-error TS2741: a required field is missing
  { contentType: "TEXT" },
];
const whole = { taskType: "APPOINTMENT_REMINDER", taskName: "x", contents } as const;

// @ts-expect-error TS2741: a task without its start
export const late: Schemas["NotificationTaskInput"] = { ...whole, contents };
// @ts-expect-error TS2561: a field that no task has
export const odd: Partial<Schemas["NotificationTaskInput"]> = { taskname: "x" };
// @ts-expect-error TS2353: one grant with what belongs to the other
export const mixed: Schemas["TokenRequest"] = { grant_type: "password", refresh_token: "x" };
// @ts-expect-error TS2322: null for a required field; an optional one may be null (X4)
export const nothing: Schemas["NotificationTaskInput"]["taskName"] = null;
// @ts-expect-error TS2322: an external id may be null, not only absent
export const external: string | undefined = scene.externalId;
// @ts-expect-error TS2741: the list has to be asked for one type of task
export const list: Input<"/api/v1/notification-tasks", "get">["query"] = {};
// @ts-expect-error TS2322: an id is a number
export const id: Input<"/api/v1/file/{id}", "get">["path"] = { id: "601" };
// @ts-expect-error TS2339: a field of the detail that no list has
export const members = page.records.map((task) => task.members);
// @ts-expect-error TS2367: a status that no task has
export const failed = page.records.filter((task) => task.status === "FAILED");
// @ts-expect-error TS2322: groups have no PATCH
export const verb: Input<"/api/v1/marketing-notice/group", "patch"> = {};
// @ts-expect-error TS2322: a body where there is none to send
export const body: Input<"/api/v1/marketing-notice/group", "get"> = { body: { name: "x" } };
