import { describe, expect, test } from 'vitest'
import { episodesOf, nextLook, type Due } from '../../backend/alerts/episodes.ts'
import type { AlertRule } from '../../backend/contract/alerts.ts'
import { AlertRules, DEFAULT_RULES } from '../../backend/contract/alerts.ts'
import { at, piece, rule, sceneAt } from './scene.ts'

const times = (episodes: ReturnType<typeof episodesOf>) =>
  episodes.map(({ key, since, until }) => [key, since, until])

describe('silent', () => {
  const silent = [rule('silent', { minutes: 45 })]
  const morning = [piece('move', '09:00', '10:00')]

  test('is told when nothing was heard for so long, from the last position on', () => {
    const scene = sceneAt('10:45', { lastAt: at('10:00'), segments: morning })
    expect(episodesOf(silent, scene)).toEqual([
      { kind: 'silent', key: null, since: at('10:00'), until: null, detail: { minutes: 45 } },
    ])
    expect(episodesOf(silent, { ...scene, now: at('10:44') })).toEqual([])
  })

  test('counts from the beginning of duty when there was no position yet', () => {
    const scene = sceneAt('09:50', { lastAt: at('08:00') })
    expect(times(episodesOf(silent, scene))).toEqual([[null, at('09:00'), null]])
  })

  test('is over with the next position, or with duty', () => {
    const segments = [...morning, piece('silent', '10:00', '11:00', { reason: 'no_network' }), piece('stay', '11:00', '11:30')] // prettier-ignore
    const heard = sceneAt('11:30', { lastAt: at('11:30'), segments })
    expect(episodesOf(silent, heard)).toMatchObject([
      { since: at('10:00'), until: at('11:00'), detail: { minutes: 60, reason: 'no_network' } },
    ])
    const evening = sceneAt('19:00', { lastAt: at('17:00'), segments: [piece('silent', '17:00', '18:00')] }) // prettier-ignore
    expect(times(episodesOf(silent, evening))).toEqual([[null, at('17:00'), at('18:00')]])
  })

  test('a silence whose place is known by inference was a silence', () => {
    const segments = [piece('stay', '09:00', '10:00'), piece('inferred_stay', '10:00', '11:00'), piece('stay', '11:00', '12:00')] // prettier-ignore
    expect(times(episodesOf(silent, sceneAt('12:00', { segments })))).toEqual([[null, at('10:00'), at('11:00')]]) // prettier-ignore
  })

  test('pieces that follow one another are one silence, told with the reason of the longest', () => {
    const segments = [
      piece('silent', '10:00', '10:10', { reason: 'page_closed' }),
      piece('silent', '10:10', '11:00', { reason: 'no_network' }),
      piece('stay', '11:00', '12:00'),
    ]
    expect(episodesOf(silent, sceneAt('12:00', { segments }))).toMatchObject([
      { since: at('10:00'), until: at('11:00'), detail: { reason: 'no_network' } },
    ])
  })

  test('the pause between two windows of duty is nobody’s silence', () => {
    const duty = [{ from: at('09:00'), to: at('12:00') }, { from: at('14:00'), to: at('18:00') }] // prettier-ignore
    const scene = sceneAt('13:59', { duty, lastAt: at('11:58'), segments: [piece('stay', '09:00', '12:00')] }) // prettier-ignore
    expect(episodesOf(silent, scene)).toEqual([])
  })
})

describe('stops', () => {
  const stop = [piece('move', '09:00', '10:00'), piece('stay', '10:00', '11:10')]

  test('a long one at nobody’s place is told, and lasts until something else is known', () => {
    const scene = sceneAt('11:10', { segments: stop })
    expect(episodesOf([rule('long_stop')], scene)).toMatchObject([
      { kind: 'long_stop', since: at('10:00'), until: null, detail: { minutes: 70 } },
    ])
    const on = [...stop, piece('move', '11:10', '11:20')]
    expect(times(episodesOf([rule('long_stop')], sceneAt('11:20', { segments: on })))).toEqual([[null, at('10:00'), at('11:10')]]) // prettier-ignore
  })

  test('at a customer, or at a workplace, one may stay', () => {
    const visit = [piece('stay', '10:00', '12:00', { customerId: 'c1' })]
    expect(episodesOf([rule('long_stop')], sceneAt('12:00', { segments: visit }))).toEqual([])
    const workplaces = [{ from: at('10:00'), to: at('11:10') }]
    expect(episodesOf([rule('long_stop')], sceneAt('11:10', { segments: stop, workplaces }))).toEqual([]) // prettier-ignore
  })

  test('who has not moved is told wherever that is', () => {
    const visit = [piece('stay', '09:30', '11:30', { customerId: 'c1' })]
    expect(episodesOf([rule('no_movement')], sceneAt('11:30', { segments: visit }))).toMatchObject([{ kind: 'no_movement' }]) // prettier-ignore
  })

  test('silence is not standing still', () => {
    const segments = [piece('stay', '09:00', '09:30'), piece('silent', '09:30', '12:00')]
    const scene = sceneAt('12:00', { lastAt: at('09:30'), segments })
    expect(episodesOf([rule('long_stop'), rule('no_movement')], scene)).toEqual([])
  })
})

