import type { Rectangle } from '../grid/grid.ts'

/** What is planned for a cell: a shift, a rest, or the rule set's own week again. */
export type Planned = { kind: 'shift'; id: string } | { kind: 'rest' } | { kind: 'clear' }

/** Changes that are not saved yet, by `person|date`. */
export type Changes = ReadonlyMap<string, Planned>

export const keyOf = (personId: string, date: string) => `${personId}|${date}`

export interface Table {
  readonly people: readonly (string | null)[] // by line; null for a heading
  readonly dates: readonly string[]
  readonly closed?: (row: number, day: number) => boolean // nobody can be rostered there
}

/**
 * The changes with a rectangle filled: one value repeats, several run on from the rectangle's first day as a
 * rotation does, the same for every person.
 */
export function filled(changes: Changes, { people, dates, closed }: Table, area: Rectangle, pattern: readonly Planned[]): Changes {
  const next = new Map(changes)
  for (let row = area.rows.from; row <= area.rows.to; row++) {
    const person = people[row]
    if (person == null) continue
    for (let day = area.days.from; day <= area.days.to; day++) {
      if (closed?.(row, day)) continue
      const planned = pattern[(day - area.days.from) % pattern.length]
      const date = dates[day]
      if (planned && date !== undefined) next.set(keyOf(person, date), planned)
    }
  }
  return next
} // prettier-ignore

/** What goes to the server: entries, and cells that go back to the week. */
export function inputOf(changes: Changes) {
  const entries: { personId: string; date: string; shiftId: string | null }[] = []
  const clear: { personId: string; date: string }[] = []
  for (const [key, planned] of changes) {
    const cut = key.lastIndexOf('|')
    const cell = { personId: key.slice(0, cut), date: key.slice(cut + 1) }
    if (planned.kind === 'clear') clear.push(cell)
    else entries.push({ ...cell, shiftId: planned.kind === 'rest' ? null : planned.id })
  }
  return { entries, clear }
}

/** A rotation as it is typed: letters of shifts, `-` for rest, with or without spaces. Null when a letter is unknown. */
export function rotationOf(text: string, letters: ReadonlyMap<string, string>): Planned[] | null {
  const signs = [...text.replace(/\s+/g, '').toUpperCase()]
  const pattern = signs.map((sign): Planned | null => {
    if (sign === '-' || sign === '休') return { kind: 'rest' }
    const id = letters.get(sign)
    return id === undefined ? null : { kind: 'shift', id }
  })
  const known = pattern.filter((each) => each !== null)
  return known.length === signs.length && known.length > 0 ? known : null
}

/** A, B, C … for shifts, in their order: what a cell shows and a key types. */
export const lettersOf = (shifts: readonly { id: string }[]) =>
  new Map(shifts.slice(0, 26).map(({ id }, index) => [String.fromCharCode(65 + index), id]))
