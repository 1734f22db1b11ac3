import L from 'leaflet'
import 'leaflet.markercluster'
import 'leaflet.markercluster/dist/MarkerCluster.css'
import { onScopeDispose, watch } from 'vue'
import type { Person } from '../../backend/contract/people.ts'
import { useMap, type MapContext } from './context.ts'
import { clusterIcon, lookOf, personIcon, renewAge, type MarkWords } from './personMark.ts'

export interface PeopleOnMap {
  people: () => readonly Person[] // those off duty, or without a position, are never shown
  selected: () => string | null
  follow: () => boolean // keeps the selected person in the middle
  now: () => number // server clock, epoch ms: ages are renewed with it
  words: (person: Person) => MarkWords
  clusterLabel: (count: number) => string
  select: (personId: string) => void
}

const HOLD = 'dragstart zoomstart'
const RELEASE = 'dragend zoomend'
const SAME_PIXEL = 1.5 // px that somebody may move before his marker does

/** Markers of people, clustered; the selected one stands alone with the circle of his accuracy. */
export function usePeopleLayer(input: PeopleOnMap): void {
  const layer = new PeopleLayer(useMap(), input)
  watch([input.people, input.selected], () => layer.show(), { immediate: true })
  watch([input.selected, input.follow], () => layer.reveal())
  watch(input.now, () => layer.renewAges())
  onScopeDispose(() => layer.remove())
}

interface Mark {
  marker: L.Marker
  person: Person
  look: string
  chosen: boolean
}

class PeopleLayer {
  private readonly marks = new Map<string, Mark>()
  private readonly personOf = new WeakMap<L.Marker, Person>()
  private readonly group: L.MarkerClusterGroup
  private readonly alone = L.layerGroup()
  private readonly circle = L.circle([0, 0], { radius: 0, interactive: false, weight: 1 })
  private fitted = false
  private held = false // while a hand moves the map, facts wait
  private waiting = false
  private readonly context: MapContext
  private readonly input: PeopleOnMap

  constructor(context: MapContext, input: PeopleOnMap) {
    this.context = context
    this.input = input
    this.group = L.markerClusterGroup({
      maxClusterRadius: 44,
      showCoverageOnHover: false,
      animate: false,
      chunkedLoading: true,
      disableClusteringAtZoom: 18,
      iconCreateFunction: (cluster) => {
        const count = cluster.getChildCount()
        const inside = () =>
          cluster
            .getAllChildMarkers()
            .map((marker) => this.personOf.get(marker))
            .filter((person) => person !== undefined)
        return clusterIcon(count, inside, input.clusterLabel(count))
      },
    })
    this.group.addTo(context.map)
    this.alone.addTo(context.map)
    context.map.on(HOLD, this.hold).on(RELEASE, this.release)
  }

  show(): void {
    this.waiting = this.held
    if (!this.held) this.showNow()
  }

  private showNow(): void {
    const visible = this.input.people().filter((person) => person.last !== null)
    const ids = new Set(visible.map((person) => person.id))
    for (const [id, mark] of this.marks) if (!ids.has(id)) this.drop(id, mark)
    const chosen = this.input.selected()
    const fresh: L.Marker[] = []
    const restated: L.Marker[] = []
    for (const person of visible) this.place(person, person.id === chosen, { fresh, restated })
    this.group.addLayers(fresh)
    if (restated.length > 0) this.group.refreshClusters(restated)
    this.encircle(visible.find((person) => person.id === chosen) ?? null)
    this.fitOnce(visible)
    if (this.input.follow()) this.reveal()
  }

  reveal(): void {
    const last = this.marks.get(this.input.selected() ?? '')?.person.last
    if (!last) return
    const { map, at } = this.context
    const place = at(last.lng, last.lat)
    if (this.input.follow() || !map.getBounds().pad(-0.1).contains(place)) map.panTo(place)
  }

  renewAges(): void {
    if (this.held) return
    for (const { marker, person } of this.marks.values()) {
      if (marker.getElement()) renewAge(marker, this.input.words(person).age)
    }
  }

  remove(): void {
    this.context.map.off(HOLD, this.hold).off(RELEASE, this.release)
    this.group.remove()
    this.alone.remove()
    this.circle.remove()
  }

  private readonly hold = () => {
    this.held = true
  }

  private readonly release = () => {
    this.held = false
    if (this.waiting) this.show()
  }

  private place(
    person: Person,
    chosen: boolean,
    changed: { fresh: L.Marker[]; restated: L.Marker[] },
  ): void {
    const known = this.marks.get(person.id)
    if (known === undefined || known.chosen !== chosen) {
      if (known) this.drop(person.id, known)
      const mark = this.create(person, chosen)
      if (chosen) this.alone.addLayer(mark.marker)
      else changed.fresh.push(mark.marker)
      return
    }
    if (known.person === person) return
    this.personOf.set(known.marker, person)
    if (known.person.state !== person.state && !chosen) changed.restated.push(known.marker)
    known.person = person
    const look = lookOf(person, chosen)
    if (look !== known.look)
      known.marker.setIcon(personIcon(person, () => this.input.words(person), chosen))
    known.look = look
    this.move(known)
  }

  /** Moving a marker costs a new clustering around it, so what nobody could see is not done. */
  private move({ marker, person }: Mark): void {
    if (person.last === null) return
    const { map, at } = this.context
    const place = at(person.last.lng, person.last.lat)
    const from = map.latLngToLayerPoint(marker.getLatLng())
    if (from.distanceTo(map.latLngToLayerPoint(place)) >= SAME_PIXEL) marker.setLatLng(place)
  }

  private create(person: Person, chosen: boolean): Mark {
    const { last } = person
    const words = this.input.words(person)
    const marker = L.marker(this.context.at(last?.lng ?? 0, last?.lat ?? 0), {
      icon: personIcon(person, () => this.input.words(person), chosen),
      title: `${person.name} · ${words.state}`,
      alt: `${person.name} · ${words.state}`,
      zIndexOffset: chosen ? 1000 : 0,
      keyboard: false, // the list beside the map is the way by keys: marks may cover each other
    })
    marker.on('click', () => this.input.select(person.id))
    const mark = { marker, person, look: lookOf(person, chosen), chosen }
    this.personOf.set(marker, person)
    this.marks.set(person.id, mark)
    return mark
  }

  private drop(id: string, { marker, chosen }: Mark): void {
    if (chosen) this.alone.removeLayer(marker)
    else this.group.removeLayer(marker)
    this.marks.delete(id)
  }

  private encircle(person: Person | null): void {
    const last = person?.last ?? null
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
    if (this.fitted || people.length === 0) return
    this.fitted = true
    const places = people.flatMap(({ last }) => (last ? [this.context.at(last.lng, last.lat)] : []))
    this.context.map.fitBounds(L.latLngBounds(places).pad(0.1), { maxZoom: 15, animate: false })
  }
}
