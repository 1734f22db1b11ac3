import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { z } from 'zod'
import { inputOf, LedgerCase, shown } from '../../backend/cli/ledger.ts'
import {
  DayInput,
  DayLedger,
  LedgerMinutes,
  MinuteClass,
} from '../../backend/contract/attendance.ts'
import { explained } from './explained.ts'
import { oracle } from './oracle.ts'
import { days } from './random.ts'

/** What an engine must do. The tests ask it of ours, the search for mutants of ours with a fault put in. */
export interface Check {
  name: string
  run: (ledgerOf: (input: DayInput) => DayLedger) => void
}

const FILE = path.resolve(import.meta.dirname, '../../fixtures/data/attendance.json')
const Cases = z.object({ cases: z.array(LedgerCase.and(z.object({ expect: z.unknown() }))) })
const { cases } = Cases.parse(JSON.parse(readFileSync(FILE, 'utf8')))
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

const SAMPLES = 4000
const samples = fc.sample(days, { seed: 20_263, numRuns: SAMPLES })
const expected = samples.map(oracle)
const few = samples.slice(0, 800)

const CLASSES = MinuteClass.options
const ANY_DUE = /^(in|out)\d/

/** A shuffle that a number decides. */
function shuffled<T>(all: readonly T[], by: number): T[] {
  const keyed = all.map((each, index) => ({ each, key: ((index + 1) * 7919 * by) % 104_729 }))
  return keyed.sort((a, b) => a.key - b.key).map(({ each }) => each)
}

/** A punch of each in random order of ids: those of one minute are told apart by them alone. */
const named = (input: DayInput): DayInput => ({
  ...input,
  punches: input.punches.map((punch, index) => ({
    ...punch,
    id: `p${(index * 5) % 7}`,
    ...(index % 3 > 0 && { source: index % 3 === 1 ? ('device' as const) : ('checkin' as const) }),
  })),
})

export const checks: Check[] = [
  {
    name: 'every number of the written cases is right',
    run: (ledgerOf) => {
      for (const { expect, ...given } of cases)
        assert.deepEqual(shown(ledgerOf(inputOf(given)), given.date), expect, String(given.id))
    },
  },
  {
    name: 'every reason is the one that the rules give, with its numbers',
    run: (ledgerOf) => {
      for (const input of few) {
        const ledger = ledgerOf(input)
        assert.deepEqual(ledger.explanation, explained(input, ledger))
      }
    },
  },
  {
    name: 'a slow oracle agrees on days of every kind',
    run: (ledgerOf) =>
      samples.forEach((input, index) => {
        const { due, minutes } = ledgerOf(input)
        const told = { due: due.map(({ due: name, at, result, punch }) => ({ due: name, at, result, punch })), minutes } // prettier-ignore
        assert.deepEqual(told, expected[index])
      }),
  },
  {
    name: 'the classes of minutes add up exactly, and the pieces are those minutes in order and apart',
    run: (ledgerOf) => {
      for (const input of few) {
        const { minutes, pieces, due, overtime } = ledgerOf(input)
        assert.equal(
          CLASSES.reduce((sum, kind) => sum + minutes[kind], 0),
          minutes.required,
        )
        const sums = new Map<MinuteClass, number>()
        pieces.forEach(({ from, to, kind }, index) => {
          assert.ok(to > from)
          assert.ok(index === 0 || due.length === 0 || from >= (pieces[index - 1]?.to ?? from))
          assert.ok(index === 0 || from >= (pieces[index - 1]?.from ?? from))
          sums.set(kind, (sums.get(kind) ?? 0) + to - from)
        })
        for (const [kind, size] of sums) assert.equal(size, minutes[kind])
        if (due.length > 0) assert.equal([...sums.values()].reduce((a, b) => a + b, 0), minutes.required) // prettier-ignore
        const proven = overtime.reduce((sum, { from, to }) => sum + to - from, 0)
        if (input.overtimeRest) assert.ok(minutes.overtime >= 0 && minutes.overtime <= proven)
        else assert.equal(minutes.overtime, proven)
      }
    },
  },
  {
    name: 'no punch is used twice, every punch has one use, and they come in order',
    run: (ledgerOf) => {
      for (const plain of few) {
        const input = named(plain)
        const { punches, due } = ledgerOf(input)
        assert.equal(punches.length, input.punches.length)
        const dues = punches.map(({ use }) => use).filter((use) => ANY_DUE.test(use))
        assert.equal(new Set(dues).size, dues.length)
        punches.forEach(({ at }, index) => assert.ok(at >= (punches[index - 1]?.at ?? at)))
        for (const { use, at } of punches) {
          const mine = due.find((each) => each.due === use)
          if (ANY_DUE.test(use)) assert.deepEqual([mine?.punch, mine?.corrected], [at, false])
          else assert.ok(['repeated', 'between', 'outside', 'overwritten', 'day', 'too_soon'].includes(use), use) // prettier-ignore
        }
        for (const { due: name, punch, corrected } of due)
          if (punch !== null && !corrected) assert.ok(dues.includes(name))
      }
    },
  },
  {
    name: 'the order of the evidence changes nothing',
    run: (ledgerOf) =>
      few.forEach((plain, index) => {
        const input = named(plain)
        const mix = <T>(all: readonly T[]) => shuffled(all, index + 1)
        const other = { ...input, punches: mix(input.punches), leaves: mix(input.leaves), outings: mix(input.outings), overtime: mix(input.overtime) } // prettier-ignore
        assert.deepEqual(ledgerOf(other), ledgerOf(input))
      }),
  },
  {
    name: 'what is shown, sent as JSON and read again, gives what is shown',
    run: (ledgerOf) => {
      for (const input of few.slice(0, 200)) {
        const ledger = DayLedger.parse(asJson(ledgerOf(input)))
        assert.deepEqual(asJson(ledgerOf(DayInput.parse(asJson(input)))), asJson(ledger))
        assert.deepEqual(Object.keys(ledger.minutes), Object.keys(LedgerMinutes.shape))
      }
    },
  },
]
