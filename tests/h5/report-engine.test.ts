import 'fake-indexeddb/auto'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { v7 } from 'uuid'
import { Reporter, type Report } from '../../h5/report/engine.ts'
import type { Batch, Listener, Position, Queue } from '../../h5/report/ports.ts'
import { openQueue } from '../../h5/report/queue.ts'

const NINE = Date.UTC(2026, 10, 23, 1)
const HOUR = 3_600_000
let person = 0
let queue: Queue

const positionAt = (at: number): Position => ({
  at,
  lng: 114.05,
  lat: 22.54,
  accuracy: 15,
  speed: null,
  heading: null,
  altitude: null,
  source: 'browser',
})

/** A phone whose clock, network and satellites the test holds in its hand. */
function phone(options: { refuse?: 'no_consent' } = {}) {
  const state = { now: NINE, online: true, asked: 0, started: 0, stopped: 0 }
  const sent: Batch[] = []
  const reports: Report[] = []
  let listener: Listener | null = null
  const reporter = new Reporter({
    clock: { now: () => state.now },
    after: () => () => undefined,
    random: () => 0.5,
    newId: () => v7(),
    queue,
    phone: () => ({ battery: 81, network: '4g' }),
    windows: () => [{ from: NINE, to: NINE + 9 * HOUR }],
    isHidden: () => false,
    changed: (report) => reports.push(report),
    post: async (batch) => {
      if (!state.online) throw new Error('no network')
      sent.push(batch)
      const rejected = batch.fixes.flatMap((fix, index) =>
        options.refuse ? [{ index, id: fix.id, code: options.refuse, message: 'consent' }] : [],
      )
      return { accepted: batch.fixes.length - rejected.length, duplicate: 0, rejected }
    },
    source: {
      ask: () => (state.asked += 1),
      start: (heard) => {
        listener = heard
        state.started += 1
        return () => {
          listener = null
          state.stopped += 1
        }
      },
    },
  })
  return { reporter, state, sent, reports, heard: () => listener }
}

const settled = (check: () => void) => vi.waitFor(check, 20_000)

beforeEach(async () => {
  queue = await openQueue(`engine${person++}`)
})

describe('a phone that reports', () => {
  it('records and sends on duty', async () => {
    const { reporter, sent, heard, reports } = phone()
    await reporter.start()
    heard()?.fix(positionAt(NINE + 1000))
    await settled(() => expect(sent.flatMap((batch) => batch.fixes)).toHaveLength(1))
    expect(sent[0]?.fixes[0]).toMatchObject({ battery: 81, network: '4g', source: 'browser' })
    await settled(() => expect(reports.at(-1)).toMatchObject({ phase: 'recording', waiting: 0 }))
  })

  it('does not even listen off duty, and stops listening when duty ends', async () => {
    const { reporter, state, sent, heard, reports } = phone()
    state.now = NINE - HOUR
    await reporter.start()
    expect(state.started).toBe(0)

    state.now = NINE
    await reporter.start()
    expect(state.started).toBe(1)
    const before = heard()

    state.now = NINE + 9 * HOUR
    await reporter.start()
    expect(state.stopped).toBe(1)
    before?.fix(positionAt(state.now + 1000))
    expect(reports.at(-1)).toMatchObject({ phase: 'off_duty', last: null })
    expect(sent.flatMap((batch) => batch.fixes)).toEqual([])
  })

  it.each([
    ['no_permission', 'no_permission'],
    ['gps_off', 'gps_off'],
    ['bad_signature', 'unknown'], // no refusal of the person's
    ['app_not_permitted', 'unknown'],
  ] as const)('tells what lasts (%s) as a silence of reason %s', async (trouble, reason) => {
    const { reporter, state, heard, reports, sent } = phone()
    await reporter.start()
    heard()?.trouble(trouble)
    await settled(() => expect(reports.at(-1)).toMatchObject({ trouble }))
    await expect.poll(async () => (await queue.pulse())?.open?.reason).toBe(reason)
    state.now = NINE + 60_000
    heard()?.fix(positionAt(state.now))
    await settled(() =>
      expect(sent.flatMap((batch) => batch.silences)).toMatchObject([
        { from: NINE, to: NINE + 60_000, reason },
      ]),
    )
    expect(reports.at(-1)).toMatchObject({ trouble: null })
  })

  it('says that a lesser source steps in, and that it is no longer needed', async () => {
    const { reporter, state, heard, reports } = phone()
    await reporter.start()
    heard()?.instead('silent')
    heard()?.fix(positionAt(NINE + 1000))
    expect(reports.at(-1)).toMatchObject({ instead: 'silent', trouble: null })
    heard()?.instead(null)
    expect(reports.at(-1)).toMatchObject({ instead: null })
    heard()?.instead('desktop')
    state.now = NINE + 9 * HOUR
    await reporter.start()
    expect(reports.at(-1)).toMatchObject({ phase: 'off_duty', instead: null })
  })

  it('keeps what comes without a network and sends it when the network is back', async () => {
    const { reporter, state, sent, heard, reports } = phone()
    state.online = false
    await reporter.start()
    heard()?.fix(positionAt(NINE + 10_000))
    heard()?.fix(positionAt(NINE + 20_000))
    await settled(() => expect(reports.at(-1)).toMatchObject({ waiting: 2, failing: true }))

    state.online = true
    reporter.wake()
    await settled(() => expect(reports.at(-1)).toMatchObject({ waiting: 0, failing: false }))
    expect(sent.flatMap((batch) => batch.fixes.map((fix) => fix.at - NINE))).toEqual([
      20_000, 10_000,
    ])
  })

  it('asks the position source for a fresh one when told to report now', async () => {
    const { reporter, state } = phone()
    await reporter.start()
    reporter.reportNow()
    expect(state.asked).toBe(1)
  })

  it('says that consent is lost when the server says so', async () => {
    const { reporter, heard, reports } = phone({ refuse: 'no_consent' })
    await reporter.start()
    heard()?.fix(positionAt(NINE + 1000))
    await settled(() => expect(reports.at(-1)).toMatchObject({ consentLost: true, waiting: 0 }))
  })
})
