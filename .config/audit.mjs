// `npm run audit`: known holes in the packages that run on a server. Without a registry that answers such questions it
// says so and goes on; a hole of level high or critical that is not excused in audit.json ends it with 1.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { root } from './stale.mjs'

const PATIENCE_MS = 60_000
const WORST = ['high', 'critical']

/** Excused ones: `{ id, why, until }` by the advisory's address; past `until` (YYYY-MM-DD) an excuse is none. */
const excuses = JSON.parse(readFileSync(path.join(root, '.config/audit.json'), 'utf8'))

const answer = await ask()
const report = parsed(answer)
if (report?.vulnerabilities === undefined) {
  console.log(`audit  not possible here: ${report?.message ?? 'no answer'}`)
} else {
  const holes = holesIn(report.vulnerabilities)
  for (const { name, severity, title, url } of holes)
    console.log(`audit  ${severity}  ${name}: ${title}  ${url}`)
  console.log(`audit  ${holes.length} holes of level high or critical that are not excused`)
  process.exitCode = holes.length > 0 ? 1 : 0
}

function ask() {
  return new Promise((resolve) => {
    const child = spawn('npm', ['audit', '--omit=dev', '--json'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS)
    let text = ''
    child.stdout.on('data', (piece) => (text += piece))
    child.on('error', () => resolve(''))
    child.on('close', () => {
      clearTimeout(timer)
      resolve(text)
    })
  })
}

function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function holesIn(vulnerabilities) {
  const today = new Date().toISOString().slice(0, 10)
  const excused = new Set(excuses.filter(({ until }) => until >= today).map(({ id }) => id))
  const advisories = Object.values(vulnerabilities)
    .flatMap(({ via }) => via)
    .filter((each) => typeof each === 'object' && WORST.includes(each.severity))
  return [...new Map(advisories.map((each) => [each.url, each])).values()].filter(
    ({ url }) => !excused.has(url),
  )
}
