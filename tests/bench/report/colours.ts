import type { Scene } from './scenes.ts'

const PALETTE = [
  '#0f7b5f',
  '#c8372d',
  '#6b4fbb',
  '#b35c00',
  '#0b7fab',
  '#a8327e',
  '#5b7f00',
  '#7a4a2b',
]
const ELSEWHERE = '#8b9691'

/** The same customer has the same colour in what is true and in what is told; elsewhere is grey. */
export function colourOf({ facts, stays }: Scene, customerId: string | null): string {
  if (customerId === null) return ELSEWHERE
  const visited = [...new Set(stays.flatMap((stay) => stay.customerId ?? []))]
  const place = visited.indexOf(customerId)
  const other = facts.sites.findIndex((site) => site.customerId === customerId)
  return PALETTE[(place >= 0 ? place : visited.length + other) % PALETTE.length] ?? ELSEWHERE
}
