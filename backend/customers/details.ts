import type { Change, CustomerDetails, Proposal } from '../contract/customers.ts'
import type { Db } from '../core/db.ts'
import { found } from '../core/errors.ts'
import { sql } from '../core/sql.ts'
import { customersChanged, customersSeen, disposes, type Access } from './access.ts'
import { rowColumns } from './list.ts'
import { listProposals } from './places.ts'

type Stored = Omit<CustomerDetails, 'proposals' | 'may' | 'metres'> & { editable: boolean }

const findStored = (db: Db, access: Access, id: string, now: number) =>
  db.first<Stored>(sql`
    select ${rowColumns(access, now)}, c.contacts, c.custom, c.note, c.source, c.created_at as "createdAt",
      c.changed_at as "changedAt", c.version, p.name as owner, d.name as department,
      ${customersChanged(access)} as editable
    from customers c
      left join people p on p.org_id = ${access.viewer.orgId} and p.id = c.owner_id
      left join departments d on d.org_id = ${access.viewer.orgId} and d.id = c.department_id
    where c.org_id = ${access.viewer.orgId} and c.id = ${id}::uuid and ${customersSeen(access)}`)

/** One customer with what the viewer may do. Throws Fault `not_found`, also when he may not see it. */
export async function readCustomer(
  db: Db,
  access: Access,
  id: string,
  now: number,
): Promise<CustomerDetails> {
  const { editable, ...stored } = found(await findStored(db, access, id, now), 'this customer')
  const proposals: Proposal[] = await listProposals(db, access, id)
  const { viewer, settings } = access
  const claims = viewer.role === 'rep' && settings.repsMayClaim && stored.status === 'active'
  return {
    ...stored,
    metres: null,
    proposals,
    may: {
      edit: editable,
      claim: claims && stored.ownerId === null,
      release: claims && stored.ownerId === viewer.id,
      place: (editable && disposes(viewer)) || stored.lng === null,
    },
  }
}

/** What happened to a customer, newest first. */
export const listHistory = (db: Db, orgId: string, customerId: string) =>
  db.many<Change>(sql`
    select h.id, h.at, coalesce(p.name, h.changed_by) as by, h.kind, h.changes
    from customer_history h
      left join people p on p.org_id = ${orgId} and p.id = h.changed_by
    where h.org_id = ${orgId} and h.customer_id = ${customerId}::uuid
    order by h.at desc, h.id desc
    limit 200`)
