import { z } from 'zod'

const Corner = z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)]) // [lng, lat] WGS-84
const MOST_CORNERS = 2000

/** GeoJSON's MultiPolygon: parts, each an outer ring and then its holes. Rings need no closing corner. */
export const Area = z.object({
  type: z.literal('MultiPolygon'),
  coordinates: z
    .array(z.array(z.array(Corner).min(3, 'a ring has three corners or more')).min(1))
    .min(1)
    .max(50)
    .refine((parts) => parts.flat(2).length <= MOST_CORNERS, `at most ${MOST_CORNERS} corners`),
})
export type Area = z.infer<typeof Area>

/** Where people of a department, and of those below it without one of their own, work. */
export const Territory = z.object({
  departmentId: z.string(),
  department: z.string(),
  area: Area,
})
export type Territory = z.infer<typeof Territory>
export const Territories = z.object({ territories: z.array(Territory) })

export const TerritoryPath = z.object({ departmentId: z.string().max(64) })
export const TerritoryInput = z.object({ area: Area.nullable() }) // null: taken back
