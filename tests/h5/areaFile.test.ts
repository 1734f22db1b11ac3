import fc from 'fast-check'
import { expect, test } from 'vitest'
import { areaOfFile } from '../../h5/alerts/areaFile.ts'

const ring = [[114, 22], [115, 22], [115, 23], [114, 22]] // prettier-ignore
const polygon = { type: 'Polygon', coordinates: [ring] }
const area = { type: 'MultiPolygon', coordinates: [[ring]] }

test('a geometry, a feature and a collection are read, parts joined, heights left out', () => {
  const feature = { type: 'Feature', properties: { name: '南山' }, geometry: polygon }
  expect(areaOfFile(JSON.stringify(polygon))).toEqual(area)
  expect(areaOfFile(JSON.stringify(feature))).toEqual(area)
  const both = areaOfFile(JSON.stringify({ type: 'FeatureCollection', features: [feature, { ...feature, geometry: area }] })) // prettier-ignore
  expect(both?.coordinates).toHaveLength(2)
  const high = { type: 'Polygon', coordinates: [ring.map((corner) => [...corner, 12])] }
  expect(areaOfFile(JSON.stringify(high))).toEqual(area)
})

test('what is no area, off the Earth, or nothing at all is told', () => {
  expect(areaOfFile('')).toBeNull()
  expect(areaOfFile('{"type":"Point","coordinates":[1,2]}')).toBeNull()
  expect(areaOfFile(JSON.stringify({ type: 'Polygon', coordinates: [[[114, 22], [115, 22]]] }))).toBeNull() // prettier-ignore
  expect(areaOfFile(JSON.stringify({ type: 'Polygon', coordinates: [[[114, 22], [915, 22], [1, 1]]] }))).toBeNull() // prettier-ignore
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect([null, 'MultiPolygon']).toContain(areaOfFile(text)?.type ?? null)
    }),
  )
})
