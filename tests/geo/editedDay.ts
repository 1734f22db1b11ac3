import { totalsOf, visitsOf, type DerivedDay } from '../../geo/day/day.ts'
import type { Piece } from '../../geo/day/ribbon.ts'
import { EIGHT, MINUTE } from './simulate.ts'

/** The moment so many minutes after the duty's begin. */
export const at = (minute: number) => EIGHT + minute * MINUTE
export const A = { lng: 114.02, lat: 22.53, name: null }
const SHOP = { lng: 114.03, lat: 22.53, name: '好客便利' }
const C = { lng: 114.04, lat: 22.53, name: null }

/** A day of the pieces, as it is derived. */
export function dayWith(segments: Piece[], duty = [{ from: at(0), to: at(240) }]): DerivedDay {
  const flags = { inaccurate: 0, jump: 0, stale: 0, mock: 0, clock: 0 }
  const counted = { totals: totalsOf(segments), visits: visitsOf(segments), flags }
  const head = { date: '2026-11-23', zone: 'Asia/Shanghai', algorithmVersion: 'x', duty }
  return { ...head, segments, ...counted }
}

export const piece = (
  kind: Piece['kind'],
  from: number,
  to: number,
  more: Partial<Piece> = {},
): Piece => ({
  kind,
  from: at(from),
  to: at(to),
  ...more,
})

/** An hour at A, a way, an hour at a shop (20 minutes of it silent), a silence, half an hour at C, a way. */
export const PIECES: Piece[] = [
  piece('stay', 0, 60, { place: A }),
  piece('move', 60, 80, { metres: 1030, line: [[114.02, 22.53], [114.03, 22.53]] }), // prettier-ignore
  piece('stay', 80, 100, { place: SHOP, customerId: 'shop' }),
  piece('inferred_stay', 100, 120, { place: SHOP, customerId: 'shop', reason: 'page_closed' }),
  piece('stay', 120, 140, { place: SHOP, customerId: 'shop' }),
  piece('silent', 140, 160, { reason: 'no_network', metres: 1030, line: [[114.03, 22.53], [114.04, 22.53]] }), // prettier-ignore
  piece('stay', 160, 190, { place: C }),
  piece('move', 190, 240, { metres: 3000, line: [[114.04, 22.53], [114.06, 22.53]] }), // prettier-ignore
]
export const DAY = dayWith(PIECES)
