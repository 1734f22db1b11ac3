import { describe, expect, test } from 'vitest'
import { editDay, type TrackEdit } from '../../geo/day/edits.ts'
import type { Piece } from '../../geo/day/ribbon.ts'
import { A, at, DAY, dayWith, piece, PIECES } from './editedDay.ts'
import { EIGHT, MINUTE } from './simulate.ts'

type Words = Pick<TrackEdit, 'kind'> & Record<string, unknown>
let made = 0
/** An edit made after all those before it. */
function edit<W extends Words>(words: W) {
  made++
  const id = `e${String(made).padStart(4, '0')}`
  return { ...words, id, madeAt: at(300) + made, madeBy: 'rep1' }
}
const kinds = (segments: readonly Piece[]) => segments.map(({ kind }) => kind)
const minutes = (segments: readonly Piece[]) =>
  segments.map(({ from, to }) => [(from - EIGHT) / MINUTE, (to - EIGHT) / MINUTE])
const effects = (edits: readonly { effect: string }[] | undefined) =>
  edits?.map(({ effect }) => effect)

test('a day without edits is the day itself', () => {
  expect(editDay(DAY, [])).toBe(DAY)
})

describe('split', () => {
  test('makes two stays of one, and no number different', () => {
    const cut = edit({ kind: 'split' as const, at: at(30) })
    const day = editDay(DAY, [cut])
    expect(minutes(day.segments).slice(0, 2)).toEqual([[0, 30], [30, 60]]) // prettier-ignore
    expect(day.segments.slice(0, 2).map(({ edits }) => edits)).toEqual([[cut.id], [cut.id]])
    expect(day.totals).toEqual(DAY.totals)
    expect(day.visits).toEqual(DAY.visits)
    expect(day.edits).toEqual([{ ...cut, effect: 'applied' }])
  })

  test('lets the parts be named apart: two visits', () => {
    const cut = edit({ kind: 'split' as const, at: at(110) })
    const name = edit({ kind: 'name' as const, at: at(130), name: '隔壁', customerId: 'other' })
    const { visits, segments } = editDay(DAY, [cut, name])
    expect(visits).toEqual([
      { customerId: 'shop', name: '好客便利', from: at(80), to: at(110) },
      { customerId: 'other', name: '隔壁', from: at(110), to: at(140) },
    ])
    expect(kinds(segments.slice(2, 6))).toEqual(['stay', 'inferred_stay', 'inferred_stay', 'stay'])
  })

  test('cuts between the seen and the inferred time of one stay, too', () => {
    const cut = edit({ kind: 'split' as const, at: at(100) })
    const name = edit({ kind: 'name' as const, at: at(90), name: '门口', customerId: null })
    const day = editDay(DAY, [cut, name])
    expect(day.segments).toHaveLength(PIECES.length)
    expect(day.segments.slice(2, 5).map(({ place }) => place?.name)).toEqual(['门口', '好客便利', '好客便利']) // prettier-ignore
    expect(day.visits).toEqual([{ customerId: 'shop', name: '好客便利', from: at(100), to: at(140) }]) // prettier-ignore
  })

  test.each([0, 60, 70, 80, 150, 240, 900, NaN])('fits nothing at minute %d', (minute) => {
    const day = editDay(DAY, [edit({ kind: 'split' as const, at: at(minute) })])
    expect(day.segments).toEqual(PIECES)
    expect(effects(day.edits)).toEqual(['none'])
  })
})

describe('merge', () => {
  test('makes one stay of two and what lies between, at the place of the longer', () => {
    const one = edit({ kind: 'merge' as const, from: at(30), to: at(130) })
    const day = editDay(DAY, [one])
    expect(minutes(day.segments)).toEqual([[0, 140], [140, 160], [160, 190], [190, 240]]) // prettier-ignore
    expect(day.segments[0]).toEqual({ kind: 'stay', from: at(0), to: at(140), place: A, edits: [one.id] }) // prettier-ignore
    expect(day.totals).toEqual({
      ...DAY.totals,
      movedMetres: 3000,
      staySeconds: DAY.totals.staySeconds + 1200,
      moveSeconds: DAY.totals.moveSeconds - 1200,
    })
    expect(day.visits).toEqual([])
  })

  test.each([
    ['the whole of both', 80, 190],
    ['the gap between them', 140, 160],
    ['somewhere in both', 110, 170],
  ])('takes %s', (_, from, to) => {
    const [, , stay, last] = editDay(DAY, [
      edit({ kind: 'merge' as const, from: at(from), to: at(to) }),
    ]).segments
    expect(stay).toMatchObject({ kind: 'stay', from: at(80), to: at(190), customerId: 'shop' })
    expect(last?.kind).toBe('move')
  })

  test('heals a split', () => {
    const cut = edit({ kind: 'split' as const, at: at(30) })
    const heal = edit({ kind: 'merge' as const, from: at(10), to: at(50) })
    const name = edit({ kind: 'name' as const, at: at(50), name: '家' })
    const day = editDay(DAY, [cut, heal, name])
    expect(day.segments[0]).toEqual({
      ...PIECES[0],
      place: { ...A, name: '家' },
      edits: [cut.id, heal.id, name.id],
    })
  })

  test('keeps cuts outside of it, and what was disputed within', () => {
    const cut = edit({ kind: 'split' as const, at: at(30) })
    const doubt = edit({ kind: 'dispute' as const, at: at(70), note: '没有走' })
    const one = edit({ kind: 'merge' as const, from: at(50), to: at(90) })
    const day = editDay(DAY, [cut, doubt, one])
    expect(minutes(day.segments).slice(0, 2)).toEqual([[0, 30], [30, 140]]) // prettier-ignore
    expect(day.segments[1]).toMatchObject({ disputed: '没有走', edits: [cut.id, doubt.id, one.id] })
    expect(day.segments[1]).toMatchObject({ customerId: 'shop' }) // 60 minutes against 30
  })

  test.each([
    ['one stay only', 10, 50],
    ['no stay', 145, 150],
    ['the wrong way round', 170, 110],
    ['another day', 2000, 3000],
  ])('fits nothing where it names %s', (_, from, to) => {
    const day = editDay(DAY, [edit({ kind: 'merge' as const, from: at(from), to: at(to) })])
    expect(day.segments).toEqual(PIECES)
    expect(effects(day.edits)).toEqual(['none'])
  })

  test('never reaches over the pause between two duty windows', () => {
    const duty = [{ from: at(0), to: at(60) }, { from: at(90), to: at(120) }] // prettier-ignore
    const day = dayWith([piece('stay', 0, 60, { place: A }), piece('stay', 90, 120, { place: A })], duty) // prettier-ignore
    const one = edit({ kind: 'merge' as const, from: at(30), to: at(100) })
    expect(effects(editDay(day, [one]).edits)).toEqual(['none'])
  })

  test('makes a stay also of stays without a place', () => {
    const day = dayWith([piece('stay', 0, 60), piece('move', 60, 70), piece('stay', 70, 240)])
    const one = edit({ kind: 'merge' as const, from: at(30), to: at(100) })
    expect(editDay(day, [one]).segments).toEqual([
      { kind: 'stay', from: at(0), to: at(240), edits: [one.id] },
    ])
  })
})

