// Scalar's mock server as its documentation starts it: node - CONTRACT PORT < scalar.mjs, in the
// folder of its packages (what comes from standard input is resolved from there).
import { readFileSync } from 'node:fs'
import { serve } from '@hono/node-server'
import { createMockServer } from '@scalar/mock-server'

const [contract, port] = process.argv.slice(2)
const app = await createMockServer({ document: JSON.parse(readFileSync(contract, 'utf8')) })
serve({ fetch: app.fetch, port: Number(port), hostname: '127.0.0.1' })
