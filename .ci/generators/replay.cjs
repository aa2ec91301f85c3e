// replay.cjs CONTRACT RECORDING: answer recorded requests by the recorded answers, behind
// express-openapi-validator, and exit with 1 when it judges one otherwise than the recording says.
const express = require("express");
const { readFileSync } = require("node:fs");
const validator = require("express-openapi-validator");

const [contract, recording] = process.argv.slice(2);
const exchanges = JSON.parse(readFileSync(recording, "utf8"));
const spec = JSON.parse(readFileSync(contract, "utf8"));
spec.servers = [{ url: "/" }];
for (const item of Object.values(spec.paths)) delete item.servers;

const app = express();
app.use(express.json());
app.use(
  validator.middleware({
    apiSpec: spec,
    validateRequests: true,
    validateResponses: true,
    validateSecurity: false,
  }),
);
app.use((request, response) => {
  const { status, answer } = exchanges[Number(request.get("x-exchange"))];
  response.status(status);
  response.json(answer);
});
app.use((error, request, response, next) => {
  response.status(error.status ?? 500).json({ refused: error.message });
});

const server = app.listen(0, "127.0.0.1", async () => {
  const base = `http://127.0.0.1:${server.address().port}`;
  const wrong = [];
  for (const [index, { name, method, path, body, accepted }] of exchanges.entries()) {
    const answer = await fetch(base + path, {
      method,
      headers: { "x-exchange": String(index), authorization: "Bearer x", ...(body ? { "content-type": "application/json" } : {}) },
      body: body ? JSON.stringify(body) : undefined,
    });
    const text = await answer.text();
    const expected = accepted ? exchanges[index].status : 400;
    if (answer.status !== expected) wrong.push(`${name}: expected ${expected}, got ${answer.status} ${text.slice(0, 300)}`);
  }
  console.log(wrong.join("\n") || `express-openapi-validator agrees with the mock on ${exchanges.length} exchanges`);
  process.exit(wrong.length ? 1 : 0);
});
