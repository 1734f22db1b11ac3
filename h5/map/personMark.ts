import L from 'leaflet'
import type { Person } from '../../backend/contract/people.ts'
import { glyphOf, ringOf, type StateCounts } from './glyphs.ts'

/** Name and age beside a marker; ages are worded by the page. */
export interface MarkWords {
  readonly age: string
  readonly state: string
}

/** What a marker shows, as one text: equal texts need no new picture. */
export function lookOf(person: Person, chosen: boolean): string {
  const heading = Math.round((person.last?.heading ?? 0) / 10)
  return `${person.state} ${heading} ${chosen} ${person.name}`
}

/** Nothing is built until the marker comes onto the map. */
export function personIcon(person: Person, words: () => MarkWords, chosen: boolean): L.DivIcon {
  const icon = L.divIcon({
    html: '',
    className: `person-mark ${person.state}${chosen ? ' chosen' : ''}`,
    iconSize: [28, 28],
    iconAnchor: [14, 14],
  })
  return filled(icon, (element) => {
    const { state, last } = person
    element.innerHTML = `<svg class="glyph state-${state}" viewBox="0 0 20 20" aria-hidden="true">${glyphOf(state, last?.heading ?? null)}</svg><span class="words"><span class="name"></span> <span class="age"></span></span>`
    write(element, '.name', person.name)
    write(element, '.age', words().age)
  })
}

/** A circle with a number, its ring divided by the states of those inside. */
export function clusterIcon(count: number, counts: StateCounts): L.DivIcon {
  const icon = L.divIcon({ html: '', className: 'people-cluster', iconSize: [38, 38] })
  return filled(icon, (element) => {
    const figure = document.createElement('b')
    figure.textContent = String(count)
    element.append(figure)
    element.style.background = ringOf(counts)
  })
}

function filled(icon: L.DivIcon, fill: (element: HTMLElement) => void): L.DivIcon {
  const create = icon.createIcon.bind(icon)
  icon.createIcon = (old) => {
    const element = create(old)
    fill(element)
    return element
  }
  return icon
}

function write(inside: Element, selector: string, text: string): void {
  const element = inside.querySelector(selector)
  if (element !== null) element.textContent = text
}

/** Renews the age of a marker that is on the screen; the picture stays. */
export function renewAge(marker: L.Marker, age: string): void {
  const element = marker.getElement()
  if (element) write(element, '.age', age)
}
