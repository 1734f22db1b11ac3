// `npm start` and `npm run zuji`: build what is stale, then run the server's commands in this process.
import path from 'node:path'
import { buildStale } from './build.mjs'
import { root } from './stale.mjs'

// these need no pages, and no database but one of their own
const CHECKING = ['derive', 'convert', 'ledger', 'prove-privacy']
await buildStale(CHECKING.includes(process.argv[2]) ? ['backend'] : [])
process.argv = [process.argv[0], 'zuji', ...process.argv.slice(2)]
await import(path.join(root, 'dist/backend/main.js'))
