// `npm test`: everything. The last line is `N passed, N failed`, the exit code says the same.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { prepareParts } from './parts.mjs'
import { root } from './stale.mjs'

const sum = { passed: 0, failed: 0 }
/** What failed, a line each: told again at the end, where a log that was cut still has it. */
const failures = []
/** Databases of tests wait for their disk at every commit, as real ones do: a disk in memory answers at once. */
const MEMORY = '/dev/shm'
const ENOUGH = 6 * 2 ** 30 // bytes: some 70 MB a database, a photo or an export here and there
if (!process.env.TMPDIR && freeIn(MEMORY) >= ENOUGH) process.env.TMPDIR = MEMORY

function freeIn(folder) {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize
  } catch {
    return 0
  }
}

const scratch = mkdtempSync(path.join(tmpdir(), 'zuji-test-'))

function run(program, words) {
  return new Promise((resolve) => {
    const child = spawn(program, words, { cwd: root, stdio: 'inherit' })
    child.on('error', () => resolve(1))
    child.on('exit', (code) => resolve(code ?? 1))
  })
}

const tool = (name) => path.join(root, 'node_modules/.bin', name)

async function step(name, program, words) {
  const started = Date.now()
  const code = await run(program, words)
  sum[code === 0 ? 'passed' : 'failed']++
  if (code !== 0) failures.push(name)
  const seconds = ((Date.now() - started) / 1000).toFixed(0)
  console.log(`${code === 0 ? 'ok' : 'NOT OK'}   ${name} (${seconds} s)`)
}

/** Counts every test; what was skipped, or a file that broke before its first test, is a failure. */
async function suites(projects) {
  if (projects.length === 0) return
  const report = path.join(scratch, `${projects.join('-')}.json`)
  const code = await run(tool('vitest'), [
    'run',
    '--config',
    '.config/vitest.config.ts',
    '--passWithNoTests',
    ...projects.flatMap((name) => ['--project', name]),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ])
  const { passed, failed } = countsOf(report)
  sum.passed += passed
  sum.failed += failed === 0 && code !== 0 ? 1 : failed
  if (failed === 0 && code !== 0) failures.push(`${projects.join(', ')}: ended with ${code}`)
}

/** The tests of a file that did not pass, each with the beginning of what it said. */
function namesOf({ name, assertionResults }) {
  return assertionResults
    .filter(({ status }) => status !== 'passed')
    .map(
      ({ fullName, status, failureMessages: [said = status] }) =>
        `${path.relative(root, name)}: ${fullName}: ${said.slice(0, 600)}`,
    )
}

function countsOf(report) {
  try {
    const { testResults, numPassedTests, numTotalTests } = JSON.parse(readFileSync(report, 'utf8'))
    const broken = testResults.filter(
      (file) =>
        file.status === 'failed' && file.assertionResults.every((each) => each.status === 'passed'),
    )
    failures.push(
      ...testResults.flatMap(namesOf),
      ...broken.map(({ name, message }) => `${name}: ${message}`),
    )
    return { passed: numPassedTests, failed: numTotalTests - numPassedTests + broken.length }
  } catch {
    failures.push('no report was written')
    return { passed: 0, failed: 1 }
  }
}

const missing = prepareParts()
const left = new Set(missing.flatMap((part) => part.projects))
for (const part of missing) {
  const packages = part.packages[0]
  console.log(
    `MISSING  ${part.name} (Debian: apt install ${packages}): ${part.projects.join(', ')} tests are left out`,
  )
  if (process.env.CI === 'true') {
    sum.failed++
    failures.push(`missing: ${part.name}`)
  }
}
const present = (names) => names.filter((name) => !left.has(name))

await Promise.all([
  step('types', tool('vue-tsc'), ['--noEmit']),
  step('lint', tool('eslint'), [
    '--config',
    '.config/eslint.config.js',
    '--max-warnings',
    '0',
    '.',
  ]),
  step('format', tool('prettier'), [
    '--config',
    '.config/prettier.json',
    '--check',
    '--log-level',
    'warn',
    '.',
  ]),
  step('audit', process.execPath, ['.config/audit.mjs']),
])
await step('build', process.execPath, ['.config/build.mjs'])
await suites(present(['unit', 'server', 'embedded']))
await suites(present(['browser']))
rmSync(scratch, { recursive: true, force: true })

for (const failure of failures) console.log(`NOT OK   ${failure}`)
console.log(`${sum.passed} passed, ${sum.failed} failed`)
process.exitCode = sum.failed === 0 ? 0 : 1
