"use strict";
const { address, login } = JSON.parse(document.getElementById("settings").textContent);
const target = document.getElementById("swagger-ui");
// Behind a proxy that the mock does not know of, only the browser knows where it found the page.
const root = new URL("../..", location.href).href.replace(/\/$/, "");
const DEMO_TOKEN = "a token of the demo user";
// Per tab, session of the mock, and user: Swagger UI's own storage has one entry for the origin.
const storageKey = `swagger ${location.pathname} ${login ? login.client[0] : ""}`;
const bytes = (text) => String.fromCharCode(...new TextEncoder().encode(text));
let token = null;
let contractLoaded = false;

async function requestToken() {
  const answer = await fetch(`${root}/${login.path}`, {
    method: "POST",
    headers: {
      Authorization: `Basic ${btoa(bytes(login.client.join(":")))}`,
      "Content-Type": "application/json",
    },
    body: JSON.stringify(login.body),
  });
  if (!answer.ok) throw new Error(`${login.path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()).access_token;
}

async function addToken(request) {
  if (!request.loadSpec && request.headers.Authorization === `Bearer ${DEMO_TOKEN}`) {
    token ??= await requestToken();
    request.headers.Authorization = `Bearer ${token}`;
  }
  return request;
}

function pointContractHere(response) {
  if (!contractLoaded && response.ok) response.text = response.text.replaceAll(address, root);
  contractLoaded = true;
  return response;
}

// A reset, a restart, or three hours on the mock's clock end a token; the next one is as good.
const renewToken = (original, system) => async (request) => {
  const used = token;
  const result = await original({ ...request });
  const response = system.specSelectors.responseFor(request.pathName, request.method);
  if (used === null || token !== used || response?.get("status") !== 401) return result;
  token = null;
  return original({ ...request });
};

const keepAuthorization = (_original, system) => () =>
  sessionStorage.setItem(storageKey, JSON.stringify(system.authSelectors.authorized()));

const ui = SwaggerUIBundle({
  url: new URL(target.dataset.contract, location.href).href,
  domNode: target,
  deepLinking: true,
  displayRequestDuration: true,
  validatorUrl: null,
  requestInterceptor: addToken,
  responseInterceptor: pointContractHere,
  plugins: [
    () => ({
      statePlugins: {
        auth: { wrapActions: { persistAuthorizationIfNeeded: keepAuthorization } },
        spec: { wrapActions: { executeRequest: renewToken } },
      },
    }),
  ],
  onComplete() {
    const kept = sessionStorage.getItem(storageKey);
    if (kept) {
      ui.authActions.restoreAuthorization({ authorized: JSON.parse(kept) });
    } else if (login) {
      const { basic, bearer } = login.schemes;
      if (basic) ui.preauthorizeBasic(basic, ...login.client);
      if (bearer) ui.preauthorizeApiKey(bearer, DEMO_TOKEN);
    }
  },
});
