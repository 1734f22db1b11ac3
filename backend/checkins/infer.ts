import type { CheckinKind, InferredOut } from '../contract/checkins.ts'

/** An arrival, departure or punch, as far as it matters for who is still there. */
export interface Act {
  readonly id: string
  readonly kind: CheckinKind
  readonly at: number // epoch ms
  readonly place: string // a key of the customer, workplace or new place
  readonly refused: boolean
}

/** What else tells that an arrival is over. */
export interface Around {
  readonly leftAt: number | null // when the track left the place for good
  readonly dutyTo: number | null // end of the duty window it lies in
}

/**
 * The check-out that nobody pressed: the earliest of the next arrival, the track leaving and the end
 * of duty. Null when there is a check-out, or when nothing of that has come yet. A view, not a fact:
 * a check-out that arrives later takes its place.
 * @param acts of one person, in any order
 */
export function inferOut(
  id: string,
  acts: readonly Act[],
  around: Around,
  now: number,
): InferredOut | null {
  const arrival = acts.find((act) => act.id === id && act.kind === 'in')
  if (!arrival) return null
  const later = acts
    .filter((act) => !act.refused && isAfter(act, arrival))
    .toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
  const next = later.find((act) => act.kind === 'in')
  const out = later.find((act) => act.kind === 'out' && act.place === arrival.place)
  if (out && (!next || out.at <= next.at)) return null
  const ends = [
    ...endOf(around.leftAt, 'track', arrival),
    ...endOf(next?.at ?? null, 'next_checkin', arrival),
    ...endOf(around.dutyTo, 'duty_end', arrival),
  ]
  const [end] = ends.filter((each) => each.at <= now).toSorted((a, b) => a.at - b.at)
  return end ?? null
}

const endOf = (at: number | null, by: InferredOut['by'], arrival: Act): InferredOut[] =>
  at !== null && at >= arrival.at ? [{ at, by }] : []

const isAfter = (act: Act, arrival: Act) =>
  act.id !== arrival.id && (act.at > arrival.at || (act.at === arrival.at && act.id > arrival.id))
