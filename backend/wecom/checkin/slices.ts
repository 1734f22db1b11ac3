/** Whose attendance, and of which dates: both ends are in it. Dates are those of UTC+8, as WeCom keeps them. */
export interface Asked {
  userIds: readonly string[]
  from: string // yyyy-mm-dd
  to: string
}

/** What one call may ask: at most 100 members and 30 days (errcodes 301023 and 301024). */
export interface Slice {
  useridlist: string[]
  starttime: number // epoch seconds, a midnight
  endtime: number
}

const MOST_MEMBERS = 100
const MOST_DAYS = 30
const DAY = 86_400 // seconds

/** Midnight of a date in UTC+8, epoch seconds. China knows no summer time. */
export const midnightOf = (date: string): number => Date.parse(`${date}T00:00:00+08:00`) / 1000

/** The date of UTC+8 at an instant of epoch seconds. */
export const dateOf = (seconds: number): string =>
  new Date((seconds + 8 * 3600) * 1000).toISOString().slice(0, 10)

/**
 * Cuts a question into calls, first by dates, then by members. Each member is asked once, however his id
 * is written.
 * @param end what `endtime` names: the last second of the last date, or its midnight (the reports).
 */
export function slicesOf({ userIds, from, to }: Asked, end: 'second' | 'midnight'): Slice[] {
  const members = [...new Map(userIds.map((id) => [id.toLowerCase(), id])).values()]
  const days = spansOf(midnightOf(from), midnightOf(to))
  return days.flatMap(({ first, last }) =>
    chunksOf(members, MOST_MEMBERS).map((useridlist) => ({
      useridlist,
      starttime: first,
      endtime: end === 'second' ? last + DAY - 1 : last,
    })),
  )
}

function spansOf(from: number, to: number) {
  const spans: { first: number; last: number }[] = []
  for (let first = from; first <= to; first += MOST_DAYS * DAY)
    spans.push({ first, last: Math.min(to, first + (MOST_DAYS - 1) * DAY) })
  return spans
}

export function chunksOf<T>(all: readonly T[], size: number): T[][] {
  const chunks: T[][] = []
  for (let from = 0; from < all.length; from += size) chunks.push(all.slice(from, from + size))
  return chunks
}