describe('name', () => {
  test('names a whole stay and changes its customer, or takes it away, or leaves it', () => {
    const named = (customerId?: string | null) =>
      editDay(DAY, [edit({ kind: 'name' as const, at: at(110), name: '仓库', customerId })])
    expect(named('depot').visits).toEqual([
      { customerId: 'depot', name: '仓库', from: at(80), to: at(140) },
    ])
    expect(named(null).visits).toEqual([])
    expect(named().visits).toEqual([
      { customerId: 'shop', name: '仓库', from: at(80), to: at(140) },
    ])
    const [, , ...rest] = named('depot').segments
    expect(rest.slice(0, 3).map(({ edits }) => edits?.length)).toEqual([1, 1, 1])
    expect(named('depot').totals).toEqual(DAY.totals)
  })

  test('of a stay without a place says the customer alone', () => {
    const day = dayWith([piece('stay', 0, 240)])
    const name = edit({ kind: 'name' as const, at: at(0), name: '仓库', customerId: 'depot' })
    expect(editDay(day, [name]).segments[0]).toMatchObject({ customerId: 'depot' })
  })

  test.each([70, 150, -1, 240])('fits nothing at minute %d', (minute) => {
    const name = edit({ kind: 'name' as const, at: at(minute), name: 'x' })
    expect(effects(editDay(DAY, [name]).edits)).toEqual(['none'])
  })
})

describe('dispute', () => {
  test('marks one piece of whatever kind and changes no number', () => {
    for (const { from, kind } of PIECES) {
      const doubt = edit({ kind: 'dispute' as const, at: from, note: '手机不在我身上' })
      const day = editDay(DAY, [doubt])
      const marked = day.segments.filter(({ disputed }) => disputed !== undefined)
      expect(marked).toMatchObject([{ kind, from, disputed: '手机不在我身上', edits: [doubt.id] }])
      expect([day.totals, day.visits]).toEqual([DAY.totals, DAY.visits])
    }
  })

  test('fits nothing outside of duty', () => {
    const doubt = edit({ kind: 'dispute' as const, at: at(240), note: 'x' })
    expect(effects(editDay(DAY, [doubt]).edits)).toEqual(['none'])
  })
})

describe('withdraw', () => {
  const cut = edit({ kind: 'split' as const, at: at(30) })
  const back = edit({ kind: 'withdraw' as const, editId: cut.id })
  const again = edit({ kind: 'withdraw' as const, editId: back.id })

  test('takes an edit back, and another withdrawal brings it again', () => {
    const undone = editDay(DAY, [cut, back])
    expect(undone.segments).toEqual(PIECES)
    expect(effects(undone.edits)).toEqual(['withdrawn', 'applied'])
    const redone = editDay(DAY, [cut, back, again])
    expect(redone.segments).toEqual(editDay(DAY, [cut]).segments)
    expect(effects(redone.edits)).toEqual(['applied', 'withdrawn', 'applied'])
  })

  test('counts also when it was told before the edit it takes back', () => {
    const early = { ...back, madeAt: cut.madeAt - 5 }
    expect(effects(editDay(DAY, [cut, early]).edits)).toEqual(['applied', 'withdrawn'])
  })

  test('of nothing, of itself, or of a later withdrawal has no effect', () => {
    const [x, y] = [{ ...back, id: 'x', editId: 'y' }, { ...again, id: 'y', editId: 'x' }] // prettier-ignore
    expect(effects(editDay(DAY, [x, y]).edits)).toEqual(['withdrawn', 'applied'])
    expect(effects(editDay(DAY, [{ ...x, editId: 'nothing' }]).edits)).toEqual(['none'])
    expect(effects(editDay(DAY, [{ ...x, editId: 'x' }]).edits)).toEqual(['none'])
  })
})
