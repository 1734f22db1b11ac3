import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const root = path.resolve(import.meta.dirname, '..')

/** The doors of the features, from low to high: a room enters those of the lines above its own. */
const LADDER = [
  ['people', 'settings', 'privacy', 'jobs'],
  ['customers', 'fixes', 'company', 'keys'],
  ['tracks'],
  ['checkins'],
  ['visits'],
  ['sales'],
  ['approvals'],
  ['attendance'],
  ['alerts', 'team'],
  ['live', 'reports'],
].map((line) => line.map((name) => `backend/${name}`))

/** Which rooms a room may import. The composition root (files directly in backend/, backend/cli, backend/demo) sees everything. */
const LOW = ['backend/core', 'backend/contract', 'geo']
const MAY: Record<string, string[]> = {
  geo: [],
  'backend/contract': [],
  'backend/core': ['backend/contract'],
  'backend/wecom': ['backend/core', 'backend/contract'],
  h5: ['backend/contract', 'geo'],
  fixtures: ['backend/contract', 'geo'],
  ...Object.fromEntries(
    LADDER.flatMap((line, level) =>
      line.map((room) => [room, [...LOW, ...LADDER.slice(0, level).flat()]]),
    ),
  ),
}
const FEATURES = [...LADDER.flat(), 'backend/wecom']

/** Tables and the one room that writes each. */
const OWNER: Record<string, string> = {
  orgs: 'people',
  departments: 'people',
  people: 'people',
  employment_changes: 'people',
  sessions: 'people',
  sign_in_states: 'people',
  duty_windows: 'people',
  contact_states: 'people',
  contact_syncs: 'people',
  contact_pages: 'people',
  consents: 'privacy',
  access_log: 'privacy',
  erasures: 'privacy',
  customers: 'customers',
  customer_history: 'customers',
  customer_proposals: 'customers',
  customer_settings: 'customers',
  customer_transfers: 'customers',
  workplaces: 'customers',
  api_keys: 'keys',
  jobs: 'jobs',
  report_shares: 'reports',
  report_looks: 'reports',
  fixes: 'fixes',
  silences: 'fixes',
  last_positions: 'fixes',
  day_changes: 'fixes',
  track_days: 'tracks',
  day_edits: 'tracks',
  intentions: 'tracks',
  rule_sets: 'attendance',
  rule_group_lists: 'attendance',
  attendance_tags: 'attendance',
  rosters: 'attendance',
  calendar_exceptions: 'attendance',
  calendar_years: 'attendance',
  punches: 'attendance',
  attendance_days: 'attendance',
  attendance_changes: 'attendance',
  month_decisions: 'attendance',
  month_confirmations: 'attendance',
  month_settings: 'attendance',
  month_ribbons: 'attendance',
  day_differences: 'attendance',
  payslip_imports: 'attendance',
  payslips: 'attendance',
  plans: 'visits',
  plan_rules: 'visits',
  opening_hours: 'visits',
  handovers: 'visits',
  visit_entries: 'visits',
  next_steps: 'visits',
  visit_days: 'visits',
  visit_sweeps: 'visits',
  visits: 'visits',
  visit_shares: 'visits',
  sales_entries: 'sales',
  checkins: 'checkins',
  checkin_chains: 'checkins',
  checkin_answers: 'checkins',
  checkin_scores: 'checkins',
  review_calls: 'checkins',
  checkin_reviews: 'checkins',
  checkin_settings: 'checkins',
  devices: 'checkins',
  photos: 'checkins',
  requests: 'approvals',
  request_events: 'approvals',
  request_states: 'approvals',
  request_tasks: 'approvals',
  delegations: 'approvals',
  leave_grants: 'approvals',
  approval_settings: 'approvals',
  alert_rules: 'alerts',
  alerts: 'alerts',
  sos_calls: 'alerts',
  alert_digests: 'alerts',
  alert_digest_items: 'alerts',
  alert_webhooks: 'alerts',
  alert_deliveries: 'alerts',
  territories: 'alerts',
  announcements: 'company',
  announcement_receipts: 'company',
  birthdays: 'company',
  live_questions: 'live',
  wecom_lent: 'wecom',
  wecom_messages: 'wecom',
  wecom_cards: 'wecom',
  wecom_media: 'wecom',
  wecom_events: 'wecom',
  wecom_punches: 'wecom',
  wecom_quotas: 'wecom',
  attendance_bridges: 'attendance',
}

const sourcesOf = (room: string) =>
  readdirSync(path.join(root, room), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|vue)$/.test(entry.name))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))

