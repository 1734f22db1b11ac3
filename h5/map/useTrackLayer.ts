import L from 'leaflet'
import { onScopeDispose, watch } from 'vue'
import type { Segment } from '../../backend/contract/days.ts'
import { useMap, type MapContext } from './context.ts'
import { visitNumbers } from './visitNumbers.ts'

export interface TrackOnMap {
  segments: () => readonly Segment[]
  selected: () => number | null // index into segments
  words: (segment: Segment) => string // of a silence: its times
  fit: () => boolean // shows the whole track whenever it is another one
  select: (index: number) => void
}

/** A day on the map: moves as a solid line, silences dotted with their times, stays as squares. */
export function useTrackLayer(input: TrackOnMap): void {
  const context = useMap()
  const drawn = L.layerGroup().addTo(context.map)
  const draw = () => {
    drawn.clearLayers()
    for (const layer of layersOf(context, input)) drawn.addLayer(layer)
  }
  const themed = new MutationObserver(draw)
  themed.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  watch([input.segments, input.selected], draw, { immediate: true })
  watch(input.segments, () => fit(context, input), { immediate: true })
  watch(input.selected, () => reveal(context, input))
  onScopeDispose(() => {
    themed.disconnect()
    drawn.remove()
  })
}

function layersOf(context: MapContext, input: TrackOnMap): L.Layer[] {
  const segments = input.segments()
  const numbers = visitNumbers(segments)
  const lines: L.Layer[] = []
  const marks: L.Layer[] = []
  segments.forEach((segment, index) => {
    const chosen = input.selected() === index
    const select = () => input.select(index)
    if (segment.kind === 'move') lines.push(...moveOf(context, segment, { chosen, select }))
    if (segment.kind === 'silent') lines.push(...gapOf(context, segment, { chosen, select, input }))
    if (segment.kind === 'stay') {
      marks.push(...stayOf(context, segment, { chosen, select, number: numbers[index] ?? null }))
    }
  })
  return [...lines, ...marks]
}

interface Choice {
  chosen: boolean
  select: () => void
}

function moveOf({ at }: MapContext, { line }: Segment, { chosen, select }: Choice): L.Layer[] {
  if (line === undefined || line.length < 2) return []
  const places = line.map(([lng, lat]) => at(lng, lat))
  const look = { lineJoin: 'round', lineCap: 'round' } as const
  const halo = { ...look, color: token(chosen ? '--ink' : '--card'), weight: chosen ? 9 : 7 }
  return [
    L.polyline(places, { ...halo, interactive: false }),
    L.polyline(places, { ...look, color: token('--moving'), weight: 4 }).on('click', select),
  ]
}

/** Straight, dotted, and never counted in the distance. */
function gapOf(
  { at }: MapContext,
  segment: Segment,
  { chosen, select, input }: Choice & { input: TrackOnMap },
): L.Layer[] {
  const first = segment.line?.[0]
  const last = segment.line?.at(-1)
  if (!first || !last) return []
  const ends = [at(...first), at(...last)]
  const middle = at((first[0] + last[0]) / 2, (first[1] + last[1]) / 2)
  const html = document.createElement('span')
  html.textContent = input.words(segment)
  const color = token(chosen ? '--ink' : '--silent')
  const dots = { color, weight: chosen ? 4 : 2.5, dashArray: '2 6', lineCap: 'round' } as const
  return [
    L.polyline(ends, dots).on('click', select),
    L.marker(middle, {
      icon: L.divIcon({ className: 'gap-words', html, iconAnchor: [-8, 8] }),
      interactive: false,
      keyboard: false,
    }),
  ]
}

function stayOf(
  { at }: MapContext,
  segment: Segment,
  { chosen, select, number }: Choice & { number: number | null },
): L.Layer[] {
  if (segment.place === undefined) return []
  const html = document.createElement('span')
  html.textContent = number === null ? '' : String(number)
  const className = `stay-mark ${number === null ? 'other' : 'customer'}${chosen ? ' chosen' : ''}`
  const title = segment.place.name ?? ''
  const icon = L.divIcon({ className, html, iconSize: [20, 20] })
  const { lng, lat } = segment.place
  return [L.marker(at(lng, lat), { icon, title, alt: title }).on('click', select)]
}

function fit(context: MapContext, input: TrackOnMap): void {
  if (!input.fit()) return
  const places = input.segments().flatMap((segment) => placesOf(context, segment))
  if (places.length === 0) return
  const bounds = L.latLngBounds(places)
  context.map.fitBounds(bounds, { padding: [28, 28], maxZoom: 17, animate: false })
}

/** What was chosen in the list is brought into view, without changing the zoom. */
function reveal(context: MapContext, input: TrackOnMap): void {
  const segment = input.segments()[input.selected() ?? -1]
  const places = segment ? placesOf(context, segment) : []
  if (places.length === 0) return
  const bounds = L.latLngBounds(places)
  if (!context.map.getBounds().contains(bounds)) context.map.panTo(bounds.getCenter())
}

function placesOf({ at }: MapContext, { line, place }: Segment): L.LatLng[] {
  if (line !== undefined && line.length > 0) return line.map(([lng, lat]) => at(lng, lat))
  return place ? [at(place.lng, place.lat)] : []
}

/** Canvas knows no CSS variables. */
function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}
