import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DayEdit, type Segment } from '../../backend/contract/days.ts'
import type { EditableDay } from '../../h5/tracks/edits/changes.ts'
import {
  editOf,
  keepDrafts,
  keptDrafts,
  newDraft,
  withdrawal,
  type Draft,
} from '../../h5/tracks/edits/draft.ts'
import { trackName, trackPath } from '../../h5/tracks/files/trackFile.ts'

const NINE = Date.UTC(2026, 10, 23, 1)
const MINUTE = 60_000
const ID = '01900000-0000-7000-8000-000000000001'
const segments: Segment[] = [
  { kind: 'stay', from: NINE, to: NINE + 41 * MINUTE, place: { lng: 1, lat: 1, name: '禾光' } },
  { kind: 'move', from: NINE + 41 * MINUTE, to: NINE + 50 * MINUTE, metres: 500 },
  { kind: 'stay', from: NINE + 50 * MINUTE, to: NINE + 90 * MINUTE, place: { lng: 2, lat: 2 } },
]
const totals = { movedMetres: 500, gapMetres: 0, staySeconds: 0, moveSeconds: 0, silentSeconds: 0 }
const day: EditableDay = { segments, totals, visits: [] }

function begun(act: Draft['act'], index = 0): Draft {
  const draft = newDraft(day, index, { act, id: ID })
  if (draft === null) throw new Error('there is no such piece')
  return draft
}

describe('a form', () => {
  it('opens with what is known and means a valid edit once it is filled', () => {
    const filled: [Draft, object][] = [
      [begun('split'), { kind: 'split', at: NINE + 21 * MINUTE }],
      [begun('merge'), { kind: 'merge' }],
      [begun('name'), { kind: 'name', name: '禾光' }],
      [
        { ...begun('dispute'), note: ' 在车库 ' },
        { kind: 'dispute', note: '在车库' },
      ],
      [
        { ...begun('withdraw'), editId: ID },
        { kind: 'withdraw', editId: ID },
      ],
    ]
    for (const [draft, expected] of filled) {
      const edit = editOf(draft, day, 0)
      expect(edit).toMatchObject(expected)
      expect(DayEdit.safeParse(edit).success).toBe(true)
    }
  })

  it('means nothing while words are missing or its piece is gone', () => {
    expect(editOf({ ...begun('name'), name: '  ' }, day, 0)).toBeNull()
    expect(editOf(begun('dispute'), day, 0)).toBeNull()
    expect(editOf(begun('split'), day, null)).toBeNull()
    expect(newDraft(day, 7, { act: 'name', id: ID })).toBeNull()
  })

  it('tells a name from a customer, and from no customer', () => {
    const named = { ...begun('name', 2), name: '仓库' }
    expect(editOf(named, day, 2)).not.toHaveProperty('customerId')
    expect(editOf({ ...named, customer: 'none' }, day, 2)).toHaveProperty('customerId', null)
    const chosen = { ...named, customer: 'chosen' as const, customerId: 'c1' }
    expect(editOf(chosen, day, 2)).toHaveProperty('customerId', 'c1')
  })

  it('takes back an edit that fits no piece', () => {
    const draft = withdrawal(ID, { at: 0, id: ID })
    expect(editOf(draft, day, null)).toEqual({ id: ID, kind: 'withdraw', editId: ID })
  })
})

describe('what was begun', () => {
  const which = { personId: 'rep01', date: '2026-11-23' }
  const store = new Map<string, string>()
  beforeEach(() => {
    store.clear()
    vi.stubGlobal('localStorage', {
      getItem: (key: string) => store.get(key) ?? null,
      setItem: (key: string, value: string) => store.set(key, value),
      removeItem: (key: string) => store.delete(key),
    })
  })
  afterEach(() => vi.unstubAllGlobals())

  it('is there after a reload, for its own day only', () => {
    keepDrafts(which, [{ ...begun('dispute'), note: '半句话' }])
    expect(keptDrafts(which)).toMatchObject([{ act: 'dispute', note: '半句话' }])
    expect(keptDrafts({ ...which, date: '2026-11-24' })).toEqual([])
    keepDrafts(which, [])
    expect(store.size).toBe(0)
  })

  it('is nothing when the phone kept nonsense or keeps nothing', () => {
    store.set('zuji.drafts.rep01.2026-11-23', '{"act":1')
    expect(keptDrafts(which)).toEqual([])
    store.set('zuji.drafts.rep01.2026-11-23', '[{"act":"name"}]')
    expect(keptDrafts(which)).toEqual([])
    vi.stubGlobal('localStorage', undefined)
    expect(keptDrafts(which)).toEqual([])
    expect(() => keepDrafts(which, [begun('name')])).not.toThrow()
  })
})

describe('a track as a file', () => {
  it('says whose it is, which day, and whether it is raw', () => {
    const which = { personId: 'a@b', date: '2026-11-23' }
    expect(trackPath(which, 'gpx', false)).toBe('/api/v1/people/a%40b/days/2026-11-23/track.gpx')
    expect(trackPath(which, 'csv', true)).toMatch(/track\.csv\?raw=1$/)
    expect(trackName(which, 'kml', true)).toBe('zuji-a@b-2026-11-23-raw.kml')
  })
})