const sources = ['backend', 'geo', 'h5', 'fixtures'].flatMap(sourcesOf)

const textOf = (file: string) => readFileSync(path.join(root, file), 'utf8')

function roomOf(file: string): string {
  const [first, second, third] = file.split('/')
  if (first !== 'backend') return first ?? ''
  return third === undefined ? 'root' : `backend/${second}`
}

const ROOT_ROOMS = new Set(['root', 'backend/cli', 'backend/demo'])

const STATEMENT =
  /(import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'(\.[^']+)'|import\(\s*'(\.[^']+)'/g

/** Own files that a file imports; `running` leaves out what is gone when types are. */
function importsOf(file: string, running = false): string[] {
  return [...textOf(file).matchAll(STATEMENT)]
    .filter((match) => !(running && match[2]))
    .map((match) => match[3] ?? match[4] ?? '')
    .map((each) => path.normalize(path.join(path.dirname(file), each)))
}

test('rooms import only what stands below them', () => {
  const offences = sources.flatMap((file) => {
    const room = roomOf(file)
    if (ROOT_ROOMS.has(room)) return []
    return importsOf(file)
      .map((target) => ({ target, to: roomOf(target) }))
      .filter(({ to }) => to !== room && !(MAY[room] ?? []).includes(to))
      .map(({ target }) => `${file} -> ${target}`)
  })
  expect(offences).toEqual([])
})

test('another feature is entered by its door', () => {
  const offences = sources.flatMap((file) =>
    importsOf(file)
      .filter((target) => FEATURES.includes(roomOf(target)) && roomOf(target) !== roomOf(file))
      .filter((target) => !target.endsWith('/index.ts'))
      .map((target) => `${file} -> ${target}`),
  )
  expect(offences).toEqual([])
})

test('no import goes round in a circle', () => {
  const graph = new Map(sources.map((file) => [file, importsOf(file, true)]))
  const state = new Map<string, 'open' | 'done'>()
  const circles: string[] = []
  const visit = (file: string, trail: string[]) => {
    if (state.get(file) === 'done') return
    if (state.get(file) === 'open') return void circles.push([...trail, file].join(' -> '))
    state.set(file, 'open')
    for (const next of graph.get(file) ?? []) visit(next, [...trail, file])
    state.set(file, 'done')
  }
  for (const file of sources) visit(file, [])
  expect(circles).toEqual([])
})

test('geo has no dependency, the contract only zod', () => {
  const offences = sources
    .filter((file) => file.startsWith('geo/') || file.startsWith('backend/contract/'))
    .flatMap((file) =>
      [...textOf(file).matchAll(/from '([^'.][^']*)'/g)]
        .map((match) => match[1] ?? '')
        .filter((name) => !(file.startsWith('backend/contract/') && name === 'zod'))
        .map((name) => `${file} -> ${name}`),
    )
  expect(offences).toEqual([])
})

test('each table is written by one room', () => {
  const offences = sources
    .filter((file) => file.startsWith('backend/') && !file.startsWith('backend/migrations'))
    .flatMap((file) =>
      [...textOf(file).matchAll(/\b(?:insert into|update|delete from)\s+([a-z_]+)\b/g)]
        .map((match) => match[1] ?? '')
        .filter((table) => table in OWNER && `backend/${OWNER[table]}` !== roomOf(file))
        .map((table) => `${file} writes ${table}`),
    )
  expect(offences).toEqual([])
})

test('Leaflet is imported only by h5/map', () => {
  const offences = sources.filter(
    (file) =>
      !file.startsWith('h5/map/') &&
      /from 'leaflet|import\('leaflet|import 'leaflet/.test(textOf(file)),
  )
  expect(offences).toEqual([])
})

test('no file is over 300 lines', () => {
  const long = sources.filter((file) => textOf(file).split('\n').length > 301)
  expect(long).toEqual([])
})

test('no test is left out or alone: a full run counts one that did not run as failed', () => {
  const word = /\b(context|describe|it|test)\.(skip|skipIf|runIf|only|todo)\(/
  expect(sourcesOf('tests').filter((file) => word.test(textOf(file)))).toEqual([])
})

test('the top level holds what the floor plan names and nothing else', () => {
  const allowed =
    /^(package(-lock)?\.json|tsconfig\.json|backend|h5|geo|fixtures|tests|README\.md|CHANGELOG\.md|CONTRIBUTING\.md|SECURITY\.md|LICENSE|NOTICE|compose\.yaml|Dockerfile|\..*|node_modules|dist|data|coverage)$/
  expect(readdirSync(root).filter((name) => !allowed.test(name))).toEqual([])
})
