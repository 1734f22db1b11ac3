import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'

const root = path.resolve(import.meta.dirname, '..')
const read = (name: string) => readFile(path.join(root, name), 'utf8')

/** They would run something when installed, and work without. */
const WOULD_RUN = ['node_modules/esbuild']

test('no package runs anything when it is installed, and none is there that needs to', async () => {
  expect(await read('.npmrc')).toMatch(/^ignore-scripts=true$/m)
  const Lock = z.object({ packages: z.record(z.string(), z.object({ hasInstallScript: z.boolean().optional(), resolved: z.string().optional(), integrity: z.string().optional(), link: z.boolean().optional() })) }) // prettier-ignore
  const { packages } = Lock.parse(JSON.parse(await read('package-lock.json')))
  const running = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript)
  expect(running.map(([name]) => name)).toEqual(WOULD_RUN)
  const unproven = Object.entries(packages).filter(([name, each]) => name !== '' && !/^sha512-/.test(each.integrity ?? '')) // prettier-ignore
  expect(unproven.map(([name]) => name)).toEqual([])
})

describe('npm run audit', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'zuji-audit-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  /** What it says when npm answers so. */
  async function audit(answer: string) {
    const npm = path.join(folder, 'npm')
    await writeFile(npm, `#!/bin/sh\ncat <<'END'\n${answer}\nEND\nexit 1\n`)
    await chmod(npm, 0o755)
    const env = { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` }
    return new Promise<{ code: number; out: string }>((resolve) =>
      execFile(process.execPath, ['.config/audit.mjs'], { cwd: root, env }, (error, out) =>
        resolve({ code: error ? 1 : 0, out }),
      ),
    )
  }
  const hole = (severity: string) =>
    JSON.stringify({ vulnerabilities: { koa: { via: [{ name: 'koa', title: 'a hole', severity, url: 'https://a.example/GHSA-1' }, 'other'] } } }) // prettier-ignore

  test('names a hole of level high and fails; a lower one does not', async () => {
    expect(await audit(hole('high'))).toEqual({ code: 1, out: 'audit  high  koa: a hole  https://a.example/GHSA-1\naudit  1 holes of level high or critical that are not excused\n' }) // prettier-ignore
    expect((await audit(hole('moderate'))).code).toBe(0)
  })

  test('without a registry that answers says so and lets the build go on', async () => {
    for (const answer of ['{"message":"405 Method Not Allowed","statusCode":405}', 'no json', ''])
      expect(await audit(answer)).toMatchObject({ code: 0, out: expect.stringContaining('not possible here') }) // prettier-ignore
  })
})
