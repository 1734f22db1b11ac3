import {
  SetupStep as Steps,
  type SetupCheck,
  type SetupFinding,
  type SetupSetting,
  type SetupStep,
} from '../../contract/wecomChecks.ts'
import { callbackFindings } from './callback.ts'
import { blameOf, faultsOf } from './faults.ts'
import { finding, hostOf, reasonOf, type Seen } from './seen.ts'

type Judge = (seen: Seen) => SetupFinding[]

/**
 * Judges every step of the setup. What is wrong in WeCom's answers is the doctor's judgement; here it
 * finds its step, and what depends on it waits instead of being wrong, too.
 */
export function checksOf(seen: Seen): SetupCheck[] {
  const faults = faultsOf(seen)
  return Steps.options.map((step) => {
    const missing = NEEDED[step].filter((setting) => !seen.given[setting])
    const own = faults.filter((each) => each.step === step).map((each) => each.finding)
    const after = own.length > 0 || missing.length > 0 ? null : blameOf(step, seen, faults)
    const rest = after === null && own.length === 0 ? JUDGES[step](seen) : []
    const todo = missing.map((setting) => finding('todo', 'setting_missing', { setting }))
    const findings = [...own, ...todo, ...(todo.length > 0 ? [] : rest), ...beside(step, seen)]
    const state = stateOf(findings)
    return after && state !== 'wrong'
      ? { step, state: 'waiting', after, findings }
      : { step, state, after: null, findings }
  })
}

const NEEDED: Record<SetupStep, readonly SetupSetting[]> = {
  server: [],
  address: [],
  company: ['WECOM_CORP_ID'],
  app: ['WECOM_AGENT_ID', 'WECOM_SECRET'],
  domain: [],
  callback: ['WECOM_CALLBACK_TOKEN', 'WECOM_CALLBACK_AES_KEY'],
  ip: [],
  contacts: ['WECOM_CONTACTS_SECRET', 'WECOM_CONTACTS_TOKEN', 'WECOM_CONTACTS_AES_KEY'],
  range: [],
  home: [],
  attendance: [],
}

/** What is told beside a fault and beside a missing setting. */
function beside(step: SetupStep, seen: Seen): SetupFinding[] {
  if (step === 'domain') return [...port(seen), ...files(seen)]
  return step === 'contacts' ? callbackFindings('contacts', seen) : []
}

const JUDGES: Record<SetupStep, Judge> = {
  server: ({ evidence }) => [
    evidence.wecom ? finding('ok', 'reaches_wecom') : finding('todo', 'simulator'),
  ],
  address,
  company: ({ corpId }) => [finding('ok', 'company_known', { corpId })],
  app: ({ agentId, heard }) => [
    finding('ok', 'app_known', { agentId, ...(heard.name !== null && { name: heard.name }) }),
  ],
  domain,
  callback: (seen) => callbackFindings('app', seen),
  ip: () => [finding('ok', 'ip_allowed')],
  contacts: () => [finding('ok', 'contacts_read')],
  range: ({ heard }) => [finding('ok', 'range_seen', { count: heard.departments ?? 0 })],
  home,
  attendance: () => [finding('ok', 'attendance_granted')],
}

const RANK = ['wrong', 'todo', 'unknown', 'ok'] as const

const stateOf = (findings: readonly SetupFinding[]) =>
  RANK.find((state) => findings.some((each) => each.state === state)) ?? 'todo'

const LOCAL = /^(localhost|127\..*|10\..*|192\.168\..*|172\.(1[6-9]|2\d|3[01])\..*|\[::1\]|[^.]+)$/

function address({ evidence }: Seen): SetupFinding[] {
  const { url, reach } = evidence.publicUrl ?? { url: '', reach: 'connection' }
  const found: SetupFinding[] = []
  if (!URL.canParse(url) || LOCAL.test(new URL(url).hostname))
    return [finding('todo', 'address_local', { url })]
  if (!url.startsWith('https:')) found.push(finding('wrong', 'not_https', { url }))
  if (reach !== 'ok') found.push(finding('wrong', 'not_reachable', { url, ...reasonOf(reach) }))
  return found.length > 0 ? found : [finding('ok', 'address_answers', { url })]
}

function domain({ evidence }: Seen): SetupFinding[] {
  const host = hostOf(evidence.publicUrl?.url)
  const told = evidence.wecom?.agent?.trustedDomain !== undefined
  return [finding(told ? 'ok' : 'unknown', told ? 'domain_trusted' : 'domain_untold', { host })]
}

/** Location on phones goes by the JS-SDK. An address of this machine is told in its own step. */
function port({ evidence }: Seen): SetupFinding[] {
  const host = hostOf(evidence.publicUrl?.url)
  return evidence.wecom && host.includes(':') ? [finding('wrong', 'domain_port', { host })] : []
}

/** A domain that is trusted was proved already: then a missing file is nobody's concern. */
function files(seen: Seen): SetupFinding[] {
  const trusted = seen.evidence.wecom?.agent?.trustedDomain ?? ''
  const proved = trusted !== '' && !faultsOf(seen).some(({ step }) => step === 'domain')
  if (seen.files.length === 0) return proved ? [] : [finding('todo', 'verify_missing')]
  return seen.files.map(({ url, failed }) =>
    failed
      ? finding(proved ? 'unknown' : 'wrong', 'verify_elsewhere', { url, ...failed })
      : finding('ok', 'verify_served', { url }),
  )
}

function home({ heard, evidence }: Seen): SetupFinding[] {
  const { homeUrl } = heard
  if (homeUrl === null) return [finding('unknown', 'home_untold')]
  if (homeUrl === '') return [finding('todo', 'home_missing')]
  const ours = hostOf(pageIn(homeUrl)) === hostOf(evidence.publicUrl?.url)
  return [finding(ours ? 'ok' : 'wrong', ours ? 'home_set' : 'home_other', { url: homeUrl })]
}

/** An OAuth link as home page leads to the page named in it. */
function pageIn(url: string): string {
  return URL.canParse(url) ? (new URL(url).searchParams.get('redirect_uri') ?? url) : url
}
