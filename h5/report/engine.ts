import type { Ingested } from '../../backend/contract/fixes.ts'
import { windowAt, type Window } from './duty.ts'
import type { After, Clock, Position, PositionSource, Post, Queue, Trouble } from './ports.ts'
import { createSender } from './sender.ts'
import { BEAT_MS, createSilenceLog } from './silences.ts'

const FIX_GAP_MS = 5_000 // a browser may tell every second; nobody needs that

export type Phase = 'off_duty' | 'recording'

export interface Report {
  phase: Phase
  waiting: number // fixes and silences that the server has not answered
  last: Position | null
  trouble: Trouble | null
  sentAt: number | null // the server's last answer, phone clock
  failing: boolean // the last attempt had no answer
  consentLost: boolean // the server says that consent is missing
}

export interface ReporterNeeds {
  clock: Clock // the phone's
  after: After
  random: () => number
  newId: () => string
  queue: Queue
  post: Post
  source: PositionSource
  windows: () => readonly Window[] // duty, in the phone's clock
  isHidden: () => boolean
  changed: (report: Report) => void
}

export interface Reporter {
  /** Begins: records within duty windows, sends what waits. Consent is the caller's to check. */
  start(): Promise<void>
  /** A position now, and everything that waits. */
  reportNow(): void
  /** The network or the page came back. */
  wake(): void
  /** The page is being hidden or closed. */
  leave(): Promise<void>
  /** Ends; what waits stays. */
  stop(): void
}

/** Position source → queue → server, for one person. Nothing here knows the browser. */
export function createReporter(needs: ReporterNeeds): Reporter {
  const { clock, queue } = needs
  const report: Report = {
    phase: 'off_duty',
    waiting: 0,
    last: null,
    trouble: null,
    sentAt: null,
    failing: false,
    consentLost: false,
  }
  const silences = createSilenceLog(needs)
  const sender = createSender({ ...needs, attempted: (answer) => void attempted(answer) })
  let stopSource: (() => void) | null = null
  let cancelBeat: (() => void) | null = null
  let fixAt = 0
  let asked = false
  let stopped = false

  function tell(change: Partial<Report>): void {
    Object.assign(report, change)
    needs.changed({ ...report })
  }

  async function attempted(answer: Ingested | null): Promise<void> {
    const refused = answer?.rejected.some((item) => item.code === 'no_consent') ?? false
    tell({
      failing: answer === null,
      sentAt: answer === null ? report.sentAt : clock.now(),
      consentLost: report.consentLost || refused,
      waiting: await queue.count(),
    })
  }

  async function fixCame(position: Position): Promise<void> {
    if (windowAt(needs.windows(), position.at) === null) return
    tell({ last: position, trouble: null })
    if (!asked && position.at - fixAt < FIX_GAP_MS) return
    asked = false
    fixAt = position.at
    await silences.fixed(position.at)
    await queue.addFix({ ...position, id: needs.newId(), datum: 'wgs84' })
    tell({ waiting: await queue.count() })
    sender.kick()
  }

  async function troubleCame(trouble: Trouble): Promise<void> {
    tell({ trouble })
    if (trouble !== 'unknown') await silences.trouble(clock.now(), trouble)
  }

  async function follow(): Promise<void> {
    const now = clock.now()
    const duty = windowAt(needs.windows(), now) !== null
    if (stopped) return
    if (!duty) return stopSource === null ? undefined : rest()
    if (stopSource === null) {
      tell({ phase: 'recording' })
      stopSource = needs.source.start({
        fix: (position) => void fixCame(position),
        trouble: (trouble) => void troubleCame(trouble),
      })
    }
    await silences.beat(now, needs.isHidden())
  }

  async function rest(): Promise<void> {
    stopSource?.()
    stopSource = null
    await silences.end(clock.now())
    tell({ phase: 'off_duty', last: null, trouble: null })
  }

  async function beat(): Promise<void> {
    await follow()
    tell({ waiting: await queue.count() })
    if (stopped) return
    sender.kick()
    cancelBeat = needs.after(BEAT_MS, () => void beat())
  }

  return {
    start: beat,
    reportNow() {
      asked = true
      needs.source.ask()
      sender.wake()
    },
    wake() {
      void follow()
      if (stopSource !== null) needs.source.ask()
      sender.wake()
    },
    leave: () => sender.leave(),
    stop() {
      stopped = true
      cancelBeat?.()
      sender.stop()
      stopSource?.()
      stopSource = null
    },
  }
}
