import type { SetupCode, SetupFinding, SetupStep } from '../../contract/wecomChecks.ts'
import { finding, hostOf, reasonOf, type Seen } from './seen.ts'
import { diagnose, type Evidence, type Said } from './doctor.ts'

/** A wrong answer of WeCom, and the step in which it is mended. */
export interface Fault {
  probe: Probe
  step: SetupStep
  finding: SetupFinding
}

const PROBES = ['token', 'agent', 'ticket', 'departments', 'contacts', 'attendance'] as const
type Probe = (typeof PROBES)[number] | 'clock'
type Wecom = NonNullable<Evidence['wecom']>

/** For the doctor to judge one answer alone. */
export const NOTHING: Evidence = {
  config: [],
  database: null,
  publicUrl: null,
  wecom: null,
  callbacks: { app: null, contacts: null },
}
const WELL: Wecom = {
  token: { errcode: 0 },
  ...{ agent: null, ticket: null, departments: null, contacts: null },
  ...{ attendance: null, clockAheadMs: null },
}

/** What is wrong in WeCom's answers; the same thing once for each step. */
export function faultsOf(seen: Seen): Fault[] {
  const { wecom } = seen.evidence
  if (!wecom) return []
  const clock = judged(seen, 'clock', { ...WELL, clockAheadMs: wecom.clockAheadMs })
  const rest = PROBES.flatMap((probe) => judged(seen, probe, { ...WELL, [probe]: wecom[probe] }))
  return [...clock, ...rest].filter(
    ({ step, finding: { code } }, index, all) =>
      all.findIndex((each) => each.step === step && each.finding.code === code) === index,
  )
}

function judged(seen: Seen, probe: Probe, only: Wecom): Fault[] {
  const publicUrl = seen.evidence.publicUrl && { ...seen.evidence.publicUrl, reach: 'ok' as const }
  return diagnose({ ...NOTHING, publicUrl, wecom: only }).flatMap(({ level, code }) => {
    const known = STEP_OF[code]
    if (level === 'ok' || !known) return []
    const step = probe === 'contacts' && known !== 'server' ? 'contacts' : known
    return [{ probe, step, finding: worded(seen, code, only, probe) }]
  })
}

const STEP_OF: Readonly<Record<string, SetupStep>> = {
  clock: 'server',
  wecom_unreachable: 'server',
  throttled: 'server',
  other: 'server',
  corp_id: 'company',
  secret: 'app',
  agent_id: 'app',
  app_disabled: 'app',
  untrusted_domain: 'domain',
  ip: 'ip',
  visible_range: 'range',
  contacts_secret: 'contacts',
  contacts_rights: 'contacts',
  attendance_rights: 'attendance',
}

const CODE_OF: Readonly<Record<string, SetupCode>> = {
  throttled: 'throttled',
  corp_id: 'corp_id',
  secret: 'secret',
  agent_id: 'agent_id',
  app_disabled: 'app_disabled',
  visible_range: 'visible_range',
  contacts_secret: 'contacts_secret',
  contacts_rights: 'contacts_rights',
}

function worded(seen: Seen, code: string, only: Wecom, probe: Probe): SetupFinding {
  const said = probe === 'clock' ? null : only[probe]
  const special = SPECIAL[code]
  return special
    ? special(seen, only, said)
    : finding('wrong', CODE_OF[code] ?? 'refused', errcodeOf(said))
}

const SPECIAL: Readonly<
  Record<string, (seen: Seen, only: Wecom, said: Said | null) => SetupFinding>
> = {
  wecom_unreachable({ heard }, _only, said) {
    if (heard.cutOff) return finding('unknown', 'cut_off')
    const reason = said && 'reason' in said ? said.reason : ''
    return finding('wrong', 'wecom_unreachable', { ...reasonOf(reason) })
  },
  ip: ({ heard }) => finding('wrong', 'ip', heard.ip === null ? {} : { ip: heard.ip }),
  untrusted_domain({ evidence }, { agent }) {
    const trusted = agent?.trustedDomain ?? ''
    return finding('wrong', 'untrusted_domain', { host: hostOf(evidence.publicUrl?.url), trusted })
  },
  attendance_rights: (_seen, _only, said) => finding('todo', 'attendance_rights', errcodeOf(said)),
  clock: (_seen, { clockAheadMs }) =>
    finding('wrong', 'clock', { seconds: Math.round((clockAheadMs ?? 0) / 1000) }),
}

const errcodeOf = (said: Said | null): SetupFinding['values'] =>
  said && 'errcode' in said ? { errcode: said.errcode } : {}

/** The answer by which a step is judged. */
const JUDGED_BY: Partial<Record<SetupStep, Exclude<Probe, 'clock'>>> = {
  company: 'token',
  app: 'agent',
  domain: 'agent',
  ip: 'departments',
  contacts: 'contacts',
  range: 'departments',
  home: 'agent',
  attendance: 'attendance',
}

/** The earlier step that has to be mended before this one can be judged; null when it can. */
export function blameOf(step: SetupStep, seen: Seen, faults: readonly Fault[]): SetupStep | null {
  if (step === 'callback') return seen.evidence.publicUrl?.reach === 'ok' ? null : 'address'
  const probe = JUDGED_BY[step]
  if (!probe) return null
  if (!seen.evidence.wecom) return seen.given.WECOM_CORP_ID ? 'app' : 'company'
  const first = faults.find((each) => blocks(each, probe))
  return !first || seenBefore(step, first.step) ? null : first.step
}

/** WeCom looks at the secret after the corp, and at the range after the address. */
const seenBefore = (step: SetupStep, blamed: SetupStep) =>
  (step === 'company' && blamed === 'app') || (step === 'ip' && blamed === 'range')

const blocks = ({ probe, finding: { code } }: Fault, wanted: Probe) =>
  (probe === 'token' || probe === wanted) && code !== 'untrusted_domain'
