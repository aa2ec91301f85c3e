// The same steps as `openapi2ts` with a configuration, which ends with 0 after an error; this ends with 1.
const path = require("node:path");
const { generateService } = require("@umijs/openapi");

const namespaces = { auth: "AuthAPI", business: "API" };

(async () => {
  for (const [projectName, namespace] of Object.entries(namespaces)) {
    await generateService({
      schemaPath: path.resolve(`../documents/${projectName}.json`),
      serversPath: ".",
      projectName,
      namespace, // both are global
      requestLibPath: 'import { request } from "../request"',
    });
  }
})();
