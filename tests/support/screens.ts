import type { Page } from 'playwright-core'
import { DEFAULT_RULES } from '../../backend/contract/alerts.ts'
import { STILL_AT } from './still.ts'

/** One page of the app as somebody of the demo sees it. */
export interface Screen {
  route: string // its name in the router
  who: string
  /** Its address; asked of the server where it holds an id. */
  to: string | ((page: Page) => Promise<string>)
  /** Of a guide and such: read without signing in. */
  open?: boolean
}

const TODAY = '2026-11-25' // Shanghai's, at STILL_AT
const TWO_WEEKS_AGO = '2026-11-11'
const LAST_MONTH = '2026-10'

/** The id of the first thing in the first list of an answer. @throws Error naming what is empty */
async function firstId(page: Page, path: string): Promise<string> {
  const id = await page.evaluate(async (asked) => {
    const reply: unknown = await (await fetch(asked)).json()
    const list: unknown = Object.values(Object(reply)).find(Array.isArray)
    return Array.isArray(list) ? String(Object(list[0])['id'] ?? '') : ''
  }, path)
  if (id === '') throw new Error(`${path} has nothing to open`)
  return id
}

const opened =
  (path: string, to: (id: string) => string) =>
  async (page: Page): Promise<string> =>
    to(await firstId(page, path))

const REP = 'rep01'
const LEAD = 'lead01'
const HR = 'hr01'
const ADMIN = 'admin01'
const screen = (route: string, who: string, to: Screen['to']): Screen => ({ route, who, to })

/** Every page of the router, once; `tests/e2e/screens.test.ts` fails on a page without a row. */
export const SCREENS: readonly Screen[] = [
  screen('today', REP, '/'),
  screen('customers', REP, '/customers'),
  screen(
    'customer',
    REP,
    opened('/api/v1/customers', (id) => `/customers/${id}`),
  ),
  screen('customer-new', REP, '/customers/new'),
  screen(
    'customer-edit',
    LEAD,
    opened('/api/v1/customers', (id) => `/customers/${id}/edit`),
  ),
  screen('tracks', REP, '/tracks'),
  screen('attendance', REP, '/attendance'),
  screen('me', REP, '/me'),
  screen('checkin', REP, '/checkin?kind=in'),
  screen('my-checkins', REP, '/checkins'),
  screen('plan', REP, '/plan'),
  screen(
    'visit',
    REP,
    opened(`/api/v1/visits?from=${TWO_WEEKS_AGO}&to=${TODAY}`, (id) => `/visits/${id}`),
  ),
  screen('requests', 'rep03', '/requests'),
  screen('request-new', REP, '/requests/new/leave'),
  screen(
    'request',
    'rep03',
    opened('/api/v1/requests', (id) => `/requests/${id}`),
  ),
  screen('delegations', LEAD, '/delegations'),
  screen('sos', REP, '/sos'),
  screen('announcements', REP, '/announcements'),
  screen(
    'announcement',
    REP,
    opened('/api/v1/announcements', (id) => `/announcements/${id}`),
  ),
  screen('announcement-receipts', HR, opened('/api/v1/announcements/sent', (id) => `/announcements/${id}/receipts`)), // prettier-ignore
  screen('colleagues', REP, '/colleagues'),
  screen('inbox', REP, '/inbox'),
  screen('payslips', REP, '/payslips'),
  screen('payslip', REP, `/payslips/${LAST_MONTH}`),
  screen('month-confirm', REP, `/attendance/months/${LAST_MONTH}/confirm`),
  screen('live', LEAD, '/live'),
  screen('team', LEAD, '/team'),
  screen('team-day', LEAD, '/team/day'),
  screen('replay', LEAD, '/replay'),
  screen('day', LEAD, `/people/rep02/days/${TODAY}`),
  screen('alerts', LEAD, '/alerts'),
  screen('alert-digest', LEAD, '/alerts/digest'),
  screen('approvals', LEAD, '/approvals'),
  screen('reviews', LEAD, '/reviews'),
  screen('checkin-detail', 'rep27', opened(`/api/v1/checkins?from=${TODAY}&to=${TODAY}`, (id) => `/checkins/rep27/${id}`)), // prettier-ignore
  screen('visit-calendar', LEAD, '/calendar'),
  screen('coverage', LEAD, '/coverage'),
  screen('sales', LEAD, '/sales'),
  screen('month', HR, '/month'),
  screen('month-anomalies', HR, `/month/anomalies?month=${LAST_MONTH}`),
  screen('month-changes', HR, `/month/changes?month=${LAST_MONTH}`),
  screen('month-words', HR, `/month/confirmations?month=${LAST_MONTH}`),
  screen('closing-settings', HR, '/hr/closing'),
  screen('roster', HR, '/hr/roster'),
  screen('rules', HR, '/hr/rules'),
  screen('hr-people', HR, '/hr/people'),
  screen('calendar', HR, '/hr/calendar'),
  screen('payslips-hr', HR, '/hr/payslips'),
  screen('approval-flow', ADMIN, '/settings/approvals'),
  screen('leave-settings', HR, '/settings/leave'),
  screen('customers-import', ADMIN, '/customers/import'),
  screen('customers-transfers', ADMIN, '/customers/transfers'),
  screen('customers-settings', ADMIN, '/customers/settings'),
  screen('customers-proposals', ADMIN, '/customers/proposals'),
  screen('workplaces', ADMIN, '/workplaces'),
  screen('setup', ADMIN, '/setup'),
  screen('contacts', ADMIN, '/settings/contacts'),
  screen('wecom-setup', ADMIN, '/settings/wecom'),
  screen('checkin-bridge', ADMIN, '/settings/wecom/checkin'),
  screen('checkin-rules', ADMIN, '/settings/checkins'),
  screen('alert-rules', ADMIN, '/settings/alerts'),
  screen('territories', ADMIN, '/settings/territories'),
  screen('webhooks', ADMIN, '/settings/webhooks'),
  screen('api-keys', ADMIN, '/settings/api-keys'),
  screen('erasure', ADMIN, '/people/rep30/erasure'),
  { ...screen('help', HR, '/help'), open: true },
  { ...screen('guide', HR, '/help/hr'), open: true },
  { ...screen('api-reference', ADMIN, '/help/api'), open: true },
]

