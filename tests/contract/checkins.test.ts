import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonical, GENESIS, linkHash, verifyDay, type StoredLink } from '../../backend/checkins/chain.ts' // prettier-ignore
import { decide } from '../../backend/checkins/decide.ts'
import { inferOut, type Act } from '../../backend/checkins/infer.ts'
import { foundAt, likeliest, type Site } from '../../backend/checkins/place.ts'
import { honestTime, wrongTime } from '../../backend/checkins/when.ts'
import { workDateOf } from '../../backend/checkins/workDate.ts'
import { DEFAULT_POLICY, type Form } from '../../backend/contract/checkins.ts'
import { formFaults, formFor, openQuestions } from '../../backend/contract/forms.ts'

const NOW = Date.parse('2026-11-23T06:00:00Z')
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const ms = (most: number) => fc.integer({ min: 0, max: most })

describe('the honest time of a check-in', () => {
  it('is what the phone says when its clock is right, however late the check-in arrives', () => {
    fc.assert(
      fc.property(ms(3 * DAY), (age) => {
        const told = { at: NOW - age, sentAt: NOW, ageMs: age, notBefore: NOW - age }
        expect(honestTime(told, NOW)).toMatchObject({ at: NOW - age, movedMs: 0, offsetMs: 0 })
      }),
    )
  })

  it('does not depend on how wrong the phone’s clock is, as long as nobody touches it', () => {
    const far = fc.integer({ min: -400 * DAY, max: 400 * DAY }).filter((x) => Math.abs(x) > MINUTE)
    fc.assert(
      fc.property(ms(3 * DAY), far, (age, wrong) => {
        const told = { at: NOW - age + wrong, sentAt: NOW + wrong, ageMs: age }
        expect(honestTime(told, NOW)).toMatchObject({ at: NOW - age, movedMs: 0 })
      }),
    )
  })

  it('can not be brought outside of its two bounds by any setting of the clock', () => {
    const any = fc.integer({ min: NOW - 30 * DAY, max: NOW + 30 * DAY })
    fc.assert(
      fc.property(any, any, ms(DAY), ms(DAY), (at, sentAt, age, known) => {
        const told = { at, sentAt, ageMs: age, notBefore: NOW - age - known }
        const timing = honestTime(told, NOW)
        expect(timing.at).toBeLessThanOrEqual(NOW - age)
        expect(timing.at).toBeGreaterThanOrEqual(NOW - age - known)
      }),
    )
  })

  it('finds every clock moved by more than two minutes between bounds that are near', () => {
    const moved = fc.integer({ min: -12 * HOUR, max: 12 * HOUR }).filter((x) => Math.abs(x) > 3 * MINUTE) // prettier-ignore
    fc.assert(
      fc.property(ms(2 * HOUR), moved, (age, by) => {
        const told = { at: NOW - age + by, sentAt: NOW, ageMs: age, notBefore: NOW - age - MINUTE }
        expect(honestTime(told, NOW).movedMs).not.toBe(0)
      }),
    )
  })

  it('lets a phone sleep: a monotonic clock that rested accuses nobody', () => {
    const told = { at: NOW - HOUR, sentAt: NOW, ageMs: 5 * MINUTE, notBefore: NOW - 2 * HOUR }
    expect(honestTime(told, NOW)).toMatchObject({ at: NOW - HOUR, movedMs: 0, late: true })
  })

  it('takes nothing of the future or of more than a week ago', () => {
    const of = (at: number) => wrongTime({ at }, honestTime({ at }, NOW), NOW)
    expect(of(NOW + 3 * MINUTE)).toBe('in_future')
    expect(of(NOW + MINUTE)).toBeNull()
    expect(of(NOW - 8 * DAY)).toBe('too_old')
    const bound = { at: NOW + 90 * DAY, sentAt: NOW + 90 * DAY }
    expect(wrongTime(bound, honestTime(bound, NOW), NOW)).toBeNull()
  })
})

describe('the decision', () => {
  const policies = fc.record({
    outside: fc.constantFrom('reject', 'flag', 'outing'),
    note: fc.constantFrom('required', 'optional'),
    photo: fc.constantFrom('required', 'optional'),
    reviewBelow: fc.constant(60),
    datum: fc.constant('optional'),
  } as const)
  const asked = fc.record({
    kind: fc.constantFrom('in', 'out', 'punch'),
    where: fc.constantFrom('inside', 'outside', 'cannot_tell', null),
    policy: policies,
    hasNote: fc.boolean(),
    hasPhoto: fc.boolean(),
    canAsk: fc.boolean(),
    isComplete: fc.boolean(),
  } as const)

  it('rejects only what is outside under a policy that says so', () => {
    fc.assert(
      fc.property(asked, (given) => {
        const verdict = decide(given)
        const isRejected = 'decision' in verdict && verdict.decision === 'rejected'
        if (isRejected) expect(given).toMatchObject({ where: 'outside', policy: { outside: 'reject' } }) // prettier-ignore
      }),
    )
  })

  it('never loses what was captured without a network, and never demands a note of who may be inside', () => {
    fc.assert(
      fc.property(asked, (given) => {
        const verdict = decide(given)
        if (!given.canAsk) expect(verdict).toHaveProperty('decision')
        if (given.where !== 'outside') expect(verdict).not.toEqual({ missing: 'note' })
      }),
    )
  })

  it('asks for a note outside by default, then flags', () => {
    const given = { kind: 'in', where: 'outside', policy: DEFAULT_POLICY, hasPhoto: false, canAsk: true, isComplete: true } as const // prettier-ignore
    expect(decide({ ...given, hasNote: false })).toEqual({ missing: 'note' })
    expect(decide({ ...given, hasNote: true })).toEqual({ decision: 'flagged' })
  })
})

