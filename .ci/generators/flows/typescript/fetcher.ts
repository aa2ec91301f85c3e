// The functions with which orval's clients send: they add base URL and token, and throw the body of a refusal.
import { authBase, businessBase } from "./flow";

let token = "";

export function useToken(value: string): void {
  token = value;
}

export const authFetch = <T>(url: string, init: RequestInit) => send<T>(authBase + url, init);

export const businessFetch = <T>(url: string, init: RequestInit) => {
  const headers = new Headers(init.headers);
  if (token) headers.set("Authorization", `Bearer ${token}`);
  return send<T>(businessBase + url, { ...init, headers });
};

async function send<T>(url: string, init: RequestInit): Promise<T> {
  const response = await fetch(url, init);
  const isJson = response.headers.get("Content-Type")?.includes("json");
  const content: unknown = await (isJson ? response.json() : response.blob());
  if (!response.ok) throw content;
  return content as T;
}
