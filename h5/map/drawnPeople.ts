import L from 'leaflet'
import type { Person } from '../../backend/contract/people.ts'
import type { MapContext } from './context.ts'
import type { PeopleMark } from './peopleIndex.ts'
import { clusterIcon, lookOf, personIcon, renewAge, type MarkWords } from './personMark.ts'

export interface PeopleWording {
  words: (person: Person) => MarkWords
  clusterLabel: (count: number) => string
  select: (personId: string) => void
}

interface Drawn {
  readonly marker: L.Marker
  mark: PeopleMark
  look: string
}

const SAME_PIXEL = 1.5 // px that somebody may move before his marker does

/** The markers that are on the map now. Those that stay are moved: making them is what costs. */
export class DrawnPeople {
  private readonly drawn = new Map<string, Drawn>()
  private readonly layer = L.layerGroup()
  private readonly context: MapContext
  private readonly wording: PeopleWording

  constructor(context: MapContext, wording: PeopleWording) {
    this.context = context
    this.wording = wording
    this.layer.addTo(context.map)
  }

  /** @param marks all that shall be there; @param chosen who stands out, or null */
  show(marks: readonly PeopleMark[], chosen: string | null): void {
    const wanted = new Map(marks.map((mark) => [`${mark.key} ${mark.key === chosen}`, mark]))
    for (const [key, { marker }] of this.drawn) {
      if (wanted.has(key)) continue
      this.layer.removeLayer(marker)
      this.drawn.delete(key)
    }
    for (const [key, mark] of wanted) {
      const known = this.drawn.get(key)
      if (known) this.renew(known, mark, mark.key === chosen)
      else this.add(key, mark, mark.key === chosen)
    }
  }

  renewAges(): void {
    for (const { marker, mark } of this.drawn.values())
      if (mark.kind === 'one') renewAge(marker, this.wording.words(mark.person).age)
  }

  remove(): void {
    this.layer.remove()
  }

  private add(key: string, mark: PeopleMark, chosen: boolean): void {
    const title = this.titleOf(mark)
    const marker = L.marker(this.context.at(mark.lng, mark.lat), {
      icon: this.iconOf(mark, chosen),
      title,
      alt: title,
      zIndexOffset: chosen ? 1000 : 0,
      keyboard: mark.kind === 'several', // people are reached by the list: their marks may cover each other
    })
    const drawn = { marker, mark, look: look(mark, chosen) }
    marker.on('click', () => this.opened(drawn.mark))
    this.drawn.set(key, drawn)
    this.layer.addLayer(marker)
  }

  private renew(drawn: Drawn, mark: PeopleMark, chosen: boolean): void {
    const { marker } = drawn
    drawn.mark = mark
    const now = look(mark, chosen)
    if (now !== drawn.look) {
      marker.options.title = this.titleOf(mark)
      marker.setIcon(this.iconOf(mark, chosen))
    }
    drawn.look = now
    const { map, at } = this.context
    const place = at(mark.lng, mark.lat)
    const from = map.latLngToLayerPoint(marker.getLatLng())
    if (from.distanceTo(map.latLngToLayerPoint(place)) >= SAME_PIXEL) marker.setLatLng(place)
  }

  private opened(mark: PeopleMark): void {
    if (mark.kind === 'one') return this.wording.select(mark.person.id)
    this.context.map.setView(this.context.at(mark.lng, mark.lat), mark.opensAt)
  }

  private iconOf(mark: PeopleMark, chosen: boolean): L.DivIcon {
    if (mark.kind === 'several') return clusterIcon(mark.count, mark.counts)
    const { person } = mark
    return personIcon(person, () => this.wording.words(person), chosen)
  }

  private titleOf(mark: PeopleMark): string {
    if (mark.kind === 'several') return this.wording.clusterLabel(mark.count)
    return `${mark.person.name} · ${this.wording.words(mark.person).state}`
  }
}

/** As one text: equal texts need no new picture. */
const look = (mark: PeopleMark, chosen: boolean): string =>
  mark.kind === 'one' ? lookOf(mark.person, chosen) : Object.values(mark.counts).join(' ')
