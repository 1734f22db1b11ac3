import L from 'leaflet'
import { onScopeDispose, watch } from 'vue'
import type { Segment } from '../../backend/contract/days.ts'
import { useMap, type MapContext } from './context.ts'
import { visitNumbers } from './visitNumbers.ts'

export interface TrackOnMap {
  segments: () => readonly Segment[]
  selected: () => number | null // index into segments
  words: (segment: Segment) => string // its times
  /** Names the day; each other day, and the same one when nothing is selected any more, is shown whole. Empty: never. */
  fit: () => string
  select: (index: number) => void
}

const CLOSE = 16 // the zoom at which one stay is looked at

/** A day on the map: moves as a solid line, silences dotted with their times, stays as squares, inferred ones hatched. */
export function useTrackLayer(input: TrackOnMap): void {
  const context = useMap()
  const drawn = L.layerGroup().addTo(context.map)
  let touched: number | null = null // chosen on the map itself, which then stays where it is
  const select = (index: number) => {
    touched = index
    input.select(index)
  }
  const draw = () => {
    drawn.clearLayers()
    for (const layer of layersOf(context, { ...input, select })) drawn.addLayer(layer)
  }
  let shown = ''
  const fitOnce = () => {
    if (input.fit() === shown || input.fit() === '') return
    if (showAll(context, input)) shown = input.fit()
  }
  const themed = new MutationObserver(draw)
  themed.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  watch([input.segments, input.selected], draw, { immediate: true })
  watch([input.segments, input.fit], fitOnce, { immediate: true })
  watch(input.selected, (index) => {
    if (index === null && touched === null && input.fit() !== '') showAll(context, input)
    if (index !== null && index !== touched) reveal(context, input.segments()[index])
    touched = null
  })
  onScopeDispose(() => {
    themed.disconnect()
    drawn.remove()
  })
}

interface Choice {
  chosen: boolean
  select: () => void
  label: string // the piece as it is heard
}

function layersOf(context: MapContext, input: TrackOnMap): L.Layer[] {
  const segments = input.segments()
  const numbers = visitNumbers(segments)
  const layers: Record<'lines' | 'halos' | 'marks', L.Layer[]> = { lines: [], halos: [], marks: [] }
  segments.forEach((segment, index) => {
    const number = numbers[index] ?? null
    const label = [number, segment.place?.name, input.words(segment)].filter(Boolean).join(' ')
    const choice = {
      chosen: input.selected() === index,
      select: () => input.select(index),
      label,
    }
    if (segment.kind === 'move') layers.lines.push(...moveOf(context, segment, choice))
    if (segment.kind === 'silent')
      layers.lines.push(...gapOf(context, segment, { ...choice, words: input.words(segment) }))
    if (segment.kind === 'inferred_stay') layers.halos.push(...inferredOf(context, segment, choice))
    if (segment.kind === 'stay')
      layers.marks.push(...stayOf(context, segment, { ...choice, number }))
  })
  return [...layers.lines, ...layers.halos, ...layers.marks]
}

const ROUND = { lineJoin: 'round', lineCap: 'round' } as const

function moveOf(
  { at }: MapContext,
  { line, disputed }: Segment,
  { chosen, select }: Choice,
): L.Layer[] {
  if (line === undefined || line.length < 2) return []
  const places = line.map(([lng, lat]) => at(lng, lat))
  const halo = { ...ROUND, color: token(chosen ? '--ink' : '--card'), weight: chosen ? 9 : 7 }
  const color = token(disputed === undefined ? '--moving' : '--warn')
  return [
    L.polyline(places, { ...halo, interactive: false }),
    L.polyline(places, { ...ROUND, color, weight: 4, interactive: false }),
    touchable(places, select),
  ]
}

