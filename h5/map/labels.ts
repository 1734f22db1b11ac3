import type { Box, Road } from './basemap.ts'

/** A street's name where it is written: centre in pixels of the whole world at one zoom. */
export interface Label {
  readonly text: string
  readonly x: number
  readonly y: number
  readonly angle: number // radians, never upside down
  readonly box: Box // pixels
}

const LETTER = 12 // px, of a Chinese character at the caption size
const APART = 360 // px between two labels of one street

/**
 * Street names for one zoom: main roads first, none on top of another.
 * @param scale pixels of the whole world, 256 × 2^zoom
 * @param lowest the lowest level that still gets a name
 */
export function placeLabels(roads: readonly Road[], scale: number, lowest: number): Label[] {
  const placed: Label[] = []
  const candidates = roads
    .filter((road) => road.name !== null && road.level <= lowest)
    .map((road) => candidateOf(road, scale))
    .filter((each) => each !== null)
    .sort((a, b) => a.level - b.level || b.length - a.length)
  for (const { label } of candidates) {
    if (placed.every((other) => isFree(label, other))) placed.push(label)
  }
  return placed
}

export function overlaps(a: Box, b: Box): boolean {
  return a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1]
}

function isFree(label: Label, other: Label): boolean {
  if (overlaps(label.box, other.box)) return false
  return label.text !== other.text || Math.hypot(label.x - other.x, label.y - other.y) > APART
}

function candidateOf(road: Road, scale: number) {
  const { points, level, name } = road
  const middle = 2 * Math.floor((points.length / 2 - 1) / 2)
  const at = (index: number) => (points[index] ?? 0) * scale
  const [ax, ay, bx, by] = [at(middle), at(middle + 1), at(middle + 2), at(middle + 3)]
  const wide = (name?.length ?? 0) * LETTER
  const length = Math.hypot(road.box[2] - road.box[0], road.box[3] - road.box[1]) * scale
  if (name === null || length < wide * 0.7) return null
  const angle = upright(Math.atan2(by - ay, bx - ax))
  const x = (ax + bx) / 2
  const y = (ay + by) / 2
  const halfX = (Math.abs(Math.cos(angle)) * wide + Math.abs(Math.sin(angle)) * LETTER) / 2 + 4
  const halfY = (Math.abs(Math.sin(angle)) * wide + Math.abs(Math.cos(angle)) * LETTER) / 2 + 4
  const box: Box = [x - halfX, y - halfY, x + halfX, y + halfY]
  return { level, length, label: { text: name, x, y, angle, box } }
}

function upright(angle: number): number {
  if (angle > Math.PI / 2) return angle - Math.PI
  return angle < -Math.PI / 2 ? angle + Math.PI : angle
}
