import type { SetupCode, SetupFinding, SetupSetting } from '../../contract/wecomChecks.ts'
import type { Evidence } from './doctor.ts'

/** What the doctor's calls told besides their errcode. */
export interface Overheard {
  cutOff: boolean // the time was over before the last answer
  ip: string | null // ours, as WeCom sees it; told with a refusal
  name: string | null // of the app
  homeUrl: string | null // null: not told
  departments: number | null // in the app's visible range
}

export interface Failed {
  reason: 'timeout' | 'connection' | 'http' | 'other'
  status?: number
}

export interface ProofFile {
  url: string
  failed: Failed | null
}

export type Told = Readonly<Record<'app' | 'contacts', number | null>> // last event, epoch ms

/** All that a judgement needs. Of the settings only whether they are given, and what is no secret. */
export interface Seen {
  evidence: Pick<Evidence, 'publicUrl' | 'wecom' | 'callbacks'>
  heard: Overheard
  files: readonly ProofFile[]
  told: Told
  given: Readonly<Record<SetupSetting, boolean>>
  corpId: string
  agentId: string
}

export const finding = (
  state: SetupFinding['state'],
  code: SetupCode,
  values: SetupFinding['values'] = {},
): SetupFinding => ({ state, code, values })

/** A reason of the doctor's in the contract's words: `HTTP 502`, `timeout`, `connection`, anything else. */
export function reasonOf(text: string): Failed {
  const [, status] = /^HTTP (\d+)$/.exec(text) ?? []
  if (status) return { reason: 'http', status: Number(status) }
  return { reason: text === 'timeout' || text === 'connection' ? text : 'other' }
}

/** Host with port; empty for what is no address. */
export const hostOf = (url: string | undefined) =>
  url !== undefined && URL.canParse(url) ? new URL(url).host : ''