/** Straight, dotted, and never counted in the distance. */
function gapOf(
  { at }: MapContext,
  segment: Segment,
  { chosen, select, words }: Choice & { words: string },
): L.Layer[] {
  const first = segment.line?.[0]
  const last = segment.line?.at(-1)
  if (!first || !last) return []
  const ends = [at(...first), at(...last)]
  const middle = at((first[0] + last[0]) / 2, (first[1] + last[1]) / 2)
  const html = document.createElement('span')
  html.textContent = segment.disputed === undefined ? words : `! ${words}`
  const mark = segment.disputed === undefined ? '--silent' : '--warn'
  const color = token(chosen ? '--ink' : mark)
  const dots = { color, weight: chosen ? 4 : 2.5, dashArray: '2 6', lineCap: 'round' } as const
  const icon = L.divIcon({ className: 'gap-words', html, iconAnchor: [-8, 8] })
  return [
    L.polyline(ends, { ...dots, interactive: false }),
    touchable(ends, select),
    L.marker(middle, { icon, interactive: false, keyboard: false }),
  ]
}

/** A line is thin, a finger is not. */
const touchable = (places: L.LatLng[], select: () => void) =>
  L.polyline(places, { ...ROUND, weight: 22, opacity: 0 }).on('click', select)

/** Keys go through ribbon and list, which tell more than a mark on the map. */
const BY_HAND = { keyboard: false } as const

function stayOf(
  { at }: MapContext,
  segment: Segment,
  { chosen, select, number, label }: Choice & { number: number | null },
): L.Layer[] {
  if (segment.place === undefined) return []
  const html = document.createElement('span')
  html.textContent = number === null ? '' : String(number)
  const marks = [
    'stay-mark',
    number === null ? 'other' : 'customer',
    ...(chosen ? ['chosen'] : []),
    ...(segment.disputed === undefined ? [] : ['disputed']),
  ]
  const icon = L.divIcon({ className: marks.join(' '), html, iconSize: [20, 20] })
  const { lng, lat } = segment.place
  const look = { ...BY_HAND, icon, title: label, zIndexOffset: chosen ? 1000 : 0 }
  return [L.marker(at(lng, lat), look).on('click', select)]
}

/** Hatched, and wider than the stay that it goes on from, so that both are seen at one place. */
function inferredOf(
  { at }: MapContext,
  { place, customerId }: Segment,
  { chosen, select, label }: Choice,
): L.Layer[] {
  if (place === undefined) return []
  const whose = customerId === undefined ? 'other' : 'customer'
  const className = `inferred-mark ${whose}${chosen ? ' chosen' : ''}`
  const icon = L.divIcon({ className, html: '', iconSize: [32, 32] })
  const look = { ...BY_HAND, icon, title: label, zIndexOffset: -500 }
  return [L.marker(at(place.lng, place.lat), look).on('click', select)]
}

/** @returns whether there was anything to show */
function showAll(context: MapContext, input: TrackOnMap): boolean {
  const places = input.segments().flatMap((segment) => placesOf(context, segment))
  if (places.length === 0) return false
  const bounds = L.latLngBounds(places)
  context.map.fitBounds(bounds, { padding: [28, 28], maxZoom: 17, animate: false })
  return true
}

/** What was chosen in ribbon or list is brought into view, near enough to tell the street. */
function reveal(context: MapContext, segment: Segment | undefined): void {
  const places = segment ? placesOf(context, segment) : []
  if (places.length === 0) return
  const { map } = context
  const bounds = L.latLngBounds(places)
  const near = Math.max(map.getZoom(), CLOSE)
  const wanted = Math.min(map.getBoundsZoom(bounds), near)
  const inside = map.getBounds().pad(-0.05).contains(bounds)
  if (inside && wanted <= map.getZoom() + 1) return
  map.fitBounds(bounds, { padding: [36, 36], maxZoom: near })
}

function placesOf({ at }: MapContext, { line, place }: Segment): L.LatLng[] {
  if (line !== undefined && line.length > 0) return line.map(([lng, lat]) => at(lng, lat))
  return place ? [at(place.lng, place.lat)] : []
}

/** Canvas knows no CSS variables. */
function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}
