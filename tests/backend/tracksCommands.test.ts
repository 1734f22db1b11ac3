import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TrackImport } from '../../backend/contract/days.ts'
import { sql } from '../../backend/core/sql.ts'
import { giveConsent } from '../../backend/privacy/index.ts'
import { toGpx } from '../../geo/index.ts'
import { onDuty, openCompany, ORG, type Company } from './company.ts'
import { SHOP, tracksOf } from './storyDay.ts'

const HOUR = 3_600_000
const MORNING = Date.now() - 2 * HOUR // the commands live by the clock of the wall
let company: Company
let folder = ''
let env: NodeJS.ProcessEnv = {}

beforeAll(async () => {
  company = await openCompany((kit) => [tracksOf(kit)])
  folder = await mkdtemp(path.join(tmpdir(), 'zuji-commands-'))
  const { connectionString, host = '' } = company.db.connection
  const database = connectionString
    ? { DATABASE_URL: connectionString }
    : { DATABASE_URL: '', DATA_DIR: path.dirname(host) } // whose server runs in this process
  const org = { WECOM_CORP_ID: ORG, WECOM_AGENT_ID: '1', WECOM_SECRET: 'x' }
  env = { ...process.env, ...database, ...org }
  await giveConsent(company.db, ORG, 'leadN', MORNING - HOUR)
  await onDuty(company.db, ['leadN'], { from: MORNING, to: MORNING + HOUR })
  const fixes = Array.from({ length: 60 }, (_, i) => ({ ...SHOP, at: MORNING + i * 60_000, accuracy: 9 })) // prettier-ignore
  const trip = toGpx({ date: '2026-01-01', zone: 'UTC', fixes }, { person: 'leadN' })
  await writeFile(path.join(folder, 'trip.gpx'), trip)
})
afterAll(async () => {
  await company.close()
  await rm(folder, { recursive: true, force: true })
})

async function zuji(...words: string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'backend/main.ts', ...words], { env })
  const closed = once(child, 'close')
  const [out, said] = await Promise.all([text(child.stdout), text(child.stderr), closed])
  return { out, said: said.trim(), code: child.exitCode }
}

test('a recorded track comes in by the command line, beside a running server, once', async () => {
  const file = path.join(folder, 'trip.gpx')
  const stored = () => company.db.many(sql`select id from fixes where org_id = ${ORG}`)
  const command = ['import', 'fixes', file, '--person', 'leadN']
  const dry = TrackImport.parse(JSON.parse((await zuji(...command, '--dry-run')).out))
  expect(dry).toMatchObject({ dryRun: true, points: 60, accepted: 60, rejected: {} })
  expect(await stored()).toHaveLength(0)
  expect(TrackImport.parse(JSON.parse((await zuji(...command)).out)).accepted).toBe(60)
  expect(await stored()).toHaveLength(60)
  expect(TrackImport.parse(JSON.parse((await zuji(...command)).out)).duplicate).toBe(60)
  const wrong = await zuji('import', 'fixes', `${file}.none`, '--person', 'leadN')
  expect(wrong).toMatchObject({ code: 1, out: '', said: `${file}.none can not be read` })
})

test('days are rebuilt by the command line, beside a running server', async () => {
  const day = await company.db.first<{ date: string }>(
    sql`select date from day_changes where org_id = ${ORG}`,
  )
  const range = ['rebuild', '--from', day?.date ?? '', '--to', day?.date ?? '', '--person', 'leadN']
  const dry = await zuji(...range, '--dry-run')
  expect(dry.out).toMatch(/ {2}leadN {2}segments none → 1 {2}metres none → 0 /)
  expect(dry.out).toContain('1 days: 1 changed, 0 the same, 0 locked')
  expect((await zuji(...range)).out).toContain('1 changed')
  expect((await zuji(...range)).out).toMatch(/^1 days: 0 changed, 1 the same/)
  expect(await zuji('rebuild')).toMatchObject({ code: 1, said: '--from DATE and --to DATE are needed' }) // prettier-ignore
})
