import type { Nearby } from '../../backend/contract/customers.ts'
import type { Desk } from '../../backend/contract/reviews.ts'
import type { Report } from '../report/engine.ts'
import type { Said } from './dock.ts'

/** What the big button does: it says so, and where I am. */
export interface Act {
  kind: 'in' | 'out' | 'punch'
  to: string
  title: Said
  hint: Said
}

const NEAR = 500 // metres: a customer so near is what one probably came for

/**
 * The likeliest act: to leave where one has arrived, to arrive at a customer that is here or near, or
 * else to punch. Null while consent is missing: that is asked first.
 */
export function actOf(state: {
  consent: boolean
  report: Report | null
  customer: Nearby['customers'][number] | null
  open: Desk['open']
}): Act | null {
  const { report, customer, open } = state
  if (!state.consent) return null
  const hint = hintOf(report, customer)
  if (open !== null) return act('out', open.customerId ?? open.workplaceId, { hint, place: open.place }) // prettier-ignore
  const isNear = customer !== null && (customer.where !== 'outside' || customer.metres < NEAR)
  if (isNear && report?.last) return act('in', customer.id, { hint, place: customer.name })
  return act('punch', null, { hint, place: null })
}

function hintOf(report: Report | null, customer: Nearby['customers'][number] | null): Said {
  if (report?.phase === 'off_duty') return { key: 'today.restingPunch' }
  if (report?.trouble) return { key: `today.trouble.${report.trouble}` }
  if (!report?.last) return { key: 'today.searching' }
  const accuracy = Math.round(report.last.accuracy ?? 40)
  if (customer === null) return { key: 'today.accuracy', named: { accuracy } }
  const where = customer.where ?? 'outside'
  return { key: `today.found.${where}`, named: { accuracy, metres: Math.round(customer.metres) } }
}

function act(
  kind: Act['kind'],
  id: string | null,
  { hint, place }: { hint: Said; place: string | null },
): Act {
  const to = `/checkin?kind=${kind}${id === null ? '' : `&place=${id}`}`
  const title = place
    ? { key: `today.actAt.${kind}`, named: { place } }
    : { key: `today.act.${kind}` }
  return { kind, to, title, hint }
}
