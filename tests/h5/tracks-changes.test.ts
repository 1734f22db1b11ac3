import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DayEdit, RecordedEdit, Segment } from '../../backend/contract/days.ts'
import { totalsOf, visitsOf, type Piece } from '../../geo/index.ts'
import { visitNumbers } from '../../h5/map/visitNumbers.ts'
import {
  actsOf,
  cutRange,
  editsOf,
  foreseen,
  indexAt,
  momentOf,
  neighboursOf,
  type EditableDay,
} from '../../h5/tracks/edits/changes.ts'

const NINE = Date.UTC(2026, 10, 23, 1)
const MINUTE = 60_000
const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const at = (minutes: number) => NINE + minutes * MINUTE

const SHOP = { lng: 114.02, lat: 22.53, name: '禾光便利' }
const YARD = { lng: 114.03, lat: 22.54, name: null }

/** Shop, a walk of 900 m, the yard, silence, the yard inferred and seen again. */
const segments: Piece[] = [
  { kind: 'stay', from: at(0), to: at(40), place: SHOP, customerId: 'shop' },
  { kind: 'move', from: at(40), to: at(60), metres: 900 },
  { kind: 'stay', from: at(60), to: at(80), place: YARD },
  { kind: 'inferred_stay', from: at(80), to: at(100), place: YARD, reason: 'page_closed' },
  { kind: 'silent', from: at(100), to: at(130), reason: 'gps_off', metres: 700 },
  { kind: 'stay', from: at(130), to: at(131), place: SHOP, customerId: 'shop' },
]
const dayOf = (pieces: Piece[], edits: RecordedEdit[] = []): EditableDay => ({
  segments: pieces,
  totals: totalsOf(pieces),
  visits: visitsOf(pieces),
  edits,
})
const day = dayOf(segments)

describe('what can be said of a piece', () => {
  it('is everything of a stay, and a dispute of anything', () => {
    expect(actsOf(day, 0)).toEqual(['name', 'split', 'merge', 'dispute'])
    expect(actsOf(day, 1)).toEqual(['dispute'])
    expect(actsOf(day, 4)).toEqual(['dispute'])
    expect(actsOf(day, 9)).toEqual([])
  })

  it('is no split of a stay without a whole minute inside', () => {
    expect(actsOf(day, 5)).not.toContain('split')
    expect(cutRange({ from: at(0), to: at(1) })).toBeNull()
    expect(cutRange({ from: at(0) + 1, to: at(2) - 1 })).toEqual({ first: at(1), last: at(1) })
  })

  it('is a withdrawal of what is in force on it', () => {
    const made = { madeAt: 1, madeBy: 'rep01', at: at(50) }
    const dispute = { ...made, kind: 'dispute', id: uuid(1), note: '堵车' } as const
    const gone = { ...made, kind: 'dispute', id: uuid(2), note: '不是' } as const
    const move: Segment = { ...MOVE, edits: [uuid(1), uuid(2)] }
    const edited: Segment[] = [...segments.slice(0, 1), move, ...segments.slice(2)]
    const changed: EditableDay = {
      ...day,
      segments: edited,
      edits: [
        { ...dispute, effect: 'applied' },
        { ...gone, effect: 'withdrawn' },
      ],
    }
    expect(actsOf(changed, 1)).toEqual(['dispute', 'withdraw'])
    expect(editsOf(changed, 1).map(({ id }) => id)).toEqual([uuid(1)])
  })
})
const MOVE = { kind: 'move', from: at(40), to: at(60) } as const

