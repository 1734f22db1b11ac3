import { WORDS, type Ailment } from './doctorWords.ts'

/** What WeCom said to a probe: its errcode, with our address where it names that, or why no answer came. */
export type Said = { errcode: number; ip?: string | undefined } | { reason: string }

/** What a signed call of our own callback address showed: `ok`, or an HTTP status, or a broken line. */
export type CallbackProof = 'ok' | 'other' | `HTTP ${number}` | 'connection'

/** Callbacks that reached the running server, by outcome; null when it does not tell. */
export type CallbackCounts = Readonly<Record<string, number>> | null

/** All that the doctor saw. Nothing in it is secret. */
export interface Evidence {
  /** What `readConfig` found wrong, one a line; the rest is not looked at then. */
  config: readonly string[]
  database:
    | { reason: string }
    | { kind: 'embedded' | 'server'; pending: number }
    | { kind: 'none yet' }
    | null
  publicUrl: { url: string; reach: 'ok' | 'other' | `HTTP ${number}` | 'connection' } | null
  /** Null with the simulator. */
  wecom: {
    token: Said
    agent: (Said & { trustedDomain?: string | undefined }) | null // null: no token to ask with
    ticket: Said | null
    departments: Said | null
    contacts: Said | null // with the secret of the contacts; null without one
    attendance: Said | null // of 打卡, which the app may call when it is listed there
    /** How far WeCom's clock is ahead of ours, ms; null when it did not say. */
    clockAheadMs: number | null
  } | null
  callbacks: Readonly<
    Record<'app' | 'contacts', { proof: CallbackProof; counts: CallbackCounts } | null>
  >
}

/** One line of the report. `what` and `where` in Chinese and English. */
export interface Finding {
  /** `optional`: only who wants this has to mend it. */
  level: 'ok' | 'wrong' | 'optional'
  code: Ailment | 'well'
  zh: string
  en: string
  /** What to change, and where. */
  remedyZh?: string
  remedyEn?: string
}

const CLOCK_MS = 60_000 // callbacks are refused at ten minutes, page signatures suffer before

/** Judges what was seen: what is well and what is wrong, in the order in which to mend it. */
export function diagnose(evidence: Evidence): Finding[] {
  if (evidence.config.length > 0)
    return evidence.config.map((line) => wrong(ailmentOfSetting(line), line))
  return [
    ...database(evidence.database),
    ...publicUrl(evidence),
    ...wecom(evidence),
    ...callback('app', evidence),
    ...callback('contacts', evidence),
  ]
}

export const isWell = (findings: readonly Finding[]) =>
  findings.every((finding) => finding.level !== 'wrong')

const OPTIONAL: ReadonlySet<Ailment> = new Set<Ailment>(['attendance_rights'])

function wrong(code: Ailment, detail = ''): Finding {
  const { zh, en } = WORDS[code]
  const add = detail && ` (${detail})`
  return {
    ...{
      level: OPTIONAL.has(code) ? 'optional' : 'wrong',
      code,
      zh: zh.what + add,
      en: en.what + add,
    },
    ...{ remedyZh: zh.remedy, remedyEn: en.remedy },
  }
}

const well = (zh: string, en: string): Finding => ({ level: 'ok', code: 'well', zh, en })

const ailmentOfSetting = (line: string): Ailment =>
  /_AES_KEY|_TOKEN/.test(line) ? 'callback_keys_malformed' : 'setting'

function database(seen: Evidence['database']): Finding[] {
  if (!seen) return []
  if ('reason' in seen) return [wrong('database', seen.reason)]
  if (seen.kind === 'none yet')
    return [
      well('内置数据库会在首次启动时建立', 'the embedded database is made at the first start'),
    ]
  if (seen.pending > 0) return [wrong('migrations', String(seen.pending))]
  return [well(`数据库正常（${seen.kind}）`, `the database is well (${seen.kind})`)]
}

function publicUrl({ publicUrl: seen, wecom: configured }: Evidence): Finding[] {
  if (!seen) return []
  const { url, reach } = seen
  const found: Finding[] = []
  if (configured && !url.startsWith('https:')) found.push(wrong('not_https', url))
  if (reach !== 'ok') found.push(wrong('not_reachable', `${url}: ${reach}`))
  return found.length > 0
    ? found
    : [well(`PUBLIC_URL 可以访问 ${url}`, `PUBLIC_URL answers: ${url}`)]
}

