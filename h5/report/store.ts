import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { v7 } from 'uuid'
import { Ingested } from '../../backend/contract/fixes.ts'
import type { Me } from '../../backend/contract/people.ts'
import { call } from '../core/api.ts'
import { useSession } from '../core/session.ts'
import { createReporter, type Report, type Reporter } from './engine.ts'
import { appOf, bridgeOf } from './jssdk.ts'
import type { PositionSource, Post } from './ports.ts'
import { openQueue } from './queue.ts'
import { bridgeSource, browserSource } from './sources.ts'

const RENEW_MS = 30 * 60_000 // duty windows reach to tomorrow; a roster may change meanwhile

/** The reporting of the person signed in, wired to this browser. `report` is null while nothing is reported. */
export const useReport = defineStore('report', () => {
  const session = useSession()
  const report = shallowRef<Report | null>(null)
  const elsewhere = shallowRef(false) // another tab of this phone is reporting
  let reporter: Reporter | null = null
  let release: (() => void) | null = null
  let begun: string | null = null

  /** Begins to report for a rep who has agreed; harmless when it already does. */
  async function begin(): Promise<void> {
    const me = session.me
    if (me === null || me.role !== 'rep' || !me.consent.current || begun === me.id) return
    begun = me.id
    elsewhere.value = true
    await alone(`zuji.report.${me.id}`, () => open(me))
  }

  async function open(me: Me): Promise<void> {
    elsewhere.value = false
    if (begun !== me.id) return // signed out while it waited for its turn
    const queue = await openQueue(me.id)
    reporter = createReporter({
      clock: Date,
      after,
      random: Math.random,
      newId: () => v7(),
      queue,
      post,
      source: sourceFor(me),
      windows: dutyInPhoneTime,
      isHidden: () => document.hidden,
      changed: (next) => (report.value = next),
    })
    const stopListening = listen(reporter, () => void session.refresh())
    const finished = new Promise<void>((resolve) => (release = resolve))
    await reporter.start()
    await finished
    stopListening()
    queue.close()
  }

  function dutyInPhoneTime() {
    const ahead = session.clockAhead
    const windows = session.me?.duty ?? []
    return windows.map(({ from, to }) => ({ from: from - ahead, to: to - ahead }))
  }

  /** Stops; what waits stays on the phone for the next sign-in of the same person. */
  function stop(): void {
    reporter?.stop()
    reporter = null
    release?.()
    release = null
    begun = null
    report.value = null
  }

  /** Stops and forgets what waits: without consent nothing may be sent any more. */
  async function forget(personId: string): Promise<void> {
    stop()
    const queue = await openQueue(personId)
    await queue.clear()
    queue.close()
  }

  return { report, elsewhere, begin, stop, forget, reportNow: () => reporter?.reportNow() }
})

const post: Post = (batch, { leaving }) =>
  call(Ingested, '/api/v1/fixes', {
    body: { sentAt: Date.now(), ...batch },
    keepalive: leaving,
    timeoutMs: 30_000,
  })

function after(ms: number, action: () => void): () => void {
  const timer = setTimeout(action, ms)
  return () => clearTimeout(timer)
}

function sourceFor(me: Me): PositionSource {
  const app = appOf(navigator.userAgent)
  return app === 'browser'
    ? browserSource(navigator.geolocation)
    : bridgeSource(bridgeOf(me), app, Date)
}

/** Two tabs would both record; the second waits until the first is gone. */
async function alone(name: string, run: () => Promise<void>): Promise<void> {
  if ('locks' in navigator) await navigator.locks.request(name, run)
  else await run()
}

function listen(reporter: Reporter, renew: () => void): () => void {
  const wake = () => reporter.wake()
  const leave = () => void reporter.leave()
  const turned = () => {
    if (document.hidden) return leave()
    renew()
    wake()
  }
  addEventListener('online', wake)
  addEventListener('pagehide', leave)
  document.addEventListener('visibilitychange', turned)
  const timer = setInterval(renew, RENEW_MS)
  return () => {
    removeEventListener('online', wake)
    removeEventListener('pagehide', leave)
    document.removeEventListener('visibilitychange', turned)
    clearInterval(timer)
  }
}
