import { pointAt, type Points } from './points.ts'

const RULES = {
  vaguer: 1.3, // times: fixes before and after, indoors, claim so much less than those of the walk
  mostMs: 5 * 60_000, // a longer run is judged as any other
  leastMetres: 20,
  perAccuracy: 2, // times the 68 % radius of the difference of two fixes
} as const

/**
 * Short walks between two places, told by what the phone claims: outdoors fixes are exact, indoors vague.
 * A run of exact fixes between vague ones that leads elsewhere is a walk, even where the vague ones alone
 * could not tell the two places apart.
 * @returns for each point the leg it belongs to, counted from 0: odd legs are walks, even ones the rest.
 */
export function legsOf(points: Points): Int32Array {
  const legs = new Int32Array(points.length)
  let leg = 0
  for (let i = 1; i < points.length; i++) {
    const last = walkFrom(points, i)
    if (last === undefined) {
      legs[i] = leg
      continue
    }
    legs.fill(leg + 1, i, last + 1)
    leg += 2
    i = last + 1
    legs[i] = leg
  }
  return legs
}

/** The last point of the walk that begins at `first`, if one does; never the last point of all. */
function walkFrom(points: Points, first: number): number | undefined {
  const start = pointAt(points, first)
  const limit = pointAt(points, first - 1).accuracy / RULES.vaguer
  if (start.accuracy > limit) return undefined
  let [last, worst] = [first, start.accuracy]
  for (let i = first + 1; i < points.length; i++) {
    const { accuracy, at } = pointAt(points, i)
    if (accuracy >= RULES.vaguer * worst) break
    if (accuracy > limit || i === points.length - 1 || at - start.at > RULES.mostMs)
      return undefined
    last = i
    worst = Math.max(worst, accuracy)
  }
  const end = pointAt(points, last)
  const metres = Math.hypot(end.x - start.x, end.y - start.y)
  const unsure = RULES.perAccuracy * Math.hypot(start.accuracy, end.accuracy)
  return metres >= Math.max(RULES.leastMetres, unsure) ? last : undefined
}
