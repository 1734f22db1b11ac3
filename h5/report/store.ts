import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { v7 } from 'uuid'
import { Ingested } from '../../backend/contract/fixes.ts'
import type { Me } from '../../backend/contract/people.ts'
import { call } from '../core/api.ts'
import { useSession } from '../core/session.ts'
import { emptied, isDue, openClean, type Place } from './emptied.ts'
import { Reporter, type Report } from './engine.ts'
import { appOf, hasBridge } from './app.ts'
import { BrowserSource } from './browser.ts'
import type { Window } from './duty.ts'
import { deadSource, FallbackSource } from './fallback.ts'
import { bridgeOf } from './jssdk.ts'
import type { PositionSource, Post, Queue } from './ports.ts'
import { phoneOf } from './phone.ts'
import { carryLater } from './later.ts'
import { nameOf, openQueue } from './queue.ts'
import { askToStay, makeRoom } from './room.ts'
import { BridgeSource, within } from './sources.ts'
import { SureQueue } from './sure.ts'

const OPEN_MS = 20_000 // some of iOS 14 never answer
const RENEW_MS = 30 * 60_000 // duty windows reach to tomorrow; a roster may change meanwhile

/** The reporting of the person signed in, wired to this browser. `report` is null while nothing is reported. */
export const useReport = defineStore('report', () => {
  const session = useSession()
  const report = shallowRef<Report | null>(null)
  const elsewhere = shallowRef(false) // another tab of this phone is reporting
  const emptying = useEmptying()
  let running: Running | null = null
  let begun: string | null = null

  /** Begins to report for a rep who has agreed; harmless when it already does. */
  async function begin(): Promise<void> {
    const me = session.me
    if (me === null || me.role !== 'rep' || !me.consent.current || begun === me.id) return
    begun = me.id
    elsewhere.value = true
    await alone(nameOf(me.id), () => open(me))
  }

  async function open(me: Me): Promise<void> {
    elsewhere.value = false
    if (begun !== me.id) return // signed out while it waited for its turn
    running = await run(me, hooksOf(session, changed))
    if (begun !== me.id) running.end() // withdrawn while the phone's store was opening
    await running.ended
  }

  function changed(next: Report): void {
    report.value = next
    if (next.consentLost) stop() // withdrawn on another phone, or the text has a new version
    if (next.consentLost) void session.refresh()
  }

  /** Stops; what waits stays on the phone for the next sign-in of the same person. */
  function stop(): void {
    running?.end()
    running = null
    begun = null
    report.value = null
  }

  /** Stops and forgets what waits, in this page and on the phone: without consent nothing may be sent any more. */
  function forget(personId: string): Promise<void> {
    const held = running?.queue
    stop()
    return emptying.empty(personId, held)
  }

  const reportNow = () => running?.reporter.reportNow()
  return { report, elsewhere, begin, stop, forget, reportNow, ...emptying }
})

/** Deletes what waits on this phone. `unemptied`: consent is withdrawn, and it could not be deleted yet. */
function useEmptying() {
  const unemptied = shallowRef(false)
  async function empty(personId: string, held?: Queue): Promise<void> {
    await held?.clear().catch(() => undefined) // what the page holds is gone even so
    unemptied.value = !(await emptied(placeOf(personId)))
  }
  /** Tries again what could not be done when consent was withdrawn, if there is such. */
  async function emptyDue(personId: string): Promise<void> {
    if (isDue(placeOf(personId))) await empty(personId)
    else unemptied.value = false
  }
  return { unemptied, empty, emptyDue }
}

const placeOf = (personId: string): Place => ({
  ...{ personId, open: () => within(OPEN_MS, openQueue(personId)) },
  marks: localStorage,
})

/** The queue on this phone; where the browser keeps nothing (a private window of an old iOS), the page's own. */
async function sureQueue(personId: string): Promise<Queue> {
  return new SureQueue(await openClean(placeOf(personId)), makeRoom)
}

interface Hooks {
  windows: () => readonly Window[]
  changed: (report: Report) => void
  renew: () => void // asks for the duty windows again
}

const hooksOf = (session: ReturnType<typeof useSession>, changed: Hooks['changed']): Hooks => ({
  windows: () => inPhoneTime(session.me?.duty ?? [], session.clockAhead),
  changed,
  renew: () => void session.refresh(),
})

interface Running {
  reporter: Reporter
  queue: Queue
  end: () => void
  ended: Promise<void>
}

async function run(me: Me, { windows, changed, renew }: Hooks): Promise<Running> {
  const queue = await sureQueue(me.id)
  void askToStay('storage' in navigator ? navigator.storage : undefined)
  const source = positionSource(me)
  const reporter = new Reporter({
    ...BROWSER,
    phone: phoneOf(navigator),
    queue,
    source,
    windows,
    changed(report) {
      changed(report)
      if (report.failing && report.waiting > 0) void carryLater(me.id)
    },
  })
  const stopListening = listen(reporter, renew)
  void reporter.start()
  const { promise: ended, settle } = latch()
  const end = () => {
    reporter.stop()
    stopListening()
    settle()
  }
  return { reporter, queue, end, ended }
}

function latch(): { promise: Promise<void>; settle: () => void } {
  let settle: () => void = () => undefined
  const promise = new Promise<void>((resolve) => (settle = resolve))
  return { promise, settle: () => settle() }
}

/** Duty windows come in the server's time; the phone's clock may be off by `ahead` ms. */
function inPhoneTime(windows: readonly Window[], ahead: number): Window[] {
  return windows.map(({ from, to }) => ({ from: from - ahead, to: to - ahead }))
}

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

const BROWSER = {
  clock: Date,
  after,
  random: Math.random,
  newId: () => v7(),
  post,
  isHidden: () => document.hidden,
}

/** The bridge of the app; the browser's geolocation while there is none or it fails. */
export function positionSource(me: Me): PositionSource {
  const app = appOf(navigator.userAgent, navigator.maxTouchPoints)
  const { geolocation, permissions } = navigator // older web views lack them
  const browser = new BrowserSource({ geolocation, permissions, isSecure: isSecureContext })
  if (app.kind === 'browser') return browser
  return new FallbackSource(
    hasBridge(app) ? new BridgeSource(bridgeOf(me, app), app.kind, Date) : deadSource('desktop'),
    browser,
  )
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
