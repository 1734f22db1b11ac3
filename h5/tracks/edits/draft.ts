import { z } from 'zod'
import type { DayEdit, Segment } from '../../../backend/contract/days.ts'
import { cutRange, editsOf, momentOf, neighboursOf, type Act, type EditableDay } from './changes.ts'

/** A change somebody began, as it is kept on the phone until it is saved or thrown away. */
export const Draft = z.object({
  id: z.uuid(), // of the edit: saved twice, it counts once
  act: z.enum(['name', 'split', 'merge', 'dispute', 'withdraw']),
  at: z.number().int(), // in the piece that it is about
  name: z.string(),
  customer: z.enum(['kept', 'none', 'chosen']), // of a name: as it was, at none, at `customerId`
  customerId: z.string(),
  note: z.string(),
  cut: z.number().int(), // of a split
  side: z.enum(['before', 'after']), // of a merge: with which neighbour
  editId: z.string(), // of a withdrawal
  sent: z.boolean(), // was on its way once: the server may have it under this id
})
export type Draft = z.infer<typeof Draft>

/** The form as it opens on a piece; null when there is no such piece. `id` is a new uuid. */
export function newDraft(
  day: EditableDay,
  index: number,
  { act, id }: { act: Act; id: string },
): Draft | null {
  const segment = day.segments[index]
  if (!segment) return null
  return {
    ...NOTHING,
    id,
    act,
    at: momentOf(segment),
    name: segment.place?.name ?? '',
    note: segment.disputed ?? '',
    cut: middleOf(segment),
    side: neighboursOf(day, index)[0]?.side ?? 'before',
    editId: editsOf(day, index)[0]?.id ?? '',
  }
}

const NOTHING = {
  name: '',
  customer: 'kept',
  customerId: '',
  note: '',
  cut: 0,
  side: 'before',
  editId: '',
  sent: false,
} as const

/** The form that takes an edit back. */
export function withdrawal(editId: string, { at, id }: { at: number; id: string }): Draft {
  return { ...NOTHING, act: 'withdraw', id, at, editId }
}

function middleOf(segment: Segment): number {
  const range = cutRange(segment)
  if (range === null) return segment.from
  const minute = Math.round(momentOf(segment) / 60_000) * 60_000
  return Math.min(Math.max(minute, range.first), range.last)
}

/** The edit that a draft means; null while something is missing. `index` is the piece it is about now. */
export function editOf(draft: Draft, day: EditableDay, index: number | null): DayEdit | null {
  const { id, act, at, cut, editId } = draft
  if (act === 'withdraw') return editId === '' ? null : { id, kind: 'withdraw', editId }
  if (index === null) return null
  switch (act) {
    case 'split':
      return { id, kind: 'split', at: cut }
    case 'merge':
      return mergeOf(draft, day, index)
    case 'name':
      return nameOf(draft)
    case 'dispute':
      return draft.note.trim() === '' ? null : { id, kind: 'dispute', at, note: draft.note.trim() }
  }
}

function mergeOf({ id, side }: Draft, day: EditableDay, index: number): DayEdit | null {
  const neighbour = neighboursOf(day, index).find((each) => each.side === side)
  return neighbour === undefined ? null : { id, kind: 'merge', ...neighbour.moments }
}

function nameOf({ id, at, name, customer, customerId }: Draft): DayEdit | null {
  const words = name.trim()
  if (words === '') return null
  const edit = { id, kind: 'name', at, name: words } as const
  if (customer === 'kept') return edit
  return { ...edit, customerId: customer === 'none' ? null : customerId }
}

interface Which {
  readonly personId: string
  readonly date: string
}

const keyOf = ({ personId, date }: Which) => `zuji.drafts.${personId}.${date}`

/** Keeps the drafts of a day over a reload. A phone that keeps nothing is no reason to fail. */
export function keepDrafts(which: Which, drafts: readonly Draft[]): void {
  try {
    if (drafts.length === 0) localStorage.removeItem(keyOf(which))
    else localStorage.setItem(keyOf(which), JSON.stringify(drafts))
  } catch {
    return // full, or forbidden by a private window
  }
}

/** The drafts of a day; what is kept but makes no sense is none. */
export function keptDrafts(which: Which): Draft[] {
  try {
    const text = localStorage.getItem(keyOf(which))
    return text === null ? [] : (z.array(Draft).safeParse(JSON.parse(text)).data ?? [])
  } catch {
    return []
  }
}