describe('the neighbours of a stay', () => {
  it('are the stays before and after, inferred time being part of one', () => {
    expect(neighboursOf(day, 0).map(({ side, whole }) => [side, whole.to])).toEqual([
      ['after', at(100)],
    ])
    const [before, after] = neighboursOf(day, 3)
    expect(before).toMatchObject({ side: 'before', movedMetres: 900, silentMs: 0 })
    expect(after).toMatchObject({ side: 'after', movedMetres: 0, silentMs: 30 * MINUTE })
  })

  it('are none beyond the pause between two duties, and none of a move', () => {
    const pause = segments.map((piece, index) =>
      index < 2 ? piece : { ...piece, from: piece.from + MINUTE, to: piece.to + MINUTE },
    )
    expect(neighboursOf(dayOf(pause), 0)).toEqual([])
    expect(neighboursOf(day, 1)).toEqual([])
  })

  it('are the halves of a split stay', () => {
    const id = uuid(3)
    const split = {
      kind: 'split',
      id,
      at: at(20),
      madeAt: 1,
      madeBy: 'rep01',
      effect: 'applied',
    } as const
    const halves: Piece[] = [
      { kind: 'stay', from: at(0), to: at(20), place: SHOP },
      { kind: 'stay', from: at(20), to: at(40), place: SHOP },
    ]
    expect(neighboursOf(dayOf(halves, [split]), 0)).toHaveLength(1)
    expect(neighboursOf(dayOf(halves), 0)).toHaveLength(0)
  })
})

describe('what an edit will do', () => {
  const foresee = (edit: DayEdit, on = day) => foreseen(on, edit)

  it('changes no figure by a split or a dispute', () => {
    expect(foresee({ id: uuid(1), kind: 'split', at: at(20) })).toEqual([])
    expect(foresee({ id: uuid(1), kind: 'dispute', at: at(110), note: '在地下车库' })).toEqual([])
  })

  it('takes the way between two merged stays out of the distance', () => {
    const merge = neighboursOf(day, 0)[0]?.moments ?? { from: 0, to: 0 }
    expect(foresee({ id: uuid(1), kind: 'merge', ...merge })).toContainEqual({
      figure: 'moved',
      before: 900,
      after: 0,
    })
  })

  it('makes a visit of a stay that was at a customer, its inferred time included', () => {
    const edit = { id: uuid(1), kind: 'name', at: at(70), name: '天佑', customerId: 'c2' } as const
    expect(foresee(edit)).toEqual([
      { figure: 'visits', before: 1, after: 2 },
      { figure: 'atCustomers', before: 41 * MINUTE, after: 81 * MINUTE },
    ])
  })

  it('names only one half of a stay that was split before', () => {
    const split = {
      kind: 'split',
      id: uuid(3),
      at: at(20),
      madeAt: 1,
      madeBy: 'x',
      effect: 'applied',
    } as const
    const halves: Piece[] = [
      { kind: 'stay', from: at(0), to: at(20), place: YARD },
      { kind: 'stay', from: at(20), to: at(40), place: YARD },
    ]
    const name = { id: uuid(1), kind: 'name', at: at(10), name: '天佑', customerId: 'c2' } as const
    expect(foreseen(dayOf(halves, [split]), name)).toContainEqual({
      figure: 'atCustomers',
      before: 0,
      after: 20 * MINUTE,
    })
  })

  it('is nothing where it fits nothing, and unknown of a withdrawal', () => {
    expect(foresee({ id: uuid(1), kind: 'split', at: at(50) })).toBe('no_effect')
    expect(foresee({ id: uuid(1), kind: 'withdraw', editId: uuid(2) })).toBe('unknown')
  })
})

describe('the numbers of the visits', () => {
  const kinds = fc.constantFrom<Piece['kind']>('stay', 'inferred_stay', 'move', 'silent')
  const piece = fc.record({
    kind: kinds,
    minutes: fc.integer({ min: 1, max: 30 }),
    who: fc.constantFrom('a', 'b', ''),
  })

  it('count exactly what the day counts as visits', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (drawn) => {
        let end = NINE
        const pieces = drawn.map(({ kind, minutes, who }): Piece => {
          const from = end
          end += minutes * MINUTE
          const stays = kind === 'stay' || kind === 'inferred_stay'
          return { kind, from, to: end, ...(stays && who !== '' && { customerId: who }) }
        })
        const numbers = visitNumbers(pieces).filter((number) => number !== null)
        expect(Math.max(0, ...numbers)).toBe(visitsOf(pieces).length)
        expect([...numbers].sort((a, b) => a - b)).toEqual(numbers)
      }),
    )
  })
})

describe('a piece', () => {
  it('is found again by the moment in its middle', () => {
    segments.forEach((piece, index) => expect(indexAt(segments, momentOf(piece))).toBe(index))
    expect(indexAt(segments, at(131))).toBeNull()
  })
})
