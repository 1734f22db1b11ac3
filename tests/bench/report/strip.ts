import type { DerivedDay } from '../../../geo/index.ts'
import type { Sojourn } from '../../geo/score.ts'
import { TELLERS } from '../truthTell.ts'
import { colourOf } from './colours.ts'
import { kilometres } from './maps.ts'
import type { Scene } from './scenes.ts'

const [LEFT, RIGHT, WIDTH, ROW] = [78, 84, 1120, 24]
const HOUR = 3_600_000

interface Row {
  readonly name: string
  readonly body: string
  readonly end: string // what stands at the right: its distance
}

/** The day by the clock: the truth, what we tell, and what the two peers tell. */
export function stripOf(scene: Scene, day: DerivedDay): string {
  const [window] = scene.facts.duty
  if (!window) return ''
  const { from, to } = window
  const x = (at: number) => round(LEFT + ((at - from) / (to - from)) * (WIDTH - LEFT - RIGHT))
  const rows = rowsOf(scene, day, x)
  const height = rows.length * ROW + 22
  const bands = scene.facts.silences.map(
    (each) =>
      `<rect class="band" x="${x(each.from)}" y="0" width="${round(x(each.to) - x(each.from))}" height="${height - 20}"/>`,
  )
  const drawn = rows.map(
    ({ name, body, end }, i) =>
      `<g transform="translate(0 ${i * ROW})"><text x="0" y="16">${name}</text>${body}<text x="${WIDTH - RIGHT + 10}" y="16" class="end">${end}</text></g>`,
  )
  const ticks = ticksOf(from, to).map(
    (at) =>
      `<path class="tick" d="M${x(at)} 0V${height - 18}"/><text class="hour" x="${x(at)}" y="${height - 4}">${clockOf(at, scene.facts.zone)}</text>`,
  )
  return `<svg class="strip" viewBox="0 0 ${WIDTH} ${height}" role="img">${ticks.join('')}${bands.join('')}${drawn.join('')}</svg>`
}

type Scale = (at: number) => number

function rowsOf(scene: Scene, day: DerivedDay, x: Scale): Row[] {
  const box = (stay: Sojourn) => boxOf(x, stay, colourOf(scene, stay.customerId))
  const truth = scene.path
    ? [{ name: 'Truth', body: scene.stays.map(box).join(''), end: kilometres(scene.metres ?? 0) }]
    : []
  const { movedMetres, gapMetres } = day.totals
  const ours = {
    name: 'Zuji',
    body: ribbonOf(scene, day, x),
    end: kilometres(movedMetres + gapMetres),
  }
  const peers = (['traccar', 'dawarich'] as const).map((name) => {
    const told = TELLERS[name](scene.facts)
    const label = name === 'traccar' ? 'Traccar' : 'Dawarich'
    return { name: label, body: told.stays.map(box).join(''), end: kilometres(told.metres) }
  })
  return [...truth, ours, ...peers]
}

function ribbonOf(scene: Scene, { segments }: DerivedDay, x: Scale): string {
  return segments
    .map(({ kind, from, to, customerId }) => {
      if (kind === 'move') return `<path class="run" d="M${x(from)} 12H${x(to)}"/>`
      if (kind === 'silent') return `<path class="quiet" d="M${x(from)} 12H${x(to)}"/>`
      const colour = colourOf(scene, customerId ?? null)
      return boxOf(x, { from, to }, colour, kind === 'inferred_stay' ? ' opacity=".45"' : '')
    })
    .join('')
}

const boxOf = (x: Scale, { from, to }: Pick<Sojourn, 'from' | 'to'>, colour: string, more = '') =>
  `<rect x="${x(from)}" y="4" width="${Math.max(0.8, round(x(to) - x(from)) - 0.6)}" height="16" fill="${colour}"${more}/>`

/** Moments to name: hours, or quarters of a short span. */
function ticksOf(from: number, to: number): number[] {
  const step = to - from > 3 * HOUR ? HOUR : to - from > HOUR / 2 ? HOUR / 4 : HOUR / 12
  const first = Math.ceil(from / step) * step
  return Array.from(
    { length: Math.max(0, Math.ceil((to - first) / step)) },
    (_, i) => first + i * step,
  )
}

const clockOf = (at: number, zone: string) =>
  new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(
    at,
  )

const round = (value: number) => Math.round(value * 10) / 10
