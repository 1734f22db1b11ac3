import 'fake-indexeddb/auto'
import { beforeEach, describe, expect, it } from 'vitest'
import { v7 } from 'uuid'
import type { Queue } from '../../h5/report/ports.ts'
import { openQueue } from '../../h5/report/queue.ts'
import { SilenceLog } from '../../h5/report/silences.ts'

const NINE = Date.UTC(2026, 10, 23, 1)
const MINUTE = 60_000
const DUTY = [{ from: NINE, to: NINE + 9 * 60 * MINUTE }]
let person = 0
let queue: Queue

const log = () => new SilenceLog({ queue, newId: () => v7(), windows: () => DUTY })
const said = async () => {
  const { silences } = await queue.take(1)
  return silences
    .sort((a, b) => a.from - b.from)
    .map(({ from, to, reason }) => [(from - NINE) / MINUTE, (to - NINE) / MINUTE, reason])
}

beforeEach(async () => {
  queue = await openQueue(`silent${person++}`)
})

describe('a silence', () => {
  it('of a killed page is told on the next start, from the last sign of life', async () => {
    const before = log()
    await before.fixed(NINE)
    await before.beat(NINE + MINUTE, false)

    const after = log()
    await after.beat(NINE + 40 * MINUTE, false)
    expect(await said()).toEqual([[1, 40, 'page_closed']])
  })

  it('of a refused permission lasts until the next position, told in pieces on the way', async () => {
    const silences = log()
    await silences.trouble(NINE, 'no_permission')
    for (let minute = 1; minute <= 7; minute++) await silences.beat(NINE + minute * MINUTE, false)
    await silences.fixed(NINE + 8 * MINUTE)
    expect(await said()).toEqual([
      [0, 5, 'no_permission'],
      [5, 8, 'no_permission'],
    ])
  })

  it('begins when a hidden page gives no position for a minute, though its timers run', async () => {
    const silences = log()
    await silences.fixed(NINE)
    await silences.beat(NINE + 1 * MINUTE, true)
    await silences.beat(NINE + 2 * MINUTE, true)
    await silences.fixed(NINE + 3 * MINUTE)
    expect(await said()).toEqual([[0, 3, 'page_closed']])
  })

  it('changes its reason where the reason changed', async () => {
    const silences = log()
    await silences.trouble(NINE, 'gps_off')
    await silences.trouble(NINE + MINUTE, 'no_permission')
    await silences.fixed(NINE + 2 * MINUTE)
    expect(await said()).toEqual([
      [0, 1, 'gps_off'],
      [1, 2, 'no_permission'],
    ])
  })

  it('is never told off duty, and a proper end leaves none behind', async () => {
    const silences = log()
    const end = NINE + 9 * 60 * MINUTE
    await silences.fixed(end - 10 * MINUTE)
    await silences.beat(end + 10 * MINUTE, false)
    expect(await said()).toEqual([[530, 540, 'page_closed']])

    await silences.end(end + 10 * MINUTE)
    await log().beat(end + 60 * MINUTE, false)
    expect(await said()).toHaveLength(1)
  })

  it('is not made by a lost network: positions that come are no silence', async () => {
    const silences = log()
    for (let minute = 0; minute < 30; minute++) {
      await silences.fixed(NINE + minute * MINUTE)
      await silences.beat(NINE + minute * MINUTE, false)
    }
    expect(await said()).toEqual([])
  })
})