describe('the place', () => {
  const site = (id: string, lng: number, radius = 80): Site => ({
    ...{
      id,
      kind: 'workplace',
      name: id,
      at: { lng, lat: 22.54 },
      radius,
      wifi: [],
      tags: [],
      tier: null,
    },
  })

  it('of a punch is the likeliest of all workplaces, not the first', () => {
    const sites = [site('far', 114.2), site('here', 114.05), site('next', 114.0515)]
    expect(likeliest({ lng: 114.05, lat: 22.54, accuracy: 20 }, sites)?.id).toBe('here')
    expect(likeliest({ lng: 114.3, lat: 22.54, accuracy: 20 }, sites)?.id).toBe('far')
    expect(likeliest(null, [])).toBeNull()
  })

  it('can not be told without a position, and is none without a site', () => {
    expect(foundAt(null, site('a', 114))).toMatchObject({ where: 'cannot_tell', metres: null })
    expect(foundAt({ lng: 114, lat: 22, accuracy: 5 }, null).where).toBeNull()
    expect(
      foundAt({ lng: 114, lat: 22, accuracy: 5 }, { ...site('a', 114), at: null }).where,
    ).toBeNull()
  })
})

describe('the work date', () => {
  const zone = 'Asia/Shanghai'
  const night = { date: '2026-11-23', zone, from: NOW, to: NOW + 8 * HOUR }
  const calendar = { date: '2026-11-24', zone }

  it('is that of the shift, past midnight and shortly around it too', () => {
    expect(workDateOf(NOW + 7 * HOUR, [night], calendar)).toMatchObject({ date: '2026-11-23', onDuty: true }) // prettier-ignore
    expect(workDateOf(NOW + 9 * HOUR, [night], calendar)).toMatchObject({ date: '2026-11-23', onDuty: false }) // prettier-ignore
    expect(workDateOf(NOW + 20 * HOUR, [night], calendar)).toEqual({ ...calendar, onDuty: false })
    expect(workDateOf(NOW, [], calendar)).toEqual({ ...calendar, onDuty: false })
  })
})

describe('a forgotten check-out', () => {
  const act = (id: string, kind: Act['kind'], at: number, place = 'shop'): Act => ({ id, kind, at, place, refused: false }) // prettier-ignore
  const nothing = { leftAt: null, dutyTo: null }

  it('is at the earliest of the next arrival, the track leaving and the end of duty, and names which', () => {
    const acts = [act('a', 'in', NOW), act('b', 'in', NOW + 90 * MINUTE, 'other')]
    const until = NOW + DAY
    expect(inferOut('a', acts, nothing, until)).toEqual({ at: NOW + 90 * MINUTE, by: 'next_checkin' }) // prettier-ignore
    expect(inferOut('a', acts, { leftAt: NOW + 40 * MINUTE, dutyTo: null }, until)).toEqual({ at: NOW + 40 * MINUTE, by: 'track' }) // prettier-ignore
    expect(inferOut('b', acts, { leftAt: null, dutyTo: NOW + 5 * HOUR }, until)).toEqual({ at: NOW + 5 * HOUR, by: 'duty_end' }) // prettier-ignore
  })

  it('is none while nothing of that has come, and none when there is a check-out', () => {
    expect(inferOut('a', [act('a', 'in', NOW)], { leftAt: null, dutyTo: NOW + HOUR }, NOW + MINUTE)).toBeNull() // prettier-ignore
    const acts = [act('a', 'in', NOW), act('o', 'out', NOW + HOUR)]
    expect(inferOut('a', acts, { leftAt: NOW + 50 * MINUTE, dutyTo: null }, NOW + DAY)).toBeNull()
  })

  it('does not depend on the order in which the acts came', () => {
    const acts = fc.array(
      fc.record({
        id: fc.uuid(),
        kind: fc.constantFrom('in', 'out', 'punch'),
        at: ms(DAY).map((x) => NOW + x),
        place: fc.constantFrom('a', 'b'),
        refused: fc.boolean(),
      } as const),
      { maxLength: 8 },
    )
    fc.assert(
      fc.property(acts, fc.integer(), (all, seed) => {
        const shuffled = all.toSorted((a, b) => ((a.at * 31 + seed) % 97) - ((b.at * 31 + seed) % 97)) // prettier-ignore
        for (const { id } of all)
          expect(inferOut(id, shuffled, nothing, NOW + 2 * DAY)).toEqual(inferOut(id, all, nothing, NOW + 2 * DAY)) // prettier-ignore
      }),
    )
  })
})

