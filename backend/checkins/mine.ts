import { clean, followFences } from '../../geo/index.ts'
import type { Checkins } from '../contract/checkins.ts'
import type { Kit } from '../core/kit.ts'
import { loadDuty, type DutyWindow } from '../people/index.ts'
import { inferOut, type Act } from './infer.ts'
import { listTrackBetween } from './known.ts'
import { listNamed, type NamedCheckin } from './list.ts'
import { customerSite } from './sites.ts'

const DAY_MS = 86_400_000

/** Somebody's check-ins of these work dates, newest first, with the check-outs that nobody pressed. */
export async function checkinsOf(
  kit: Kit,
  who: { orgId: string; personId: string },
  range: { from: string; to: string },
): Promise<Checkins['checkins']> {
  const rows = await listNamed(kit.db, who, range)
  const acts = rows.map(actOf)
  const span = { from: Date.parse(range.from) - DAY_MS, to: Date.parse(range.to) + 2 * DAY_MS }
  const duty = (await loadDuty(kit.db, who.orgId, [who.personId], span)).get(who.personId) ?? []
  const now = kit.clock.now()
  const all: Checkins['checkins'] = []
  for (const row of rows) {
    const dutyTo = duty.find(({ from, to }) => row.at >= from && row.at < to)?.to ?? null
    const isOpen = row.kind === 'in' && inferOut(row.id, acts, { leftAt: now, dutyTo: null }, now)
    const leftAt = isOpen ? await leftAtOf(kit, who, row, dutyTo ?? row.at + DAY_MS / 2) : null
    all.push({ ...row, inferredOut: inferOut(row.id, acts, { leftAt, dutyTo }, now) })
  }
  return all
}

const actOf = ({ id, kind, at, standing, ...row }: NamedCheckin): Act => ({
  ...{ id, kind, at, refused: standing === 'refused' },
  place: row.customerId ?? row.workplaceId ?? row.place ?? '',
})

/** When the track left the customer, from the first fix after the arrival on. */
async function leftAtOf(
  { db }: Kit,
  { orgId, personId }: { orgId: string; personId: string },
  { customerId, at }: NamedCheckin,
  to: DutyWindow['to'],
): Promise<number | null> {
  const site = customerId ? await customerSite(db, orgId, customerId) : null
  if (!site?.at) return null
  const track = await listTrackBetween(db, { orgId, personId }, { from: at, to })
  const used = clean(track).flatMap((each) => (each.used ? [each.fix] : []))
  const { events } = followFences(used, [{ id: site.id, ...site.at, radius: site.radius }])
  return events.find(({ kind }) => kind === 'leave')?.at ?? null
}