type TokenOf = (personId: string) => Promise<string>

/** Sends what somebody of the demo says to the server. @throws Error with its answer when it is refused */
const sender =
  (url: string, tokenOf: TokenOf) =>
  async (method: 'POST' | 'PUT', who: string, path: string, body: object): Promise<void> => {
    const headers = { authorization: `Bearer ${await tokenOf(who)}`, 'content-type': 'application/json' } // prettier-ignore
    const reply = await fetch(url + path, { method, headers, body: JSON.stringify(body) })
    if (!reply.ok) throw new Error(`${path} answers ${reply.status}: ${await reply.text()}`)
  }

/**
 * One alert, a call for help, and no other: which others there are depends on how much of the demo's month was written
 * when its days were looked at, and while time stands still nobody looks again.
 */
export async function callForHelpAlone(url: string, tokenOf: TokenOf): Promise<void> {
  const send = sender(url, tokenOf)
  const rules = DEFAULT_RULES.map((rule) => ({ ...rule, on: rule.kind === 'sos' }))
  await send('PUT', ADMIN, '/api/v1/alerts/rules', { rules })
  await send('POST', 'rep02', '/api/v1/sos', {
    id: '01920000-0000-7000-8000-000000000003',
    at: STILL_AT,
    position: { lng: 114.0262, lat: 22.5318, accuracy: 18 },
    note: '摩托车爆胎，人没事。',
  })
}

/** Makes what the demo lacks: an announcement, and a check-in that was away from its place. */
export async function prepare(url: string, tokenOf: TokenOf): Promise<void> {
  const send = sender(url, tokenOf)
  const post = (who: string, path: string, body: object) => send('POST', who, path, body)
  await post(HR, '/api/v1/announcements', {
    id: '01920000-0000-7000-8000-000000000001',
    title: '十二月起执行新的打卡规则',
    body: '从 12 月 1 日起，上班宽限由 5 分钟改为 10 分钟。请在月底前核对本月考勤，有疑问找人事。',
  })
  await post('rep27', '/api/v1/checkins', {
    id: '01920000-0000-7000-8000-000000000002',
    at: STILL_AT,
    kind: 'punch',
    position: { lng: 114.0262, lat: 22.5318, accuracy: 18 },
    note: '在客户楼下等人，先打卡。',
  })
}

/** Resolves when a page says no more that it loads, and its map, if it has one, is drawn in all its parts. */
export async function settled(page: Page): Promise<void> {
  await quiet(page)
  await page.waitForLoadState('networkidle', { timeout: 5000 }).catch(() => undefined) // a live page is never idle
  await quiet(page) // what came last may have moved the map
}

const quiet = (page: Page) =>
  page.waitForFunction(() => {
    const busy = document.querySelector('.bones, [aria-busy="true"], .leaflet-zoom-anim, .van-loading, .link.connecting')
    if (busy !== null || document.querySelector('main *') === null) return false
    const maps = document.querySelectorAll('.leaflet-container').length
    const tiles = [...document.querySelectorAll('.leaflet-tile')]
    return tiles.length >= maps && tiles.every((tile) => tile.classList.contains('leaflet-tile-loaded'))
  }, undefined, { timeout: 15_000 }) // prettier-ignore