function wecom({ wecom: seen, publicUrl: page }: Evidence): Finding[] {
  if (!seen)
    return [well('使用本机企业微信模拟器', 'the local WeCom simulator is used; WeCom is not asked')]
  const { clockAheadMs: ahead } = seen
  const clock =
    ahead !== null && Math.abs(ahead) > CLOCK_MS
      ? [wrong('clock', `${Math.round(ahead / 1000)} s`)]
      : []
  const token = said(seen.token, AT_TOKEN)
  if (token.length > 0) return [...clock, ...token]
  const rest = [
    ...clock,
    ...agent(seen.agent, page?.url ?? ''),
    ...said(seen.ticket, AT_TICKET),
    ...said(seen.departments, AT_DEPARTMENTS),
    ...said(seen.contacts, AT_CONTACTS),
    ...said(seen.attendance, AT_ATTENDANCE),
  ]
  return rest.length > 0
    ? rest
    : [well('企业微信接口正常', "WeCom's API answers, all rights are there")]
}

function agent(seen: NonNullable<Evidence['wecom']>['agent'], url: string): Finding[] {
  const refused = said(seen, AT_AGENT)
  return refused.length > 0 || !seen || !URL.canParse(url)
    ? refused
    : domain(seen.trustedDomain, new URL(url))
}

/** Pages must be at the trusted domain, and without a port: location on phones takes none. */
function domain(told: string | undefined, { host, hostname, port }: URL): Finding[] {
  const trusted = told?.replace(/^https?:\/\//, '').replace(/\/.*$/, '')
  const named = trusted === undefined || trusted.replace(/:\d+$/, '') === hostname
  if (named && port !== '') return [wrong('domain_port', host)]
  if (trusted === undefined || trusted === host) return []
  return [
    wrong('untrusted_domain', trusted === '' ? `${host} ≠ 未设置/none` : `${host} ≠ ${trusted}`),
  ]
}

type ByCode = Readonly<Record<number, Ailment>>

const EVERYWHERE: ByCode = {
  40013: 'corp_id',
  50003: 'app_disabled',
  60020: 'ip',
  301002: 'agent_id',
  40056: 'agent_id',
  45009: 'throttled',
}
const AT_TOKEN: ByCode = { 40001: 'secret', 41004: 'secret', 41002: 'corp_id' }
const AT_AGENT: ByCode = { 40058: 'agent_id', 40063: 'agent_id', 48002: 'agent_id' }
const AT_TICKET: ByCode = {}
const AT_DEPARTMENTS: ByCode = {
  60011: 'visible_range',
  48002: 'visible_range',
  60123: 'visible_range',
}
const AT_CONTACTS: ByCode = {
  40001: 'contacts_secret',
  48002: 'contacts_rights',
  60011: 'contacts_rights',
  48009: 'contacts_rights',
}

const AT_ATTENDANCE: ByCode = { 48002: 'attendance_rights' }

function said(answer: Said | null, here: ByCode): Finding[] {
  if (!answer) return []
  if ('reason' in answer) return [wrong('wecom_unreachable', answer.reason)]
  const { errcode, ip } = answer
  if (errcode === 0) return []
  const code = here[errcode] ?? EVERYWHERE[errcode] ?? 'other'
  return [wrong(code, `errcode ${errcode}${ip ? `, IP ${ip}` : ''}`)]
}

function callback(door: 'app' | 'contacts', { callbacks, publicUrl: page }: Evidence): Finding[] {
  const seen = callbacks[door]
  if (!seen || page?.reach !== 'ok') return [] // an address that nobody reaches was told already
  const path = `/wecom/callback/${door}`
  if (seen.proof === 'HTTP 404') return [wrong('callback_not_loaded', path)]
  if (seen.proof !== 'ok') return [wrong('callback_refused', `${path}: ${seen.proof}`)]
  const mismatch = mismatchOf(seen.counts)
  return mismatch
    ? [wrong(mismatch, path)]
    : [well(`回调地址正常 ${path}`, `the callback address is well: ${path}`)]
}

const KEY_REASONS = ['padding', 'length', 'block', 'encoding', 'aes_key', 'base64']
const OF_A_PROOF = 3 // refusals that one right signature outweighs: it may have been the doctor's own

/** Callbacks that arrived and were all refused tell which of the values differs from WeCom's console. */
function mismatchOf(counts: CallbackCounts): Ailment | null {
  const sum = (...names: string[]) => names.reduce((all, name) => all + (counts?.[name] ?? 0), 0)
  if (sum('new', 'repeated') > 0) return null
  const many = (...names: string[]) => sum(...names) > OF_A_PROOF * sum('verified')
  if (many(...KEY_REASONS)) return 'callback_key_mismatch'
  if (many('receive_id')) return 'corp_id'
  if (many('timestamp')) return 'clock'
  return many('signature') ? 'callback_token_mismatch' : null
}
