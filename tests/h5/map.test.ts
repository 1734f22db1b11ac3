import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { mercatorX, mercatorY, shapeOf, type Road } from '../../h5/map/basemap.ts'
import { glyphOf } from '../../h5/map/glyphs.ts'
import { overlaps, placeLabels } from '../../h5/map/labels.ts'

const base = path.resolve(import.meta.dirname, '../../h5/map/basemap')
const roads: { names: string[]; roads: [number, number, number[]][] } = JSON.parse(
  readFileSync(path.join(base, 'roads.json'), 'utf8'),
)

test('a bundled road decodes to where it is in Futian', () => {
  const shape = shapeOf([11403979, 2254443, 5, -4], 'wgs84')
  expect(shape.points[0]).toBeCloseTo(mercatorX(114.03979), 9)
  expect(shape.points[3]).toBeCloseTo(mercatorY(22.54439), 9)
  expect(mercatorY(0)).toBeCloseTo(0.5, 12)
})

test('under tiles in GCJ-02 the base map is shifted by some hundred metres', () => {
  const metres = 40_075_017 * Math.cos((22.5 * Math.PI) / 180)
  const plain = shapeOf([11403979, 2254443], 'wgs84').points[0] ?? 0
  const shifted = shapeOf([11403979, 2254443], 'gcj02').points[0] ?? 0
  expect((shifted - plain) * metres).toBeGreaterThan(300)
  expect((shifted - plain) * metres).toBeLessThan(700)
})

test('street names never lie on each other and one street is not named twice within 360 pixels', () => {
  const decoded: Road[] = roads.roads.map(([level, name, deltas]) => ({
    ...shapeOf(deltas, 'wgs84'),
    level,
    name: roads.names[name] ?? null,
  }))
  const labels = placeLabels(decoded, 256 * 2 ** 15, 3)
  expect(labels.length).toBeGreaterThan(20)
  for (const [i, a] of labels.entries()) {
    for (const b of labels.slice(i + 1)) {
      expect(overlaps(a.box, b.box)).toBe(false)
      if (a.text === b.text) expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThan(360)
    }
  }
})

test('only the arrowhead of somebody who moves is turned', () => {
  expect(glyphOf('moving', 90)).toContain('rotate(90 10 10)')
  expect(glyphOf('still', 90)).not.toContain('rotate')
})
