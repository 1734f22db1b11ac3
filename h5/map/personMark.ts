import L from 'leaflet'
import type { Person } from '../../backend/contract/people.ts'
import { glyphOf } from './glyphs.ts'

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

/** Nothing is built until the marker comes onto the screen: most stand in a cluster. */
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
export function clusterIcon(count: number, people: () => readonly Person[], label: string) {
  const icon = L.divIcon({ html: '', className: 'people-cluster', iconSize: [38, 38] })
  return filled(icon, (element) => {
    const figure = document.createElement('b')
    figure.textContent = String(count)
    figure.setAttribute('aria-label', label)
    element.append(figure)
    element.style.background = ringOf(people())
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

const COLOURS = {
  moving: '--moving',
  at_customer: '--at-customer',
  still: '--still',
  silent: '--silent',
  off_duty: '--off',
} as const

const ORDER = ['moving', 'at_customer', 'still', 'silent', 'off_duty'] as const

/** A conic gradient whose shares are the states' shares. */
export function ringOf(people: readonly Pick<Person, 'state'>[]): string {
  const counts = { moving: 0, at_customer: 0, still: 0, silent: 0, off_duty: 0 }
  for (const { state } of people) counts[state] += 1
  let share = 0
  const stops = ORDER.flatMap((state) => {
    if (counts[state] === 0) return []
    const from = share
    share += (counts[state] / people.length) * 100
    return [`var(${COLOURS[state]}) ${from.toFixed(1)}% ${share.toFixed(1)}%`]
  })
  return `conic-gradient(${stops.join(', ')})`
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