describe('the chain', () => {
  const chainOf = (count: number) => {
    const links: StoredLink[] = []
    for (let seq = 1; seq <= count; seq++) {
      const content = { id: `c${seq}`, personId: 'p', seq, note: `n${seq}` }
      const prev = links.at(-1)?.hash ?? GENESIS
      links.push({ chainDate: 'd', seq, prev, content, hash: linkHash(prev, content) })
    }
    const day = { date: 'd', seq: count, head: links.at(-1)?.hash ?? GENESIS, origin: GENESIS }
    return { links, day }
  }
  const before = new Set([GENESIS])

  it('holds as it was made, and names the first link that was changed or taken out', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.nat(), (count, pick) => {
        const { links, day } = chainOf(count)
        expect(verifyDay(day, links, before)).toBeNull()
        const index = pick % count
        const changed = links.map((link, at) =>
          at === index ? { ...link, content: { id: 'x', personId: 'p' } } : link,
        )
        expect(verifyDay(day, changed, before)).toMatchObject({ seq: index + 1, what: 'changed' })
        const gone = links.toSpliced(index, 1)
        expect(verifyDay(day, gone, before)).toMatchObject({ seq: index + 1, what: 'missing' })
      }),
    )
  })

  it('finds a day that follows nothing known, and a link added past the head', () => {
    const { links, day } = chainOf(3)
    expect(verifyDay({ ...day, origin: 'f'.repeat(64) }, links, before)).toMatchObject({ what: 'day_unlinked' }) // prettier-ignore
    expect(verifyDay({ ...day, seq: 2 }, links, before)).toMatchObject({ seq: 3, what: 'extra' })
  })

  it('writes the same JSON for the same content, whatever the order of its keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (content) => {
        const turned = Object.fromEntries(Object.entries(content).reverse())
        expect(canonical(turned)).toBe(canonical(content))
        expect(JSON.parse(canonical(content))).toEqual(JSON.parse(JSON.stringify(content)))
      }),
    )
  })
})

describe('a form', () => {
  const form: Form = {
    ...{ id: 'f', key: 'k', name: '陈列', tags: [], tiers: [], kinds: ['in'], active: true },
    fields: [
      { key: 'shelf', label: '排面', type: 'number', required: true, options: [] },
      { key: 'mood', label: '评价', type: 'choice', required: false, options: ['好', '差'] },
      { key: 'face', label: '门头', type: 'photo', required: false, options: [] },
    ],
  }

  it('names each answer that is missing, of another type, or no field of it', () => {
    expect(formFaults(form, { shelf: 4, mood: '好' }, [])).toEqual([])
    expect(formFaults(form, {}, [])).toEqual([
      { field: 'form.answers.shelf', rule: 'is required', label: '排面' },
    ])
    expect(openQuestions(form, { mood: '?' }, [])).toEqual(['排面'])
    expect(
      formFaults(form, { shelf: 'x', mood: '?', face: ['a'], more: 1 }, ['b']).map(
        ({ field }) => field,
      ),
    ).toEqual([
      // prettier-ignore
      'form.answers.shelf',
      'form.answers.mood',
      'form.answers.face',
      'form.answers.more',
    ])
  })

  it('is the narrowest that fits: tag and tier, then tag, then tier, then the general one', () => {
    const made = (name: string, change: Partial<Form>): Form => ({ ...form, name, ...change })
    const forms = [
      made('general', {}),
      made('tier', { tiers: ['A'] }),
      made('tag', { tags: ['冷饮'] }),
      made('both', { tags: ['冷饮'], tiers: ['A', 'B'] }),
      made('aside', { tags: ['冷饮'], tiers: ['A'], active: false }),
      made('leaving', { tags: ['冷饮'], tiers: ['A'], kinds: ['out'] }),
    ]
    const nameFor = (tags: string[], tier: string | null, all = forms) =>
      formFor(all, { kind: 'in', tags, tier })?.name ?? null
    expect(nameFor(['老店', '冷饮'], 'A')).toBe('both')
    expect(nameFor(['冷饮'], 'C')).toBe('tag')
    expect(nameFor([], 'A')).toBe('tier')
    expect(nameFor([], null)).toBe('general')
    expect(nameFor([], null, forms.slice(1))).toBeNull()
    expect(formFor(forms, { kind: 'punch', tags: [], tier: null })).toBeNull()
  })
})
