import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { BadConfig, readConfig } from '../../backend/core/config.ts'
import { healthRoutes } from '../../backend/core/health.ts'
import {
  createCallbacks,
  diagnose,
  isWell,
  probe,
  type Evidence,
  type Finding,
} from '../../backend/wecom/index.ts'
import { reportOf } from '../../backend/cli/doctor.ts'
import { WORDS } from '../../backend/wecom/checks/doctorWords.ts'
import { startWecomSim, type SimServer } from '../support/wecomSim.ts'
import { openCompany, ORG, type Company } from './company.ts'

const KEYS = { token: 'FieldTrackTestToken', aesKey: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8' }
const CORP = 'ww0000000000000001'
const TRUSTED = 'crm.example'

let company: Company // the running server
let up: SimServer
beforeAll(async () => {
  company = await openCompany((kit) => [
    createCallbacks(kit, { orgId: ORG, corpId: CORP, keys: { app: KEYS, contacts: KEYS } }),
    { routes: healthRoutes(kit, []) },
  ])
})
afterAll(() => company.close())
beforeEach(async () => {
  up = await startWecomSim([TRUSTED])
  up.clock.at = company.clock.at
})
afterEach(() => up.close())

/** The domain of the product leads to the running server, as a proxy would. */
const throughProxy: typeof fetch = (input, init) => {
  const url = String(input instanceof Request ? input.url : input)
  return fetch(url.replace(/^https?:\/\/(crm\.example(:8443)?|other\.example)/, company.url), init)
}

const settings = (more: Record<string, string> = {}) => ({
  PUBLIC_URL: `https://${TRUSTED}`,
  WECOM_CORP_ID: CORP,
  WECOM_AGENT_ID: '1000002',
  WECOM_SECRET: 'a-secret-of-tests',
  WECOM_CONTACTS_SECRET: 'contacts-of-tests',
  WECOM_CALLBACK_TOKEN: KEYS.token,
  WECOM_CALLBACK_AES_KEY: KEYS.aesKey,
  WECOM_API_BASE: up.base,
  ...more,
})

async function examine(more: Record<string, string> = {}): Promise<Finding[]> {
  const config = readConfig(settings(more))
  const seen = await probe({ config, clock: company.clock, fetch: throughProxy })
  return diagnose({ config: [], database: { kind: 'server', pending: 0 }, ...seen })
}
const wrongs = (findings: Finding[]) =>
  findings.filter((finding) => finding.level === 'wrong').map((finding) => finding.code)

test('a right configuration is well, and nothing that the doctor sees is secret', async () => {
  const findings = await examine()
  expect(wrongs(findings)).toEqual([])
  expect(isWell(findings)).toBe(true)
  expect(findings.length).toBeGreaterThanOrEqual(4)
  const config = readConfig(settings())
  const seen = JSON.stringify(await probe({ config, clock: company.clock, fetch: throughProxy }))
  for (const secret of ['a-secret-of-tests', 'contacts-of-tests', KEYS.token, KEYS.aesKey])
    expect(seen + JSON.stringify(findings)).not.toContain(secret)
})

test.each([
  ['a wrong corp id', { WECOM_CORP_ID: 'wwother' }, 'corp_id'],
  ['a wrong secret', { WECOM_SECRET: 'no' }, 'secret'],
  ['a wrong agent id', { WECOM_AGENT_ID: '1000003' }, 'agent_id'],
  ['a domain that is not trusted', { PUBLIC_URL: 'https://other.example' }, 'untrusted_domain'],
  ['a domain with a port', { PUBLIC_URL: `https://${TRUSTED}:8443` }, 'domain_port'],
  ['a wrong secret of the contacts', { WECOM_CONTACTS_SECRET: 'no' }, 'contacts_secret'],
  [
    "the app's secret for the contacts",
    { WECOM_CONTACTS_SECRET: 'a-secret-of-tests' },
    'contacts_rights',
  ],
  ['an address without https', { PUBLIC_URL: `http://${TRUSTED}` }, 'not_https'],
  ['an address where nobody is', { PUBLIC_URL: 'https://127.0.0.1:9' }, 'not_reachable'],
  ['an API base where nobody is', { WECOM_API_BASE: 'http://127.0.0.1:9' }, 'wecom_unreachable'],
  ['another callback token', { WECOM_CALLBACK_TOKEN: 'other' }, 'callback_refused'],
  ['another callback key', { WECOM_CALLBACK_AES_KEY: 'b'.repeat(43) }, 'callback_refused'],
])('%s', async (_what, more, code) => {
  expect(wrongs(await examine(more))).toContain(code)
})

test.each([
  ['/cgi-bin/gettoken', 60020, 'ip'],
  ['/cgi-bin/gettoken', 50003, 'app_disabled'],
  ['/cgi-bin/gettoken', 45009, 'throttled'],
  ['/cgi-bin/gettoken', 99999, 'other'],
  ['/cgi-bin/agent/get', 60020, 'ip'],
  ['/cgi-bin/department/simplelist', 60011, 'visible_range'],
  ['/cgi-bin/user/list_id', 48002, 'contacts_rights'],
  ['/cgi-bin/user/list_id', 60011, 'contacts_rights'],
  ['/cgi-bin/user/list_id', 48009, 'contacts_rights'],
  ['/cgi-bin/checkin/getcorpcheckinoption', 60020, 'ip'],
])('%s that answers %i', async (api, errcode, code) => {
  up.sim.faults.answer(api, errcode)
  expect(wrongs(await examine())).toEqual([code])
})

test('an app that may not use 打卡 is told so, and nothing is wrong for who does not bridge it', async () => {
  up.sim.attendance.granted = false
  const findings = await examine()
  expect([wrongs(findings), isWell(findings)]).toEqual([[], true])
  expect(findings.find(({ level }) => level === 'optional')?.code).toBe('attendance_rights')
  expect(reportOf(findings)).toMatch(/○ .*打卡[^]*可调用接口的应用[^]*apps that may call/)
})

/** Setups that are wrong in one way each, as an operator meets them. */
const MISTAKES: Record<string, () => Promise<Finding[]>> = {
  'wrong-secret': () => examine({ WECOM_SECRET: 'no' }),
  'wrong-corp': () => examine({ WECOM_CORP_ID: 'wwother' }),
  'other-app': () => examine({ WECOM_AGENT_ID: '1000003' }),
  'untrusted-domain': () => examine({ PUBLIC_URL: 'https://other.example' }),
  'domain-with-port': () => examine({ PUBLIC_URL: `https://${TRUSTED}:8443` }),
  'callback-token': () => examine({ WECOM_CALLBACK_TOKEN: 'other' }),
  'contacts-secret-of-the-app': () => examine({ WECOM_CONTACTS_SECRET: 'a-secret-of-tests' }),
  'ip-not-allowed': () => refusing('/cgi-bin/gettoken', 60020),
  'no-visible-range': () => refusing('/cgi-bin/department/simplelist', 60011),
  'attendance-not-granted': () => {
    up.sim.attendance.granted = false
    return examine()
  },
  'malformed-key': async () =>
    diagnose({ ...NOTHING, config: mistakesOf(settings({ WECOM_CALLBACK_AES_KEY: 'short' })) }),
}
const refusing = (api: string, errcode: number) => {
  up.sim.faults.answer(api, errcode)
  return examine()
}

test.each(Object.entries(MISTAKES))('the report of %s', async (name, examined) => {
  const report = reportOf(await examined()).replaceAll(up.base, 'http://wecom-sim')
  expect(report).not.toContain('a-secret-of-tests')
  await expect(`${report}\n`).toMatchFileSnapshot(`doctor/${name}.txt`)
})

test('a clock that is off, either way', async () => {
  for (const off of [-120_000, 120_000]) {
    up.clock.at = company.clock.at + off
    expect(wrongs(await examine())).toEqual(['clock'])
  }
})

test.each([
  { WECOM_CALLBACK_TOKEN: 'with blank' },
  { WECOM_CALLBACK_AES_KEY: 'short' },
  { WECOM_CONTACTS_TOKEN: 'x'.repeat(33), WECOM_CONTACTS_AES_KEY: KEYS.aesKey },
])('callback keys that are malformed: %o', (more) => {
  const findings = diagnose({ ...NOTHING, config: mistakesOf(settings(more)) })
  expect(wrongs(findings)).toEqual(['callback_keys_malformed'])
})

test('another setting that is not valid', () => {
  const findings = diagnose({ ...NOTHING, config: mistakesOf(settings({ PORT: 'x' })) })
  expect(wrongs(findings)).toEqual(['setting'])
})

const NOTHING: Evidence = {
  config: [],
  database: null,
  publicUrl: null,
  wecom: null,
  callbacks: { app: null, contacts: null },
}

function mistakesOf(env: Record<string, string>): string[] {
  try {
    readConfig(env)
    return []
  } catch (error) {
    if (error instanceof BadConfig) return error.message.split('\n')
    throw error
  }
}

test('a database that is away, or of another version', () => {
  expect(wrongs(diagnose({ ...NOTHING, database: { reason: 'ECONNREFUSED' } }))).toEqual([
    'database',
  ])
  expect(wrongs(diagnose({ ...NOTHING, database: { kind: 'server', pending: 2 } }))).toEqual([
    'migrations',
  ])
})

test.each([
  [{ signature: 4 }, ['callback_token_mismatch']],
  [{ padding: 3, signature: 1 }, ['callback_key_mismatch']],
  [{ receive_id: 1 }, ['corp_id']],
  [{ timestamp: 1 }, ['clock']],
  [{ signature: 4, new: 1 }, []], // strangers knock, too
  [{}, []],
  [null, []],
])('callbacks that arrived tell whether the console has other values: %o', (counts, codes) => {
  const findings = diagnose({
    ...NOTHING,
    publicUrl: { url: 'https://x.example', reach: 'ok' },
    callbacks: { app: { proof: 'ok', counts }, contacts: null },
  })
  expect(wrongs(findings)).toEqual(codes)
})

test('a server that runs without the callback, and one that is another program', async () => {
  const { callbacks } = await probe({
    config: readConfig(settings()),
    clock: company.clock,
    fetch: async (input) =>
      new Response('<html>', { status: String(input).includes('callback') ? 404 : 200 }),
  })
  expect(callbacks.app).toEqual({ proof: 'HTTP 404', counts: {} })
  const publicUrl = { url: `https://${TRUSTED}`, reach: 'ok' } as const
  expect(wrongs(diagnose({ ...NOTHING, publicUrl, callbacks }))).toEqual(['callback_not_loaded'])
})

test('each ailment says in both languages what it is and where to mend it', () => {
  for (const { zh, en } of Object.values(WORDS)) {
    expect(zh.what + zh.remedy).toMatch(/\p{Script=Han}/u)
    expect(en.what).not.toMatch(/\p{Script=Han}/u)
    expect(en.remedy.length).toBeGreaterThan(20)
  }
})

/** The command as an operator runs it; it speaks to the running server and needs no database yet. */
async function command(env: Record<string, string>) {
  const dataDir = path.join(tmpdir(), 'zuji-doctor-has-no-data')
  const words = ['--import', 'tsx', 'backend/main.ts', 'doctor']
  const given = { PATH: process.env['PATH'] ?? '', DATA_DIR: dataDir, ...env }
  const child = spawn(process.execPath, words, { env: given, stdio: ['ignore', 'pipe', 'inherit'] })
  const said = await text(child.stdout)
  if (child.exitCode === null) await once(child, 'exit')
  return { code: child.exitCode, said }
}

test('the command says what is wrong in both languages and ends with 1, else with 0', async () => {
  const wrong = await command(settings({ WECOM_CALLBACK_AES_KEY: 'short' }))
  expect(wrong.code).toBe(1)
  expect(wrong.said).toMatch(/✗ .*EncodingAESKey[^]*怎么办：[^]*What to do: /)
  const right = await command({ PUBLIC_URL: company.url })
  expect(right.said).toContain('✓')
  expect(right.code).toBe(0)
})
