import type { State } from '../../backend/contract/terms.ts'

const RING = '<circle class="glyph-ring" cx="10" cy="10" r="7.7" stroke-dasharray="2.4 2.4"/>'
const DOT = (x: number) => `<circle class="glyph-shape" cx="${x}" cy="10" r="1.1"/>`

/** The shape that stands for a state, drawn in a 20 × 20 box around its middle; colour by `.state-<state>`. */
const SHAPES: Record<State, string> = {
  moving: '<path class="glyph-shape glyph-halo" d="M10 1.5 17.5 18 10 14.2 2.5 18Z"/>',
  at_customer:
    '<circle class="glyph-shape" cx="10" cy="10" r="8.7"/><rect class="glyph-hole" x="6.6" y="6.6" width="6.8" height="6.8" rx="1"/>',
  still:
    '<rect class="glyph-shape" x="2" y="2" width="16" height="16" rx="3.5"/><path class="glyph-hole" d="M6.6 5.8h2.2v8.4H6.6zM11.2 5.8h2.2v8.4h-2.2z"/>',
  silent: `<circle class="glyph-hole" cx="10" cy="10" r="8.7"/>${RING}${DOT(6.6)}${DOT(10)}${DOT(13.4)}`,
  off_duty:
    '<circle class="glyph-ring" cx="10" cy="10" r="6"/><path class="glyph-shape" d="M7 9h6v2H7z"/>',
}

/**
 * The inside of an SVG of 20 × 20 for a state.
 * @param heading degrees from north; turns the arrowhead of somebody who moves
 */
export function glyphOf(state: State, heading: number | null = null): string {
  const shape = SHAPES[state]
  if (state !== 'moving' || heading === null) return shape
  return `<g transform="rotate(${Math.round(heading)} 10 10)">${shape}</g>`
}

/** How many people of each state. */
export type StateCounts = Record<State, number>

const COLOURS = {
  moving: '--moving',
  at_customer: '--at-customer',
  still: '--still',
  silent: '--silent',
  off_duty: '--off',
} as const

/** As they follow each other around a ring. */
export const STATES = ['moving', 'at_customer', 'still', 'silent', 'off_duty'] as const

/** A conic gradient whose shares are the states' shares. */
export function ringOf(counts: StateCounts): string {
  const people = STATES.reduce((sum, state) => sum + counts[state], 0)
  let share = 0
  const stops = STATES.flatMap((state) => {
    if (counts[state] === 0) return []
    const from = share
    share += (counts[state] / people) * 100
    return [`var(${COLOURS[state]}) ${from.toFixed(1)}% ${share.toFixed(1)}%`]
  })
  return `conic-gradient(${stops.join(', ')})`
}
