import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stateOf, type FlowEvent, type PlanStep } from '../../backend/approvals/flow.ts'
import { planOf, aboveOf, type Chart } from '../../backend/approvals/plan.ts'
import { DEFAULT_FLOW } from '../../backend/approvals/defaults.ts'
import { Flow } from '../../backend/contract/approvalSettings.ts'

const HOUR = 3_600_000
const ME = 'me'
const PEOPLE = ['a', 'b', 'c', 'd', ME]

const step = (approverIds: string[], need: PlanStep['need'] = 'any'): PlanStep => ({
  by: { who: 'direct_leader' },
  ...{ need, approverIds, remindAfterHours: 24, escalateAfterHours: 72 },
})
const filed = (...plan: PlanStep[]) => ({ personId: ME, filedAt: 0, plan })
let made = 0
const id = () => `00000000-0000-4000-8000-${String(++made).padStart(12, '0')}`
const yes = (who: string, at: number, more: object = {}): FlowEvent => ({
  ...{ id: id(), at, round: 0, by: who, for: who, kind: 'approve', note: '' },
  ...more,
})
const no = (who: string, at: number, round = 0): FlowEvent => ({
  ...{ id: id(), at, round, by: who, for: who, kind: 'reject', note: '' },
})
const back = (at: number, round = 0): FlowEvent => ({
  ...{ id: id(), at, round, by: ME, kind: 'withdraw', note: '' },
})
const revoke = (at: number, round = 1): FlowEvent => ({
  ...{ id: id(), at, round, by: ME, kind: 'revoke', note: '', plan: [step(['a', 'd'])] },
})

const person = fc.constantFrom(...PEOPLE)
const people = fc.uniqueArray(person, { minLength: 1, maxLength: 3 })
const anyEvent: fc.Arbitrary<FlowEvent> = fc
  .record({
    id: fc.uuid(),
    at: fc.integer({ min: 1, max: 40 }),
    round: fc.integer({ min: 0, max: 2 }),
  })
  .chain((base) =>
    fc.oneof(
      fc.record({ by: person, for: person, kind: fc.constantFrom('approve' as const, 'reject' as const) }).map((rest) => ({ ...base, ...rest, note: '' })), // prettier-ignore
      person.map((by) => ({ ...base, by, kind: 'withdraw' as const, note: '' })),
      person.map((by) => ({
        ...base,
        by,
        kind: 'revoke' as const,
        note: '',
        plan: [step(['a', 'd'])],
      })),
      fc.record({ gone: person, approverIds: people }).map((rest) => ({ ...base, ...rest, by: null, kind: 'replace' as const })), // prettier-ignore
      fc.record({ step: fc.integer({ min: 0, max: 2 }), approverIds: people }).map((rest) => ({ ...base, ...rest, by: null, kind: 'escalate' as const })), // prettier-ignore
      fc.integer({ min: 0, max: 2 }).map((n) => ({ ...base, by: null, kind: 'remind' as const, step: n })), // prettier-ignore
    ),
  )
const anyPlan = fc
  .array(
    fc.tuple(
      fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 3 }),
      fc.constantFrom('any' as const, 'all' as const),
    ),
    { minLength: 1, maxLength: 3 },
  ) // prettier-ignore
  .map((steps) => filed(...steps.map(([ids, need]) => step(ids, need))))
const anyCourse = fc.tuple(anyPlan, fc.array(anyEvent, { maxLength: 25 }))

