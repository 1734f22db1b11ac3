import type { Move } from '../contract/live.ts'
import type { Watch } from '../contract/live.ts'

/** Whom a watcher hears of. Watchers with the same wish share a topic and its encoded message. */
export interface Topic {
  readonly key: string
  readonly orgId: string
  readonly departments: ReadonlySet<string> | 'all'
  readonly bbox: Watch['bbox']
}

/** A move with what decides who may hear of it. */
export interface Sighting {
  readonly move: Move
  readonly departmentId: string
  readonly circles: readonly string[] // further departments, and direct leaders
  readonly dutyTo: number // epoch ms
  readonly was: { lng: number; lat: number } | null // the place before: who leaves the box is heard of once more
}

export function topicOf(
  orgId: string,
  departments: readonly string[] | 'all',
  bbox: Watch['bbox'],
): Topic {
  const sorted = departments === 'all' ? departments : [...departments].sort()
  return {
    key: JSON.stringify([orgId, sorted, bbox ?? null]),
    orgId,
    departments: sorted === 'all' ? sorted : new Set(sorted),
    bbox,
  }
}

export const concerns = (topic: Topic, sighting: Sighting): boolean =>
  isSeenBy(topic.departments, sighting) &&
  (contains(topic.bbox, sighting.move) ||
    (sighting.was !== null && contains(topic.bbox, sighting.was)))

const isSeenBy = (departments: Topic['departments'], { departmentId, circles }: Sighting) =>
  departments === 'all' ||
  departments.has(departmentId) ||
  circles.some((circle) => departments.has(circle))

export function contains(bbox: Watch['bbox'], at: { lng: number; lat: number }): boolean {
  if (!bbox) return true
  const [west, south, east, north] = bbox
  return at.lng >= west && at.lng <= east && at.lat >= south && at.lat <= north
}
