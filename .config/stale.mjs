// Is what was built older than what it is built from? By a fingerprint of names, sizes and times.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'

export const root = path.resolve(import.meta.dirname, '..')

function* filesBelow(place) {
  const full = path.join(root, place)
  if (!existsSync(full)) return
  if (statSync(full).isFile()) return yield full
  for (const entry of readdirSync(full, { withFileTypes: true, recursive: true }))
    if (entry.isFile()) yield path.join(entry.parentPath, entry.name)
}

function fingerprint(places) {
  const hash = createHash('sha256')
  for (const place of places)
    for (const file of [...filesBelow(place)].sort()) {
      const { size, mtimeMs } = statSync(file)
      hash.update(`${path.relative(root, file)} ${size} ${mtimeMs}\n`)
    }
  return hash.digest('hex')
}

/** Runs `make` when the inputs changed since it last succeeded, or its output is gone. */
export async function unlessFresh(name, { from, output, make }) {
  const mark = path.join(root, 'dist', `.${name}`)
  const now = fingerprint(from)
  const fresh =
    existsSync(path.join(root, output)) && existsSync(mark) && readFileSync(mark, 'utf8') === now
  if (fresh) return false
  await make()
  mkdirSync(path.dirname(mark), { recursive: true })
  writeFileSync(mark, now)
  return true
}
