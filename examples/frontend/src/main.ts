// src/main.ts
import { Api, ApiError, type NewTask, type Task } from "./api";

const api = new Api();
const loginForm = element<HTMLFormElement>("login");
const createForm = element<HTMLFormElement>("create");

loginForm.addEventListener("submit", (event) => {
  void attempt(event, async () => {
    await api.login(field(loginForm, "username"), field(loginForm, "password"));
    sessionStorage.setItem("token", api.token);
    await showTasks();
  });
});

createForm.addEventListener("submit", (event) => {
  void attempt(event, async () => {
    const task: NewTask = {
      taskName: field(createForm, "taskName"),
      taskType: "CUSTOMER_RESOURCE_REMINDER",
      scheduledStartTime: field(createForm, "scheduledStartTime"),
      contents: [{ contentType: "TEXT", contentValue: field(createForm, "text") }],
      members: [{ userId: field(createForm, "userId") }],
    };
    await api.createTask(task);
    createForm.reset();
    await showTasks();
  });
});

element("refresh").addEventListener("click", (event) => void attempt(event, showTasks));

api.token = sessionStorage.getItem("token") ?? "";
if (api.token) void attempt(undefined, showTasks);
else showLogin();

async function showTasks(): Promise<void> {
  const tasks = await api.listTasks();
  element("rows").replaceChildren(...tasks.map(row));
  loginForm.hidden = true;
  element("tasks").hidden = false;
}

function showLogin(): void {
  sessionStorage.removeItem("token");
  element("tasks").hidden = true;
  loginForm.hidden = false;
}

function row(task: Task): HTMLTableRowElement {
  const found = document.createElement("tr");
  for (const text of [task.taskName, task.status, task.scheduledStartTime]) {
    found.insertCell().textContent = text ?? "";
  }
  return found;
}

/** Run an action, and show what was refused: beside its field, or at the top of the page. */
async function attempt(event: Event | undefined, action: () => Promise<void>): Promise<void> {
  event?.preventDefault();
  clearErrors();
  try {
    await action();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const elsewhere = error.errors.filter((each) => !showBesideField(each.pointer, each.message));
    if (error.status === 401 && api.token) {
      api.token = "";
      showLogin();
      showMessage("Your session has expired. Log in again.");
    } else if (elsewhere.length > 0 || error.errors.length === 0) {
      showMessage(error.message);
    }
  }
}

/** Show a message at the field that a pointer leads to; return whether there is one. */
function showBesideField(pointer: string, message: string): boolean {
  const inputs = [...createForm.querySelectorAll<HTMLElement>("[data-pointer]")];
  const input = inputs.find((each) => `${pointer}/`.startsWith(`${each.dataset.pointer}/`));
  if (!input) return false;
  const shown = document.createElement("span");
  shown.className = "error";
  shown.id = `${input.getAttribute("name")}-error`;
  shown.textContent = message;
  input.closest("label")?.after(shown);
  input.setAttribute("aria-invalid", "true");
  input.setAttribute("aria-describedby", shown.id);
  return true;
}

function showMessage(text: string): void {
  const message = element("message");
  message.textContent = text;
  message.hidden = false;
}

function clearErrors(): void {
  element("message").hidden = true;
  for (const each of document.querySelectorAll(".error")) each.remove();
  for (const each of document.querySelectorAll("[aria-invalid]")) {
    each.removeAttribute("aria-invalid");
    each.removeAttribute("aria-describedby");
  }
}

function element<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
  return document.getElementById(id) as Kind;
}

function field(form: HTMLFormElement, name: string): string {
  return String(new FormData(form).get(name));
}
