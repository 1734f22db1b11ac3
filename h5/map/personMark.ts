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

export function personIcon(person: Person, words: MarkWords, chosen: boolean): L.DivIcon {
  const heading = person.last?.heading ?? null
  const glyph = `<svg class="glyph state-${person.state}" viewBox="0 0 20 20" aria-hidden="true">${glyphOf(person.state, heading)}</svg>`
  const html = document.createElement('span')
  html.className = 'person-mark-inside'
  html.style.display = 'contents'
  html.innerHTML = `${glyph}<span class="words"><span class="name"></span> <span class="age"></span></span>`
  write(html, '.name', person.name)
  write(html, '.age', words.age)
  return L.divIcon({
    html,
    className: `person-mark ${person.state}${chosen ? ' chosen' : ''}`,
    iconSize: [28, 28],
    iconAnchor: [14, 14],
  })
}

/** A circle with a number, its ring divided by the states of those inside. */
export function clusterIcon(people: readonly Person[], label: string): L.DivIcon {
  const html = document.createElement('b')
  html.textContent = String(people.length)
  html.setAttribute('aria-label', label)
  const element = L.divIcon({ html, className: 'people-cluster', iconSize: [38, 38] })
  const create = element.createIcon.bind(element)
  element.createIcon = (old) => {
    const icon = create(old)
    icon.style.background = ringOf(people)
    return icon
  }
  return element
}

const COLOURS = {
  moving: '--moving',
  at_customer: '--at-customer',
  still: '--still',
  silent: '--silent',
  off_duty: '--off',
} as const

/** A conic gradient whose shares are the states' shares. */
export function ringOf(people: readonly Pick<Person, 'state'>[]): string {
  let share = 0
  const stops = (['moving', 'at_customer', 'still', 'silent', 'off_duty'] as const).flatMap(
    (state) => {
      const count = people.filter((person) => person.state === state).length
      if (count === 0) return []
      const from = share
      share += (count / people.length) * 100
      return [`var(${COLOURS[state]}) ${from.toFixed(1)}% ${share.toFixed(1)}%`]
    },
  )
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
