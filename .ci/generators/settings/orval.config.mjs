// Two documents; each client sends with a function of flows/typescript/fetcher.ts.
const client = (name) => ({
  input: `../documents/${name}.json`,
  output: {
    target: `${name}/api.ts`,
    client: "fetch",
    override: {
      fetch: { includeHttpResponseReturnType: false },
      mutator: { path: "fetcher.ts", name: `${name}Fetch` },
    },
  },
});

export default { auth: client("auth"), business: client("business") };
