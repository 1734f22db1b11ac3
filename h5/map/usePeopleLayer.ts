import L from 'leaflet'
import { onScopeDispose, watch } from 'vue'
import type { Person } from '../../backend/contract/people.ts'
import { calm, useMap, type MapContext } from './context.ts'
import { DrawnPeople, type PeopleWording } from './drawnPeople.ts'
import { indexPeople } from './peopleIndex.ts'

export interface PeopleOnMap extends PeopleWording {
  people: () => readonly Person[] // those without a position are never shown
  selected: () => string | null
  follow: () => boolean // keeps the selected person in the middle
  now: () => number // server clock, epoch ms: ages are renewed with it
}

const HOLD = 'dragstart zoomstart'
const RELEASE = 'dragend zoomend'
const MARGIN = 0.5 // of the view's size on each side: a pull shows nobody late

/** Markers of people, clustered; the selected one stands alone with the circle of his accuracy. */
export function usePeopleLayer(input: PeopleOnMap): void {
  const layer = new PeopleLayer(useMap(), input)
  watch([input.people, input.selected], () => layer.show(), { immediate: true })
  watch([input.selected, input.follow], () => layer.reveal())
  watch(input.now, () => layer.renewAges())
  onScopeDispose(() => layer.remove())
}

class PeopleLayer {
  private readonly drawn: DrawnPeople
  private readonly circle = L.circle([0, 0], { radius: 0, interactive: false, weight: 1 })
  private index = indexPeople([])
  private chosen: Person | null = null
  private fitted = false
  private held = false // while a hand moves the map, facts wait
  private waiting = false
  private readonly context: MapContext
  private readonly input: PeopleOnMap

  constructor(context: MapContext, input: PeopleOnMap) {
    this.context = context
    this.input = input
    this.drawn = new DrawnPeople(context, input)
    context.map.on(HOLD, this.hold).on(RELEASE, this.release).on('moveend', this.draw)
  }

  show(): void {
    this.waiting = this.held
    if (!this.held) this.showNow()
  }

  private showNow(): void {
    const people = this.input.people()
    const selected = this.input.selected()
    this.chosen = people.find(({ id, last }) => id === selected && last !== null) ?? null
    this.index = indexPeople(people.filter((person) => person !== this.chosen))
    this.fitOnce(people)
    this.draw()
    this.encircle()
    if (this.input.follow()) this.reveal()
  }

  reveal(): void {
    const last = this.chosen?.last
    if (!last) return
    const { map, at } = this.context
    const place = at(last.lng, last.lat)
    if (this.input.follow() || !map.getBounds().pad(-0.1).contains(place))
      map.panTo(place, { animate: !calm() })
  }

  renewAges(): void {
    if (!this.held) this.drawn.renewAges()
  }

  remove(): void {
    this.context.map.off(HOLD, this.hold).off(RELEASE, this.release).off('moveend', this.draw)
    this.drawn.remove()
    this.circle.remove()
  }

  private readonly hold = () => {
    this.held = true
  }

  private readonly release = () => {
    this.held = false
    if (this.waiting) this.show()
  }

  private readonly draw = () => {
    const marks = this.index.marksIn(this.around(), this.context.map.getZoom())
    const person = this.chosen
    if (person?.last) {
      const { lng, lat } = person.last
      marks.push({ kind: 'one', key: person.id, person, lng, lat })
    }
    this.drawn.show(marks, person?.id ?? null)
  }

  private around(): [number, number, number, number] {
    const { map, from } = this.context
    const box = map.getBounds().pad(MARGIN)
    const [west, south] = from(box.getSouthWest())
    const [east, north] = from(box.getNorthEast())
    return [west, Math.max(south, -90), east, Math.min(north, 90)]
  }

  private encircle(): void {
    const last = this.chosen?.last ?? null
    if (last === null || last.accuracy === null) {
      this.circle.remove()
      return
    }
    const colour = getComputedStyle(document.documentElement).getPropertyValue('--moving').trim()
    this.circle.setLatLng(this.context.at(last.lng, last.lat)).setRadius(last.accuracy)
    this.circle.setStyle({ color: colour, fillColor: colour, fillOpacity: 0.14 })
    this.circle.addTo(this.context.map)
  }

  private fitOnce(people: readonly Person[]): void {
    const places = people.flatMap(({ last }) => (last ? [this.context.at(last.lng, last.lat)] : []))
    if (this.fitted || places.length === 0) return
    this.fitted = true
    this.context.map.fitBounds(L.latLngBounds(places).pad(0.1), { maxZoom: 15, animate: false })
  }
}
