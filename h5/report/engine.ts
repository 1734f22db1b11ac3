import type { Ingested } from '../../backend/contract/fixes.ts'
import type { SilenceReason } from '../../backend/contract/terms.ts'
import { windowAt, type Window } from './duty.ts'
import type {
  After,
  Clock,
  PhoneState,
  Position,
  PositionSource,
  Post,
  Queue,
  Trouble,
  Unkept,
} from './ports.ts'
import { Sender } from './sender.ts'
import { BEAT_MS, SilenceLog } from './silences.ts'

const FIX_GAP_MS = 5_000 // a browser may tell every second; nobody needs that

export type Phase = 'off_duty' | 'recording'

export interface Report {
  phase: Phase
  waiting: number // fixes and silences that the server has not answered
  unkept: Unkept | null // the phone can not keep what waits
  last: Position | null
  trouble: Trouble | null
  instead: Trouble | null // positions come from a lesser source, and why
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
  phone: () => PhoneState
  windows: () => readonly Window[] // duty, in the phone's clock
  isHidden: () => boolean
  changed: (report: Report) => void
}

/** Position source → queue → server, for one person. Nothing here knows the browser. */
export class Reporter {
  readonly #needs: ReporterNeeds
  readonly #silences: SilenceLog
  readonly #sender: Sender
  #report: Report = NOTHING_YET
  #stopSource: (() => void) | null = null
  #cancelBeat: (() => void) | null = null
  #fixAt = 0
  #asked = false
  #stopped = false

  constructor(needs: ReporterNeeds) {
    this.#needs = needs
    this.#silences = new SilenceLog(needs)
    this.#sender = new Sender({ ...needs, attempted: (answer) => void this.#attempted(answer) })
  }

  /** Begins: records within duty windows, sends what waits. Consent is the caller's to check. */
  async start(): Promise<void> {
    await this.#follow()
    this.#tell(await this.#waiting())
    if (this.#stopped) return
    this.#sender.kick()
    this.#cancelBeat = this.#needs.after(BEAT_MS, () => void this.start())
  }

  /** A position now, and everything that waits. */
  reportNow(): void {
    this.#asked = true
    this.#needs.source.ask()
    this.#sender.wake()
  }

  /** The network or the page came back. */
  wake(): void {
    void this.#follow()
    if (this.#stopSource !== null) this.#needs.source.ask()
    this.#sender.wake()
  }

  /** The page is being hidden or closed. */
  leave(): Promise<void> {
    return this.#sender.leave()
  }

  /** Ends; what waits stays. */
  stop(): void {
    this.#stopped = true
    this.#cancelBeat?.()
    this.#sender.stop()
    this.#stopSource?.()
    this.#stopSource = null
  }

  async #follow(): Promise<void> {
    if (this.#stopped) return
    const { clock, isHidden, source } = this.#needs
    const now = clock.now()
    if (windowAt(this.#needs.windows(), now) === null) return this.#rest()
    if (this.#stopSource === null) {
      this.#tell({ phase: 'recording' })
      this.#stopSource = source.start({
        fix: (position) => void this.#fixCame(position),
        trouble: (trouble) => void this.#troubleCame(trouble),
        instead: (instead) => this.#tell({ instead }),
      })
    }
    await this.#silences.beat(now, isHidden())
  }

  async #rest(): Promise<void> {
    if (this.#stopSource === null) return
    this.#stopSource()
    this.#stopSource = null
    await this.#silences.end(this.#needs.clock.now())
    this.#tell({ phase: 'off_duty', last: null, trouble: null, instead: null })
  }

  async #fixCame(position: Position): Promise<void> {
    const { queue, newId, phone, windows } = this.#needs
    if (this.#stopped || windowAt(windows(), position.at) === null) return
    this.#tell({ last: position, trouble: null })
    if (!this.#asked && position.at - this.#fixAt < FIX_GAP_MS) return
    this.#asked = false
    this.#fixAt = position.at
    await queue.addFix({ ...position, ...phone(), id: newId(), datum: 'wgs84' })
    await this.#silences.fixed(position.at)
    this.#tell(await this.#waiting())
    this.#sender.kick()
  }

  async #troubleCame(trouble: Trouble): Promise<void> {
    this.#tell({ trouble })
    const reason = SILENCE_OF[trouble]
    if (reason !== undefined) await this.#silences.trouble(this.#needs.clock.now(), reason)
  }

  async #attempted(answer: Ingested | null): Promise<void> {
    const refused = answer?.rejected.some((item) => item.code === 'no_consent') ?? false
    this.#tell({
      failing: answer === null,
      sentAt: answer === null ? this.#report.sentAt : this.#needs.clock.now(),
      consentLost: this.#report.consentLost || refused,
      ...(await this.#waiting()),
    })
  }

  async #waiting(): Promise<Pick<Report, 'waiting' | 'unkept'>> {
    const { queue } = this.#needs
    return { waiting: await queue.count(), unkept: queue.unkept?.() ?? null }
  }

  #tell(change: Partial<Report>): void {
    if (this.#stopped) return
    this.#report = { ...this.#report, ...change }
    this.#needs.changed(this.#report)
  }
}

/** What lasts is told as a silence, at once; a supervisor reads of a refusal only where a person refused. */
const SILENCE_OF: Partial<Record<Trouble, SilenceReason>> = {
  no_permission: 'no_permission',
  gps_off: 'gps_off',
  app_not_permitted: 'unknown',
  not_visible: 'unknown',
  bad_signature: 'unknown',
  untrusted_domain: 'unknown',
  too_old: 'unknown',
  desktop: 'unknown',
  unsupported: 'unknown',
}

const NOTHING_YET: Report = {
  phase: 'off_duty',
  waiting: 0,
  unkept: null,
  last: null,
  trouble: null,
  instead: null,
  sentAt: null,
  failing: false,
  consentLost: false,
}
