// Watch mode: the server restarts on a change, the pages reload by themselves (Vite on :5173, API on :3000).
import { spawn } from 'node:child_process'
import path from 'node:path'
import { buildStale } from './build.mjs'
import { root } from './stale.mjs'

await buildStale()
const server = spawn(
  process.execPath,
  [
    '--import',
    'tsx',
    '--watch-path=backend',
    '--watch-path=geo',
    '--watch-path=fixtures',
    'backend/main.ts',
  ],
  {
    cwd: root,
    stdio: 'inherit',
  },
)
const { createServer } = await import('vite')
const pages = await createServer({ configFile: path.join(root, 'h5/vite.config.ts') })
await pages.listen()
pages.printUrls()
server.on('exit', (code) => pages.close().then(() => process.exit(code ?? 0)))
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal))
