import { z } from 'zod'
import { Area } from '../../backend/contract/territories.ts'

const Position = z
  .array(z.number())
  .min(2)
  .transform(([lng = NaN, lat = NaN]): [number, number] => [lng, lat]) // heights are left out
const Rings = z.array(z.array(Position))

const Geometry = z.discriminatedUnion('type', [
  z.object({ type: z.literal('Polygon'), coordinates: Rings }),
  z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(Rings) }),
])
const Feature = z.object({ type: z.literal('Feature'), geometry: Geometry })
const Features = z.object({ type: z.literal('FeatureCollection'), features: z.array(Feature) })
const GeoJson = z.union([Geometry, Feature, Features])

/** The area of a GeoJSON text (RFC 7946, so WGS-84), its parts joined; null when it has none that can be used. */
export function areaOfFile(text: string): Area | null {
  const parsed = GeoJson.safeParse(jsonOf(text))
  if (!parsed.success) return null
  const coordinates = geometriesOf(parsed.data).flatMap((geometry) =>
    geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates,
  )
  return Area.safeParse({ type: 'MultiPolygon', coordinates }).data ?? null
}

function geometriesOf(file: z.infer<typeof GeoJson>): z.infer<typeof Geometry>[] {
  if (file.type === 'FeatureCollection') return file.features.map(({ geometry }) => geometry)
  return file.type === 'Feature' ? [file.geometry] : [file]
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
