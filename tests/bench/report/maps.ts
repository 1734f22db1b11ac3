import { clean, type DerivedDay, type Place } from '../../../geo/index.ts'
import { colourOf } from './colours.ts'
import { dotsOf, lineOf, viewOf, type View } from './plane.ts'
import type { Scene } from './scenes.ts'

/** A small map and the words under it. */
export interface Picture {
  readonly svg: string
  readonly caption: string
}

/** The same ground four times: as reported, cleaned, told, and as it truly was. */
export function mapsOf(scene: Scene, day: DerivedDay): Picture[] {
  const flagged = clean(scene.facts.fixes)
  const used = flagged.filter((each) => each.used).map(({ fix }) => fix)
  const aside = flagged.filter((each) => !each.used).map(({ fix }) => fix)
  const view = viewOf([...placesOf(day), ...(scene.path ?? used)], scene.onRoads)
  const draw = (...parts: string[]) => svgOf(view, scene.onRoads, parts)
  const unseen = flagged.filter(({ fix }) => !view.has(fix)).length
  const raw = thinned(flagged.map(({ fix }) => fix).filter((fix) => view.has(fix)))
  return [
    {
      svg: draw(path('raw', dotsOf(view, raw))),
      caption: `<b>Reported</b> ${count(flagged.length, 'fix', 'fixes')}${unseen > 0 ? `, ${unseen} of them outside this picture` : ''}`,
    },
    {
      svg: draw(
        path('way', lineOf(view, thinned(used))),
        path(
          'aside',
          dotsOf(
            view,
            aside.filter((fix) => view.has(fix)),
          ),
        ),
      ),
      caption: `<b>Cleaned</b> ${aside.length} set aside${aside.length > 0 ? ` (${flagsOf(day)})` : ''}`,
    },
    { svg: draw(...toldParts(view, scene, day)), caption: toldCaption(day) },
    truthPicture(scene, view, draw),
  ]
}

function truthPicture(scene: Scene, view: View, draw: (...parts: string[]) => string): Picture {
  const { path: way, stays, metres } = scene
  const long = stays.filter(({ from, to }) => to - from >= 300_000)
  const caption = way
    ? `<b>Truth</b> ${count(long.length, 'stay', 'stays')}, ${kilometres(metres ?? 0)}`
    : `<b>Truth</b> ${metres === null ? 'unknown' : `the device counted ${kilometres(metres)}`}`
  const dots = long.map((stay) => stayDot(view, stay, colourOf(scene, stay.customerId)))
  return { svg: way ? draw(path('move', lineOf(view, way)), ...dots) : '', caption }
}

const LIMIT = 2500 // points of one drawing: more is not seen, only loaded

function thinned<P>(points: readonly P[]): readonly P[] {
  const step = Math.ceil(points.length / LIMIT)
  return step > 1 ? points.filter((_, i) => i % step === 0) : points
}

function toldParts(view: View, scene: Scene, { segments }: DerivedDay): string[] {
  const lines = segments.flatMap(({ kind, line }) => {
    if (!line) return []
    const places = thinned(line.map(([lng, lat]) => ({ lng, lat })))
    return [path(kind === 'move' ? 'move' : 'gap', lineOf(view, places))]
  })
  const stays = segments.flatMap(({ place, customerId }) =>
    place ? [stayDot(view, place, colourOf(scene, customerId ?? null))] : [],
  )
  return [...lines, ...stays]
}

function toldCaption({ segments, totals }: DerivedDay): string {
  const stays = segments.filter(({ kind }) => kind === 'stay').length
  const gap = totals.gapMetres > 0 ? ` and ${kilometres(totals.gapMetres)} unseen` : ''
  return `<b>Told</b> ${count(stays, 'stay', 'stays')}, ${kilometres(totals.movedMetres)}${gap}`
}

const stayDot = (view: View, place: Place, colour: string) =>
  `<path class="stay" style="stroke:${colour}" d="M${view.at(place)}h0"/>`

const path = (name: string, d: string) => (d === '' ? '' : `<path class="${name}" d="${d}"/>`)

function svgOf(view: View, onRoads: boolean, parts: readonly string[]): string {
  const box = `${view.west} ${view.north} ${view.width} ${view.height}`
  const roads = onRoads ? '<use href="#roads"/>' : ''
  return `<svg viewBox="${box}" role="img">${roads}${parts.join('')}${scaleBar(view)}</svg>`
}

/** A length that fits a quarter of the picture. */
function scaleBar({ west, north, width, height, unit }: View): string {
  const metres = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000]
    .filter((each) => each <= width / 4)
    .at(-1)
  if (metres === undefined) return ''
  const [x, y] = [west + 10 * unit, north + height - 10 * unit]
  const label = metres >= 1000 ? `${metres / 1000} km` : `${metres} m`
  const text = `<text x="${x}" y="${y - 4 * unit}" font-size="${11 * unit}">${label}</text>`
  return `<path class="scale" d="M${x} ${y}h${metres}"/>${text}`
}

function placesOf({ segments }: DerivedDay): Place[] {
  return segments.flatMap(({ place, line = [] }) => [
    ...(place ? [place] : []),
    ...line.map(([lng, lat]) => ({ lng, lat })),
  ])
}

const flagsOf = ({ flags }: DerivedDay) =>
  Object.entries(flags)
    .filter(([name, number]) => number > 0 && name !== 'mock' && name !== 'clock')
    .map(([name, number]) => `${number} ${name}`)
    .join(', ')

const count = (number: number, one: string, many: string) =>
  `${number.toLocaleString('en')} ${number === 1 ? one : many}`

/** 640 m, 12.3 km. */
export const kilometres = (metres: number) =>
  metres < 1000 ? `${Math.round(metres)} m` : `${(metres / 1000).toFixed(1)} km`
