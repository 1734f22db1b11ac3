import { v4 as uuid } from 'uuid'
import type { Db } from '../../backend/core/db.ts'
import type { Kit } from '../../backend/core/kit.ts'
import { sql } from '../../backend/core/sql.ts'
import { createFixes } from '../../backend/fixes/index.ts'
import { loadDuty } from '../../backend/people/index.ts'
import { loadConsent } from '../../backend/privacy/index.ts'
import { createTracks } from '../../backend/tracks/index.ts'
import { DUTY, ORG, type Report } from './company.ts'

export const SHOP = { lng: 114.06, lat: 22.55 }

/** Half an hour at the shop, half an hour's walk to the east, half an hour there; a fix each 30 s. */
export function story(from = DUTY.from): Report[] {
  const fixes: Report[] = []
  for (let i = 0; i < 180; i++) {
    const walked = Math.min(60, Math.max(0, i - 60))
    const jitter = ((i * 7) % 5) * 0.00001
    fixes.push({
      id: uuid(),
      at: from + i * 30_000,
      lng: SHOP.lng + walked * 0.0004 + jitter,
      lat: SHOP.lat - jitter + Math.sin((walked / 60) * Math.PI) * 0.001, // a bow of 111 m
      accuracy: 15,
    })
  }
  return fixes
}

/** The feature over the real way in. */
export const tracksOf = (kit: Kit) =>
  createTracks(
    kit,
    createFixes(kit, { duty: loadDuty, consent: loadConsent, identify: async () => null }),
  )

/**
 * Nothing is known of anybody's days, or of one person's, any more. Their versions go on counting: a rebuild that
 * is still under way must not be taken for one of what comes next.
 */
export async function forgetDays(db: Db, personId?: string): Promise<void> {
  const whose = personId === undefined ? sql`true` : sql`person_id = ${personId}`
  for (const table of [sql`fixes`, sql`day_edits`])
    await db.run(sql`delete from ${table} where org_id = ${ORG} and ${whose}`)
  await db.run(sql`update day_changes set version = version + 1 where org_id = ${ORG} and ${whose}`)
  await db.run(sql`delete from track_days where org_id = ${ORG} and ${whose}`)
}
