import { z } from 'zod'
import { VisitStatus } from './plans.ts'
import { IsoDate, Millis, PersonId } from './terms.ts'

export const SalesKind = z.enum(['opportunity', 'order', 'ticket'])
export type SalesKind = z.infer<typeof SalesKind>

export const Stage = z.enum(['lead', 'contacted', 'quoted', 'won', 'lost'])
export const TicketStatus = z.enum(['open', 'working', 'solved', 'closed'])

/** Money in cents: whole numbers add up. */
const Cents = z.number().int().min(0).max(1e13)
const Title = z.string().trim().min(1).max(120)
const Note = z.string().trim().max(1000).default('')

export const OrderLine = z.object({
  item: z.string().trim().min(1).max(120),
  quantity: z.number().positive().max(1e7),
  unit: z.string().trim().max(12).default(''),
  cents: Cents, // of one
})

/** What a record says; each kind has its own. */
export const SalesContent = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('opportunity'),
    title: Title,
    stage: Stage,
    cents: Cents,
    closesOn: IsoDate.nullable().default(null),
    note: Note,
  }),
  z.object({
    kind: z.literal('order'),
    title: Title,
    lines: z.array(OrderLine).min(1).max(100),
    note: Note,
  }),
  z.object({
    kind: z.literal('ticket'),
    title: Title,
    status: TicketStatus,
    dueOn: IsoDate.nullable().default(null),
    note: Note,
  }),
])
export type SalesContent = z.infer<typeof SalesContent>

/** A record, new or changed. The same id again changes nothing; the same recordId replaces. */
export const SalesInput = z.object({
  id: z.uuid(),
  recordId: z.uuid(),
  visitId: z.uuid(), // of mine, at which somebody was
  content: SalesContent,
})
export type SalesInput = z.infer<typeof SalesInput>

export const SalesRecord = z.object({
  recordId: z.uuid(),
  personId: PersonId,
  person: z.string(),
  customerId: z.uuid(),
  customer: z.string(),
  visitId: z.uuid(),
  visitDate: IsoDate.nullable(),
  visitStatus: VisitStatus.nullable(), // as it is told now
  content: SalesContent,
  cents: z.number().nullable(), // of an opportunity, or the sum of an order
  madeAt: Millis, // first
  changedAt: Millis,
})
export type SalesRecord = z.infer<typeof SalesRecord>

export const SalesRecords = z.object({ records: z.array(SalesRecord) })
export type SalesRecords = z.infer<typeof SalesRecords>

export const SalesQuery = z.object({
  kind: SalesKind.optional(),
  customerId: z.uuid().optional(),
  personId: PersonId.optional(),
  visitId: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(2000).default(500),
})
