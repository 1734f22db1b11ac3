// Builds what is stale: the server to dist/backend, the pages to dist/h5, a migrated snapshot of
// the embedded database to dist/snapshot.tar.gz (it spares the first start ten seconds).
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import { root, unlessFresh } from './stale.mjs'

const COMMON = ['package-lock.json', '.config/build.mjs', 'backend/contract', 'geo']

const say = (text) => console.error(`zuji: ${text}`)

const NEXT = 'dist/backend.next'

async function backend() {
  const { build } = await import('esbuild')
  await build({
    absWorkingDir: root,
    entryPoints: ['backend/main.ts', 'backend/core/embedded/embedded.worker.ts'],
    entryNames: '[name]',
    outdir: NEXT,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    sourcemap: true,
    logLevel: 'warning',
  })
  // in one step: a server that starts at this moment finds the old files or the new ones
  rmSync(path.join(root, 'dist/backend'), { recursive: true, force: true })
  renameSync(path.join(root, NEXT), path.join(root, 'dist/backend'))
}

async function pages() {
  const { build } = await import('vite')
  await build({ configFile: path.join(root, 'h5/vite.config.ts'), logLevel: 'warn' })
  await compress(path.join(root, 'dist/h5'))
}

/** Leaves beside each text what a browser may take instead of it: once and as small as can be, not at each start. */
async function compress(folder) {
  const texts = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(html|js|css|json|svg|webmanifest)$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
  for (const file of texts) {
    const text = readFileSync(file)
    writeFileSync(`${file}.br`, await promisify(brotliCompress)(text))
    writeFileSync(`${file}.gz`, await promisify(gzip)(text, { level: 9 }))
  }
}

function snapshot() {
  const main = path.join(root, 'dist/backend/main.js')
  const done = spawnSync(process.execPath, [main, 'snapshot'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (done.status !== 0) throw new Error('the snapshot of the database could not be made')
}

const PARTS = {
  backend: {
    from: [...COMMON, 'backend', 'fixtures'],
    output: 'dist/backend/main.js',
    make: () => (say('building the server'), backend()),
  },
  h5: {
    from: [...COMMON, 'h5', 'CONTRIBUTING.md', 'tests/pictures/house.svg'],
    output: 'dist/h5/index.html',
    make: () => (say('building the pages'), pages()),
  },
  snapshot: {
    from: [
      'backend/migrations',
      'node_modules/@electric-sql/pglite/package.json',
      '.config/build.mjs',
    ],
    output: 'dist/snapshot.tar.gz',
    make: () => (say('preparing the database'), snapshot()),
  },
}

/** @param names of parts, all when there is none; the snapshot needs the server. */
export async function buildStale(names = []) {
  for (const [name, part] of Object.entries(PARTS))
    if (names.length === 0 || names.includes(name)) await unlessFresh(name, part)
}

if (process.argv[1] === import.meta.filename) await buildStale(process.argv.slice(2))
