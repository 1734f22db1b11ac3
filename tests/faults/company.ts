import { Workplace } from '../../backend/contract/workplaces.ts'
import type { CheckinInput } from '../../backend/contract/checkins.ts'
import type { Db } from '../../backend/core/db.ts'
import {
  insertDuty,
  openSession,
  upsertDepartments,
  upsertOrg,
  upsertPeople,
} from '../../backend/people/index.ts'
import { giveConsent } from '../../backend/privacy/index.ts'
import { uuidOf } from '../../fixtures/random.ts'

export const ORG = 'demo' // of a server without WeCom
export const HR = 'hr01'
export const ADMIN = 'admin01'
export const REPS = Array.from({ length: 12 }, (_, n) => `rep${n + 1}`)
export const ZONE = 'Asia/Shanghai'
const OFFICE = { lng: 114.05, lat: 22.54 }
const MINUTE = 60_000
const DAY = 86_400_000
const EIGHT_HOURS = 8 * 60 * MINUTE // east of UTC

/** The last Wednesday but today: over, and near enough to be reported late. */
export function dayToReport(now: number): { date: string; midnight: number } {
  const today = Math.floor((now + EIGHT_HOURS) / DAY)
  const since = ((((today + 4) % 7) - 3 + 7) % 7) + ((today + 4) % 7 === 3 ? 7 : 0)
  const midnight = (today - since) * DAY - EIGHT_HOURS
  return { date: new Date(midnight + EIGHT_HOURS).toISOString().slice(0, 10), midnight }
}

/** A small company with consent and duty on that day. @returns a bearer token for each */
export async function seedCompany(
  db: Db,
  day: { date: string; midnight: number },
): Promise<Map<string, string>> {
  // prettier-ignore
  const person = { departmentId: 'east', position: null, leads: [] }
  const reps = REPS.map((id) => ({ ...person, id, name: id, role: 'rep' as const }))
  await upsertOrg(db, { id: ORG, name: '青岚商贸', zone: ZONE })
  await upsertDepartments(db, ORG, [{ id: 'east', parentId: null, name: '东组' }])
  await upsertPeople(db, ORG, [
    ...reps,
    { ...person, id: HR, name: HR, role: 'hr' },
    { ...person, id: ADMIN, name: ADMIN, role: 'admin' },
  ])
  const window = { date: day.date, zone: ZONE, from: day.midnight + 8 * 60 * MINUTE, to: day.midnight + 20 * 60 * MINUTE } // prettier-ignore
  await insertDuty(db, ORG, REPS.map((personId) => ({ personId, ...window }))) // prettier-ignore
  const tokens = new Map<string, string>()
  for (const personId of [...REPS, HR, ADMIN]) {
    if (personId.startsWith('rep')) await giveConsent(db, ORG, personId, day.midnight - 30 * DAY)
    const who = { orgId: ORG, personId, kind: 'token' as const }
    tokens.set(personId, await openSession(db, who, Date.now()))
  }
  return tokens
}

/** The place of work, added as an admin does. @returns its id */
export async function addOffice(url: string, token: string): Promise<string> {
  const reply = await fetch(`${url}/api/v1/workplaces`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: '公司', position: OFFICE }),
  })
  return Workplace.pick({ id: true }).parse(await reply.json()).id
}

/** What a phone has to get rid of: a batch of fixes, or an act of its person. */
export interface Report {
  readonly personId: string
  readonly path: '/api/v1/fixes' | '/api/v1/checkins'
  readonly ids: readonly string[]
  readonly body: string
}

const FIXES = 100 // of a batch
const EVERY = 30_000 // ms between fixes

/**
 * A day of each rep, always the same for the same date: comes late, goes out, and comes back; fixes all the while.
 * Everybody's reports by turns, as they come in.
 */
export function reportsOf(day: { midnight: number }, office: string): Report[] {
  const days = REPS.map((personId, rep) => {
    const arrives = day.midnight + (9 * 60 + 2 * rep) * MINUTE // up to 22 minutes late
    const leaves = day.midnight + (18 * 60 + 3 * rep) * MINUTE
    const [comes, goes] = [arrives, leaves].map((at) => punchOf(personId, at, office))
    return [comes, ...batchesOf(personId, arrives, leaves), goes]
  })
  const most = Math.max(...days.map(({ length }) => length))
  return Array.from({ length: most }, (_, turn) => days.map((all) => all[turn])).flat().filter((report) => report !== undefined) // prettier-ignore
}

function punchOf(personId: string, at: number, workplaceId: string): Report {
  const id = uuidOf(personId, at)
  const position = { ...OFFICE, accuracy: 12, at }
  const input: CheckinInput = { id, at, kind: 'punch', workplaceId, position, unattended: true }
  return { personId, path: '/api/v1/checkins', ids: [id], body: JSON.stringify(input) }
}

function batchesOf(personId: string, from: number, to: number): Report[] {
  const batches: Report[] = []
  for (let first = from + 1_000; first < to; first += FIXES * EVERY) {
    const fixes = Array.from({ length: FIXES }, (_, n) => {
      const at = first + n * EVERY
      const hours = (at - from) / 3_600_000
      const away = hours > 2 && hours < 6 ? Math.min(hours - 2, 6 - hours) * 0.01 : 0 // degrees
      return { id: uuidOf(personId, at), at, lng: OFFICE.lng + away, lat: OFFICE.lat, accuracy: 15 }
    })
    const ids = fixes.map(({ id }) => id)
    batches.push({ personId, path: '/api/v1/fixes', ids, body: JSON.stringify({ fixes }) })
  }
  return batches
}
