// replay.cjs CONTRACT RECORDING: answer recorded requests by the recorded answers, behind
// express-openapi-validator, and exit with 1 when it judges one otherwise than the recording says, or
// when an operation of the contract is not in the recording. It judges every request, and every answer
// that is JSON: it looks at what `response.json` is given, so that of a download it sees nothing.
const express = require("express");
const { readFileSync } = require("node:fs");
const validator = require("express-openapi-validator");

const [contract, recording] = process.argv.slice(2);
const exchanges = JSON.parse(readFileSync(recording, "utf8"));
const spec = JSON.parse(readFileSync(contract, "utf8"));
spec.servers = [{ url: "/" }];
for (const item of Object.values(spec.paths)) delete item.servers;

const wrong = [];
const recorded = new Set(exchanges.filter(({ accepted }) => accepted).map(({ operation }) => operation));
for (const item of Object.values(spec.paths)) {
  for (const { operationId } of Object.values(item)) {
    if (operationId && !recorded.has(operationId)) wrong.push(`${operationId} is not in the recording`);
  }
}

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
  const { status, answer, answerType } = exchanges[Number(request.get("x-exchange"))];
  const content = Buffer.from(answer, "base64");
  response.status(status);
  if (/json/.test(answerType)) return response.json(JSON.parse(content));
  if (answerType) response.type(answerType);
  response.end(content);
});
app.use((error, request, response, next) => {
  response.status(error.status ?? 500).json({ refused: error.message });
});

const server = app.listen(0, "127.0.0.1", async () => {
  const base = `http://127.0.0.1:${server.address().port}`;
  for (const [index, { name, method, path, type, body, status, accepted }] of exchanges.entries()) {
    const answer = await fetch(base + path, {
      method,
      headers: { "x-exchange": String(index), authorization: "Bearer x", ...(type ? { "content-type": type } : {}) },
      body: body ? Buffer.from(body, "base64") : undefined,
    });
    const text = await answer.text();
    const expected = accepted ? status : 400;
    if (answer.status !== expected) wrong.push(`${name}: expected ${expected}, got ${answer.status} ${text.slice(0, 300)}`);
  }
  const operations = `${recorded.size} operations`;
  console.log(wrong.join("\n") || `express-openapi-validator agrees with the mock on ${exchanges.length} exchanges of ${operations}`);
  process.exit(wrong.length ? 1 : 0);
});
