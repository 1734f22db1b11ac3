import { CallFailed } from '../core/api.ts'
import type { Trouble } from './ports.ts'

/** What a promise is rejected with when nobody answered in time. */
export const TIMEOUT = 'timeout'

/**
 * By the words after the first colon of an errMsg; the SDK lowers their case and takes `_` and a leading
 * `fail_` away, the bridge itself does not. The first that fits counts.
 */
const WORDS: [RegExp, Trouble][] = [
  [/invalid ?signature/, 'bad_signature'],
  [/invalid ?(js ?api ?)?url ?domain|invalid domain/, 'untrusted_domain'],
  [/function ?not ?exist|not ?support/, 'too_old'],
  [/visible (range|scope)|not in (the )?(range|scope)|60011|可见范围/, 'not_visible'],
  [/gps ?(is )?(closed|off)|location ?(service )?(is )?off/, 'gps_off'],
  [
    /cancel|auth(orize)? ?den|user ?den|refuse|system: ?(access|permission) ?denied/,
    'no_permission',
  ],
  [/^(fail,? ?)?permission denied|^(fail ?)?no ?permission|offline verifying/, 'app_not_permitted'],
  [/denied/, 'no_permission'],
]

/**
 * Why a bridge refused, by its errMsg (WeCom and WeChat, all versions seen). A person who says no is told
 * apart from an app that lacks the right.
 */
export function troubleOfBridge(message: string): Trouble {
  const text = message.toLowerCase().replace(/_/g, ' ')
  const keyword = text.slice(text.indexOf(':') + 1)
  return WORDS.find(([words]) => words.test(keyword))?.[1] ?? 'unknown'
}

/** Why a call came to nothing: our server would not or could not sign, nobody answered, or the bridge refused. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof CallFailed)
    return error.code === 'not_allowed' ? 'untrusted_domain' : 'unreachable'
  if (error instanceof TypeError) return 'unreachable' // the SDK itself did not load
  const text = textOf(error)
  return text === TIMEOUT ? 'silent' : troubleOfBridge(text)
}

/** GeolocationPositionError: 1 permission denied, 2 position unavailable, 3 timeout. */
export function troubleOfBrowser(code: number): Trouble {
  if (code === 1) return 'no_permission'
  return code === 2 ? 'gps_off' : 'unknown'
}

/** The words of whatever was thrown; a bridge throws its whole answer. */
export function textOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error)
  const text: unknown =
    Reflect.get(error, 'errMsg') ?? Reflect.get(error, 'err_msg') ?? Reflect.get(error, 'message')
  return typeof text === 'string' ? text : ''
}

/** A question that the person put away comes up anew with each call: only they ask again. */
export const wasPutAway = (error: unknown): boolean => /:\s*cancel/i.test(textOf(error))