describe('what has become of a request', () => {
  it('does not depend on the order in which its events are read, nor on their repetition', () => {
    fc.assert(
      fc.property(anyCourse, fc.infiniteStream(fc.nat()), ([request, events], order) => {
        const shuffled = [...events, ...events]
          .map((event) => ({ event, key: order.next().value ?? 0 }))
          .sort((x, y) => x.key - y.key)
          .map(({ event }) => event)
        expect(stateOf(request, shuffled)).toEqual(stateOf(request, events))
      }),
      { numRuns: 500 },
    )
  })

  it('is not changed by an event that did not count, nor by who is the applicant', () => {
    fc.assert(
      fc.property(anyCourse, ([request, events]) => {
        const state = stateOf(request, events)
        const again = stateOf(
          request,
          events.filter((each) => state.counted.has(each.id)),
        )
        expect({ ...again, rounds: [] }).toEqual({ ...state, rounds: [] })
        const answers = state.rounds.flatMap((round) => [...round.answers])
        expect(answers.some(([asked, { by }]) => asked === ME || by === ME)).toBe(false)
      }),
      { numRuns: 500 },
    )
  })

  it('is approved only when every step has its consent, and settled once it is settled', () => {
    fc.assert(
      fc.property(anyCourse, ([request, events]) => {
        const { state, step: open, rounds, approvedAt, round } = stateOf(request, events)
        expect(open !== null).toBe(state === 'pending' || state === 'revoking')
        expect(approvedAt !== null).toBe(state === 'approved' || state === 'revoking')
        const granted = round > 0 || state === 'approved'
        if (granted) expect(rounds[0]?.steps.every((each) => each.state === 'approved')).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it('takes one of many, or all of them, one step after another', () => {
    const request = filed(step(['a', 'b']), step(['c', 'd'], 'all'))
    expect(stateOf(request, [yes('c', 1)])).toMatchObject({ state: 'pending', step: 0 })
    expect(stateOf(request, [yes('b', 1)])).toMatchObject({ state: 'pending', step: 1 })
    expect(stateOf(request, [yes('b', 1), yes('c', 2)])).toMatchObject({ step: 1 })
    const all = [yes('b', 1), yes('c', 2), yes('d', 3)]
    expect(stateOf(request, all)).toMatchObject({ state: 'approved', approvedAt: 3 })
    expect(stateOf(request, [yes('b', 1), no('c', 2), yes('d', 3)]).state).toBe('rejected')
  })

  it('counts a consent once for all steps that ask the same person', () => {
    const request = filed(step(['a']), step(['a', 'b']))
    expect(stateOf(request, [yes('a', 1)]).state).toBe('approved')
  })

  it('refuses a decision after the withdrawal, of the applicant, and for the wrong round', () => {
    const request = filed(step(['a', ME]))
    const late = yes('a', 2)
    expect(stateOf(request, [late, back(1)])).toMatchObject({ state: 'withdrawn' })
    expect(stateOf(request, [late, back(1)]).counted.has(late.id)).toBe(false)
    expect(stateOf(request, [yes(ME, 1)]).state).toBe('pending')
    expect(stateOf(request, [yes('a', 1, { by: ME })]).state).toBe('pending')
    expect(stateOf(request, [yes('a', 1, { round: 1 })]).state).toBe('pending')
  })

  it('holds while its revocation waits, and a second tap on the old card grants nothing', () => {
    const request = filed(step(['a']))
    const asked = [yes('a', 1), revoke(2), yes('a', 3)]
    expect(stateOf(request, asked)).toMatchObject({ state: 'revoking', approvedAt: 1, round: 1 })
    expect(stateOf(request, [...asked, yes('d', 4, { round: 1 })]).state).toBe('revoked')
    expect(stateOf(request, [...asked, no('d', 4, 1)])).toMatchObject({ state: 'approved' })
    expect(stateOf(request, [...asked, back(4, 1)])).toMatchObject({ state: 'approved' })
    const twice = [...asked, no('d', 4, 1), revoke(5, 2), yes('a', 6, { round: 2 })]
    expect(stateOf(request, twice).state).toBe('revoked')
  })

  it('puts others in the place of who has left, and lets one above answer after the time', () => {
    const request = filed(step(['a'], 'all'))
    const replaced: FlowEvent = { id: id(), at: 1, round: 0, by: null, kind: 'replace', gone: 'a', approverIds: ['b', ME] } // prettier-ignore
    expect(stateOf(request, [replaced, yes('a', 2)]).state).toBe('pending')
    expect(stateOf(request, [replaced, yes('b', 2)]).state).toBe('approved')
    const higher: FlowEvent = { id: id(), at: 1, round: 0, by: null, kind: 'escalate', step: 0, approverIds: ['c'] } // prettier-ignore
    expect(stateOf(request, [higher, yes('c', 2)]).state).toBe('approved')
    expect(stateOf(request, []).rounds[0]?.steps[0]).toMatchObject({ remindAt: 24 * HOUR, escalateAt: 72 * HOUR }) // prettier-ignore
    expect(stateOf(request, [higher]).rounds[0]?.steps[0]?.escalateAt).toBeNull()
  })
})

const CHART: Chart = {
  personId: ME,
  direct: ['a'],
  chain: [[ME, 'a'], ['b'], ['c', 'd']],
  hr: ['h'],
  admins: ['x'],
  active: new Set(['n']),
}
const asksOf = (chart: Chart, flow: Flow, days = 1) =>
  planOf(flow, { kind: 'leave', leaveKind: 'annual', days }, chart).map((each) => each.approverIds)
const flowOf = (by: PlanStep['by'], whenMissing: Flow['whenMissing'] = 'next') =>
  Flow.parse({
    rules: [
      {
        name: 'r',
        when: {},
        steps: [{ by, need: 'any', remindAfterHours: null, escalateAfterHours: null }],
      },
    ],
    whenMissing,
  })

describe('who is asked', () => {
  it('follows the first rule that fits, from the nearest leader up', () => {
    expect(asksOf(CHART, DEFAULT_FLOW)).toEqual([['a']])
    expect(asksOf(CHART, DEFAULT_FLOW, 3.5)).toEqual([['a'], ['b'], ['h']])
    expect(asksOf({ ...CHART, direct: [] }, DEFAULT_FLOW)).toEqual([['a']])
  })

  it('is never the applicant; a step without anybody is left out or goes to HR, then to an admin', () => {
    const up = (n: number) => flowOf({ who: 'department_leader', up: n })
    expect(asksOf(CHART, up(3))).toEqual([['c', 'd']])
    expect(asksOf(CHART, up(4))).toEqual([['h']])
    expect(asksOf(CHART, flowOf({ who: 'person', personIds: ['gone', ME] }, 'hr'))).toEqual([['h']])
    expect(asksOf({ ...CHART, hr: [ME] }, flowOf({ who: 'hr' }))).toEqual([['x']])
    expect(asksOf({ ...CHART, hr: [], admins: [ME] }, flowOf({ who: 'hr' }))).toEqual([])
    expect(aboveOf(['a'], CHART)).toEqual(['b'])
    expect(aboveOf(['a', 'b', 'c'], CHART)).toEqual(['h'])
  })
})

describe('a flow', () => {
  const rule = (more: object = {}) => ({
    name: 'r',
    when: {},
    steps: [{ by: { who: 'direct_leader' }, need: 'any', remindAfterHours: null, escalateAfterHours: null }], // prettier-ignore
    ...more,
  })
  const faults = (rules: object[]) =>
    (Flow.safeParse({ rules, whenMissing: 'hr' }).error?.issues ?? []).map(
      (issue) => `${issue.path.join('.')}: ${issue.message}`,
    )
  const asks = (by: object, more: object = {}) => ({ by, need: 'any', remindAfterHours: null, escalateAfterHours: null, ...more }) // prettier-ignore
  const named = (...personIds: string[]) => asks({ who: 'person', personIds })

  it('names field and rule of what it can not be', () => {
    expect(faults([rule()])).toEqual([])
    expect(faults([])).toEqual(['rules: there must be a rule'])
    expect(faults([rule({ steps: [] })])).toEqual(['rules.0.steps: a rule needs a step'])
    expect(faults([rule({ steps: [named('a'), named('b', 'a')] })])).toEqual([
      'rules.0.steps.1.by: circular: an earlier step asks the same',
    ])
    expect(faults([rule({ steps: [asks({ who: 'hr' }), asks({ who: 'hr' })] })])).toHaveLength(1)
    expect(faults([rule(), rule()])).toEqual([
      'rules.1: is never reached: the rule before is for all requests',
    ])
    expect(faults([rule({ when: { kinds: ['leave'] } })])).toEqual([
      'rules.0.when: the last rule must be for all requests',
    ])
    const hasty = asks({ who: 'hr' }, { remindAfterHours: 24, escalateAfterHours: 24 })
    expect(faults([rule({ steps: [hasty] })])).toEqual([
      'rules.0.steps.0.escalateAfterHours: must be later than the reminder',
    ])
    expect(faults([rule({ steps: [asks({ who: 'department_leader', up: 0 })] })])).toHaveLength(1)
  })
})
