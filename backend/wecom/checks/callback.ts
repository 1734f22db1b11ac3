import type { SetupCode, SetupFinding } from '../../contract/wecomChecks.ts'
import { NOTHING } from './faults.ts'
import { finding, reasonOf, type Seen } from './seen.ts'
import { diagnose, type Evidence } from './doctor.ts'

const CODE_OF: Readonly<Record<string, SetupCode>> = {
  callback_not_loaded: 'callback_not_loaded',
  callback_refused: 'callback_refused',
  callback_token_mismatch: 'callback_token_mismatch',
  callback_key_mismatch: 'callback_key_mismatch',
  corp_id: 'callback_corp_mismatch',
  clock: 'clock',
}

/**
 * How one callback address stands: the doctor's judgement of our side and of what arrived; without a
 * fault, whether WeCom has ever told anything there, for only that proves the console's side.
 */
export function callbackFindings(door: 'app' | 'contacts', seen: Seen): SetupFinding[] {
  const callback = seen.evidence.callbacks[door]
  if (!callback || seen.evidence.publicUrl?.reach !== 'ok') return []
  if (seen.heard.cutOff && callback.proof === 'connection') return [finding('unknown', 'cut_off')]
  const wrong = wrongIn(door, callback)
  if (wrong.length > 0) return wrong
  const at = seen.told[door]
  return at === null
    ? [finding('unknown', door === 'app' ? 'callback_silent' : 'contacts_silent')]
    : [finding('ok', 'callback_heard', { at })]
}

function wrongIn(
  door: 'app' | 'contacts',
  callback: NonNullable<Evidence['callbacks']['app']>,
): SetupFinding[] {
  const publicUrl = { url: 'https://zuji.example', reach: 'ok' } as const // judged by its own step
  const callbacks = { app: null, contacts: null, [door]: callback }
  return diagnose({ ...NOTHING, publicUrl, callbacks })
    .filter(({ level }) => level === 'wrong')
    .map(({ code }) => {
      const values = code === 'callback_refused' ? { ...reasonOf(callback.proof) } : {}
      return finding('wrong', CODE_OF[code] ?? 'callback_refused', values)
    })
}
