import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { Me } from '../../backend/contract/people.ts'
import { call, codeOf, type CallInit, type FailureCode } from './api.ts'
import { keepWord } from './keep.ts'

const KEPT = 'zuji.me' // the last known `me`, so that the page also opens without a network
const AHEAD = 'zuji.clockAhead' // as it was then
const PATIENCE_MS = 5000 // who has a last known `me` waits no longer on a dead line

/** The server's word about the person; anything else, even from a proxy, is no word. */
const REFUSED: ReadonlySet<FailureCode> = new Set<FailureCode>(['not_signed_in', 'not_allowed'])

/** Who is signed in. `me` is null only until the first answer ever, and after a refusal. */
export const useSession = defineStore('session', () => {
  const me = shallowRef<Me | null>(kept()) // of the last visit, so that nobody waits for an answer that says the same
  const failure = shallowRef<FailureCode | null>(null)
  const clockAhead = shallowRef(Number(localStorage.getItem(AHEAD) ?? 0)) // ms that the server's clock is ahead of the phone's
  let loading: Promise<void> | null = null

  const home = computed(() => homeOf(me.value))

  /** Asks once per visit; `refresh` asks again. @param signsIn whether who is not signed in is led to do so */
  function load(signsIn = true): Promise<void> {
    loading ??= refresh(signsIn)
    return loading
  }

  async function refresh(signsIn = true): Promise<void> {
    try {
      const answer = await call(Me, '/api/v1/me', { ...patience(), signsIn })
      me.value = answer
      clockAhead.value = answer.now - Date.now()
      failure.value = null
      keepWord(KEPT, JSON.stringify(answer))
      keepWord(AHEAD, String(clockAhead.value))
      renew()
    } catch (error) {
      failure.value = codeOf(error)
      if (REFUSED.has(failure.value)) forget()
      loading = null // the next navigation may try again
    }
  }

  function forget(): void {
    localStorage.removeItem(KEPT)
    me.value = null
    loading = null
  }

  return { me, failure, clockAhead, home, load, refresh, forget }
})

/** Once a day the session gets a new token; the server knows when. Nobody waits for it. */
function renew(): void {
  void fetch('/auth/renew', { method: 'POST', credentials: 'same-origin' }).catch(() => null)
}

/** The page that `/` is, by the name of its route. */
const HOMES = { rep: 'today', supervisor: 'live', hr: 'month', admin: 'contacts' } as const

const homeOf = (me: Me | null) => HOMES[me?.role ?? 'rep']

function patience(): CallInit {
  return localStorage.getItem(KEPT) === null ? {} : { timeoutMs: PATIENCE_MS }
}

function kept(): Me | null {
  const text = localStorage.getItem(KEPT)
  if (text === null) return null
  const parsed = Me.safeParse(JSON.parse(text))
  return parsed.success ? parsed.data : null
}