describe('punches', () => {
  const due = (name: string, clock: string, more: Partial<Due> = {}): Due => ({
    due: name,
    at: at(clock),
    result: 'pending',
    punch: null,
    lateMin: 0,
    closesAt: at(clock) + 4 * 3_600_000,
    ...more,
  })
  const late = [rule('late', { minutes: 15 })]

  test('late is told when so much time has passed, and is over with the punch', () => {
    const dues = [due('in1', '09:00')]
    expect(episodesOf(late, sceneAt('09:14', { dues }))).toEqual([])
    expect(episodesOf(late, sceneAt('09:15', { dues }))).toEqual([
      { kind: 'late', key: 'in1', since: at('09:00'), until: null, detail: { due: 'in1', minutes: 15 } }, // prettier-ignore
    ])
    const came = [due('in1', '09:00', { result: 'late', punch: at('09:40'), lateMin: 40 })]
    expect(times(episodesOf(late, sceneAt('09:41', { dues: came })))).toEqual([['in1', at('09:00'), at('09:40')]]) // prettier-ignore
  })

  test('a little late, in time, excused, or waiting to go home is not late', () => {
    const dues = [
      due('in1', '09:00', { result: 'late', punch: at('09:10'), lateMin: 10 }),
      due('in2', '13:00', { result: 'excused' }),
      due('out2', '14:00'),
    ]
    expect(episodesOf(late, sceneAt('15:00', { dues }))).toEqual([])
  })

  test('what can not come any more is missing; of a section without a punch in, the punch out says nothing new', () => {
    const gone = { result: 'absent' } as const
    const dues = [due('in1', '09:00', gone), due('out1', '12:00', gone), due('in2', '13:00', { result: 'normal', punch: at('12:58') }), due('out2', '18:00', { result: 'missing' })] // prettier-ignore
    const told = episodesOf([rule('missing_punch')], sceneAt('23:00', { dues }))
    expect(told.map(({ key }) => key)).toEqual(['in1', 'out2'])
  })
})

test('what lies outside the territory counts when it lasts', () => {
  const outside = [{ from: at('10:00'), to: at('10:05') }, { from: at('11:00'), to: null }] // prettier-ignore
  const rules = [rule('left_territory', { minutes: 10 })]
  expect(times(episodesOf(rules, sceneAt('11:10', { outside })))).toEqual([[null, at('11:00'), null]]) // prettier-ignore
})

test('a doubted check-in waits until somebody decides, a call for help until it is ended', () => {
  const checkins = [{ id: 'a', at: at('10:00'), score: 30, waits: true }, { id: 'b', at: at('10:30'), score: 40, waits: false }] // prettier-ignore
  const calls = [{ id: 'c', at: at('11:00'), endedAt: at('11:20'), note: '' }]
  const told = episodesOf(DEFAULT_RULES, sceneAt('12:00', { checkins, calls }))
  expect(times(told)).toEqual([
    ['c', at('11:00'), at('11:20')],
    ['a', at('10:00'), null],
    ['b', at('10:30'), at('10:30')],
  ])
})

test('a rule that is off says nothing', () => {
  const rules = DEFAULT_RULES.map((each) => ({ ...each, on: false }))
  expect(episodesOf(rules, sceneAt('12:00', { lastAt: null }))).toEqual([])
})

test('the next look is when time alone may change something, and not before', () => {
  const rules = [rule('silent', { minutes: 45 })]
  const scene = sceneAt('10:00', { lastAt: at('09:50') })
  expect(nextLook(rules, scene)).toBe(at('10:35'))
  expect(nextLook(rules, { ...scene, now: at('10:35') })).toBe(at('18:00'))
  expect(nextLook(rules, { ...scene, now: at('18:00') })).toBeNull()
})

test('a rule of noise, or two of one kind for a department, are refused by field and rule', () => {
  const issuesOf = (rules: readonly AlertRule[]) =>
    AlertRules.safeParse({ rules }).error?.issues.map(({ path, message }) => [path, message])
  expect(issuesOf([rule('silent', { minutes: 5 })])).toEqual([[['rules', 0, 'minutes'], 'must be 6 or more']]) // prettier-ignore
  expect(issuesOf([rule('sos'), rule('sos')])).toEqual([[['rules', 1, 'kind'], 'must not come twice for one department']]) // prettier-ignore
  expect(issuesOf(DEFAULT_RULES)).toBeUndefined()
})
