import { v4 as uuid } from 'uuid'
import { createSales } from '../../backend/sales/index.ts'
import { createVisits } from '../../backend/visits/index.ts'
import type { Claim } from '../../backend/visits/match.ts'
import { sql } from '../../backend/core/sql.ts'
import { addCustomer, DATE, MINUTE, NOW, openCompany, ORG } from './company.ts'

export const at = (hour: number, minute = 0) =>
  Date.parse(`${DATE}T00:00:00+08:00`) + (hour * 60 + minute) * MINUTE

/** The small company with visits, its check-ins in the test's hand. */
export async function openVisits() {
  const claims: (Claim & { personId: string; date: string })[] = []
  const door: { visits?: ReturnType<typeof createVisits> } = {}
  const company = await openCompany((kit) => {
    const visits = createVisits(kit, ORG, (_db, days) =>
      Promise.resolve(
        claims.filter(
          (each) =>
            days.personIds.includes(each.personId) &&
            days.from <= each.date &&
            each.date <= days.to,
        ),
      ),
    )
    door.visits = visits
    return [visits, createSales(kit, visits)]
  })
  const customers = {
    shop: await addCustomer(company.db, { lng: 114.05, lat: 22.54, name: '近店' }),
    mall: await addCustomer(company.db, { lng: 114.06, lat: 22.54, name: '商场' }),
    far: await addCustomer(company.db, { lng: 114.1, lat: 22.6, name: '远店' }),
  }
  return {
    ...company,
    customers,
    door,
    claim(personId: string, customerId: string, from: number, to = from) {
      const id = uuid()
      claims.push({ id, personId, date: DATE, customerId, from, to })
      return id
    },
    /** A stored day with stays, as tracks leaves it behind. */
    stay: (personId: string, stays: readonly { customerId: string; from: number; to: number }[]) =>
      company.db.run(sql`
        insert into track_days (org_id, person_id, date, version, algorithm_version, derived_at, final, day)
        values (${ORG}, ${personId}, ${DATE}::date, 1, 'test', to_timestamp(${NOW}::float8 / 1000), false,
          ${JSON.stringify({ duty: [], segments: [], visits: stays.map((each) => ({ ...each, name: '' })) })}::jsonb)
        on conflict (org_id, person_id, date) do update set day = excluded.day`),
  }
}

export type VisitsCompany = Awaited<ReturnType<typeof openVisits>>

export const stop = (customerId: string, more: object = {}) => ({ id: uuid(), customerId, ...more })
