import Supercluster, { type AnyProps, type PointFeature } from 'supercluster'
import { createHash } from 'node:crypto'
import { setImmediate as breath } from 'node:timers/promises'
import type { Clusters } from '../contract/clusters.ts'
import type { Db } from '../core/db.ts'
import type { Kit } from '../core/kit.ts'
import { sql } from '../core/sql.ts'
import { customersSeen, type Access } from './access.ts'
import type { Box } from './queries.ts'

const BATCH = 20_000 // rows read at once
const MOST_POINTS = 1_500_000 // kept in memory over all indexes; about 150 bytes each
const MOST_INDEXES = 50
const OTHERS_MS = 60_000 // what other processes changed is seen after so long
const REST = 20 // an index is not made again before so many times its making have passed
const MOST_NAMED = 500 // single customers of one answer
const RADIUS = 60 // pixels within which customers lie together
const LAST_ZOOM = 16 // beyond it every customer stands alone

type Index = Supercluster<{ id: string }, AnyProps>

/** Which customers: those that the viewer may see, and of these those with a tag. */
interface Asked {
  readonly access: Access
  readonly tag?: string | undefined
}

interface Kept {
  index: Index
  points: number
  madeAt: number // epoch ms
  tookMs: number
  stale: boolean
}

/**
 * Clusters of the customers that a viewer may see, from an index in memory for each kind of view. Indexes are
 * made when they are asked for, made again after a change, and forgotten, least used first, over a fixed size.
 */
export function createClusters(kit: Kit) {
  const kept = new Map<string, Kept>()
  const making = new Map<string, Promise<Kept>>()
  kit.facts.on('customersChanged', ({ orgId }) => {
    for (const [key, each] of kept) if (key.startsWith(`${orgId} `)) each.stale = true
  })

  const make = async (key: string, asked: Asked): Promise<Kept> => {
    const made = await makeIndex(kit, asked)
    kept.delete(key)
    kept.set(key, made)
    forgetLeastUsed(kept)
    return made
  }
  const current = async (asked: Asked): Promise<Kept> => {
    const key = keyOf(asked)
    const found = kept.get(key)
    if (found && isFresh(found, kit.clock.now())) {
      kept.delete(key) // to the end: it was used last
      kept.set(key, found)
      return found
    }
    const under = making.get(key) ?? make(key, asked).finally(() => making.delete(key))
    making.set(key, under)
    return under
  }
  return async (asked: Asked, box: Box, zoom: number): Promise<Clusters> => {
    const { index, points } = await current(asked)
    const found = index.getClusters([...box], zoom)
    const ids: string[] = []
    const clusters: Clusters['clusters'] = []
    for (const { geometry, properties } of found) {
      const [lng = 0, lat = 0] = geometry.coordinates
      if ('point_count' in properties)
        clusters.push({ lng, lat, count: Number(properties['point_count']) })
      else if (ids.length < MOST_NAMED) ids.push(String(properties.id))
      else clusters.push({ lng, lat, count: 1 })
    }
    return { total: points, clusters, customers: await listNamed(kit.db, asked, ids) }
  }
}

/** Viewers who see and want the same share an index. */
function keyOf({ access, tag }: Asked): string {
  const { viewer, everything, owners, departments, homes } = access
  const seen = JSON.stringify([everything ? 'all' : [owners, departments, homes], tag])
  return `${viewer.orgId} ${createHash('sha256').update(seen).digest('base64url')}`
}

function isFresh({ stale, madeAt, tookMs }: Kept, now: number): boolean {
  const age = now - madeAt
  return age < (stale ? tookMs * REST : Math.max(OTHERS_MS, tookMs * REST))
}

function forgetLeastUsed(kept: Map<string, Kept>) {
  let points = [...kept.values()].reduce((sum, each) => sum + each.points, 0)
  for (const [key, each] of kept) {
    if (kept.size === 1 || (kept.size <= MOST_INDEXES && points <= MOST_POINTS)) return
    kept.delete(key)
    points -= each.points
  }
}

async function makeIndex({ db, clock }: Kit, asked: Asked): Promise<Kept> {
  const began = performance.now()
  const madeAt = clock.now()
  const features: PointFeature<{ id: string }>[] = []
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const rows = await listPoints(db, asked, after)
    for (const { id, lng, lat } of rows)
      features.push({
        type: 'Feature',
        properties: { id },
        geometry: { type: 'Point', coordinates: [lng, lat] },
      })
    if (rows.length < BATCH || features.length >= MOST_POINTS) break
    after = rows.at(-1)?.id ?? after
    await breath()
  }
  const index: Index = new Supercluster({ radius: RADIUS, extent: 256, maxZoom: LAST_ZOOM })
  index.load(features)
  return { index, points: features.length, madeAt, tookMs: performance.now() - began, stale: false }
}

const wanted = (tag: string | undefined) => (tag ? sql`${tag} = any (c.tags)` : sql`true`)

const listPoints = (db: Db, { access, tag }: Asked, after: string) =>
  db.many<{ id: string; lng: number; lat: number }>(sql`
    select c.id, st_x(c.at::geometry) as lng, st_y(c.at::geometry) as lat
    from customers c
    where c.org_id = ${access.viewer.orgId} and c.id > ${after}::uuid and c.at is not null
      and c.status = 'active' and ${wanted(tag)} and ${customersSeen(access)}
    order by c.id
    limit ${BATCH}`)

/** The index may be older than a change of what the viewer may see: asked again. */
const listNamed = (db: Db, { access, tag }: Asked, ids: readonly string[]) =>
  ids.length === 0
    ? []
    : db.many<Clusters['customers'][number]>(sql`
        select c.id, c.name, c.tier, st_x(c.at::geometry) as lng, st_y(c.at::geometry) as lat
        from customers c
        where c.org_id = ${access.viewer.orgId} and c.id = any (${ids}::uuid[]) and c.at is not null
          and c.status = 'active' and ${wanted(tag)} and ${customersSeen(access)}
        order by c.id`)
