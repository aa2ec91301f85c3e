// The function `request` as "@umijs/max" has it: axios, with the data of the response as the result.
import axios, { type AxiosRequestConfig } from "axios";
import { authBase, businessBase } from "./flow";

export const client = axios.create();

export async function request<T>(url: string, options: AxiosRequestConfig & { requestType?: "form" }): Promise<T> {
  const baseURL = url === "/oauth/token" ? authBase : businessBase;
  return (await client.request<T>({ baseURL, ...options, url })).data;
}
