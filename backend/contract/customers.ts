import { z } from 'zod'
import { Datum, Millis, PersonId, State } from './terms.ts'
import { Text } from './texts.ts'
import { PositionIn } from './workplaces.ts'

export const Tier = z.enum(['A', 'B', 'C'])

/** A customer on a map: one whose position is known. */
export const Customer = z.object({
  id: z.string(),
  name: z.string(),
  address: z.string().nullable(),
  tier: Tier.nullable(),
  lng: z.number(),
  lat: z.number(),
  radius: z.number(), // metres
})
export type Customer = z.infer<typeof Customer>

/** Who stands for a position: it came with the customer, from who was there first, or from a correction. */
export const PlacedBy = z.enum(['imported', 'first_visit', 'corrected'])

/** A customer in a list. */
export const CustomerRow = Customer.extend({
  lng: z.number().nullable(), // null until the first visit sets it
  lat: z.number().nullable(),
  placedBy: PlacedBy.nullable(),
  code: z.string().nullable(),
  phone: z.string().nullable(),
  tags: z.array(z.string()),
  status: z.enum(['active', 'archived']),
  ownerId: z.string().nullable(), // null: in the shared pool
  owner: z.string().nullable(),
  departmentId: z.string().nullable(),
  lastVisitedAt: Millis.nullable(),
  overdueDays: z.number().nullable(), // days past the interval of its tier; null: not overdue
  metres: z.number().nullable(), // from the position that was asked about
})
export type CustomerRow = z.infer<typeof CustomerRow>

/** `more`: there are further rows behind these; `next` is the `after` of their page. */
export const Customers = z.object({
  customers: z.array(CustomerRow),
  more: z.boolean(),
  next: z.string().nullable(),
})

export const Contact = z.object({
  name: Text(60),
  title: Text(60).nullable().default(null),
  phone: Text(40).nullable().default(null),
})
export type Contact = z.infer<typeof Contact>

/** Values of the company's own fields by their keys: a text, a number, a choice, a date `YYYY-MM-DD`. */
export const CustomValues = z.record(
  z.string().max(40),
  z.union([z.string().max(500), z.number(), z.null()]),
)
export type CustomValues = z.infer<typeof CustomValues>

export const ChangeKind = z.enum([
  'created',
  'changed',
  'imported',
  'claimed',
  'released',
  'transferred',
  'returned',
  'archived',
  'restored',
  'placed',
])

/** A line of a customer's history; `changes` by field: before and after. */
export const Change = z.object({
  id: z.uuid(),
  at: Millis,
  by: z.string().nullable(), // name; null: the program
  kind: ChangeKind,
  changes: z.record(z.string(), z.tuple([z.unknown(), z.unknown()])),
})
export type Change = z.infer<typeof Change>
export const History = z.object({ changes: z.array(Change) })

export const Proposal = z.object({
  id: z.uuid(),
  customerId: z.uuid(),
  customer: z.string(),
  lng: z.number(), // WGS-84
  lat: z.number(),
  metres: z.number().nullable(), // from where the customer is now
  accuracy: z.number().nullable(),
  note: z.string().nullable(),
  by: z.string(), // name
  at: Millis,
})
export type Proposal = z.infer<typeof Proposal>
export const Proposals = z.object({ proposals: z.array(Proposal) })
export const ProposalDecision = z.object({ reason: Text(200).nullable().default(null) })

/** What one customer's page shows, and what the viewer may do there. */
export const CustomerDetails = CustomerRow.extend({
  contacts: z.array(Contact),
  custom: CustomValues,
  note: z.string().nullable(),
  source: z.enum(['import', 'manual']),
  department: z.string().nullable(),
  createdAt: Millis,
  changedAt: Millis,
  version: z.number(), // goes back with a change
  proposals: z.array(Proposal), // open ones
  may: z.object({
    edit: z.boolean(),
    claim: z.boolean(),
    release: z.boolean(),
    place: z.boolean(), // set the position; else propose it
  }),
})
export type CustomerDetails = z.infer<typeof CustomerDetails>

/** A position given for a customer. `here`: taken on the spot, not from a map. */
export const PlaceInput = PositionIn.extend({
  accuracy: z.number().min(0).max(100_000).optional(), // metres
  here: z.boolean().default(false),
  note: Text(200).nullable().default(null),
})
export type PlaceInput = z.infer<typeof PlaceInput>
export const Placed = z.object({ outcome: z.enum(['placed', 'proposed']) })

export const CustomerFields = z.object({
  name: Text(100),
  address: Text(200).nullable().default(null),
  code: Text(60).nullable().default(null),
  phone: Text(40).nullable().default(null),
  tier: Tier.nullable().default(null),
  tags: z.array(Text(30)).max(30).default([]),
  contacts: z.array(Contact).max(20).default([]),
  custom: CustomValues.default({}),
  note: Text(2000).nullable().default(null),
  radius: z.number().min(10).max(5000).default(100), // metres
})
export type CustomerFields = z.infer<typeof CustomerFields>

export const CustomerNew = CustomerFields.extend({
  id: z.uuid().optional(), // made by the phone: the same again changes nothing
  position: PlaceInput.nullable().default(null),
  ownerId: PersonId.nullable().optional(), // null: into the pool; left out: oneself, of a rep
})
export type CustomerNew = z.infer<typeof CustomerNew>

export const CustomerChange = CustomerFields.extend({ version: z.number().int() })

/** Customers that may be the same: alike in name (0–1) and near, or the very same name. */
export const Duplicates = z.object({
  duplicates: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      address: z.string().nullable(),
      owner: z.string().nullable(),
      alike: z.number(),
      metres: z.number().nullable(),
    }),
  ),
})
export type Duplicates = z.infer<typeof Duplicates>

/** A box in degrees WGS-84, as text in a query: west,south,east,north. */
export const BoxText = z
  .string()
  .transform((text) => text.split(',').map(Number))
  .pipe(
    z.tuple([
      z.number().min(-180).max(180),
      z.number().min(-90).max(90),
      z.number().min(-180).max(180),
      z.number().min(-90).max(90),
    ]),
  )
  .refine(([west, south, east, north]) => west < east && south < north, 'west,south,east,north')

const Lng = z.coerce.number().min(-180).max(180)
const Lat = z.coerce.number().min(-90).max(90)

/** Which customers: all of these conditions, over those that the viewer may see. */
export const CustomersFilter = z.object({
  q: z.string().max(100).optional(), // in name, address, code or phone
  owner: z.union([z.enum(['me', 'pool']), PersonId]).optional(),
  tier: Tier.optional(),
  tag: z.string().max(30).optional(),
  status: z.enum(['active', 'archived']).default('active'),
  overdue: z.stringbool().optional(), // true: only those
  placed: z.stringbool().optional(), // false: those without a position
  bbox: BoxText.optional(),
})
export type CustomersFilter = z.infer<typeof CustomersFilter>

export const CustomersQuery = CustomersFilter.extend({
  sort: z.enum(['name', 'near', 'overdue']).default('name'), // near: of lng and lat
  lng: Lng.optional(),
  lat: Lat.optional(),
  datum: Datum.default('wgs84'),
  after: z.string().max(2000).optional(), // `next` of the page before
  limit: z.coerce.number().int().min(1).max(2000).default(100),
}).refine(({ sort, lng, lat }) => sort !== 'near' || (lng !== undefined && lat !== undefined), {
  path: ['sort'],
  message: 'near needs lng and lat',
})
export type CustomersQuery = z.infer<typeof CustomersQuery>

export const NearbyQuery = z.object({
  lng: Lng,
  lat: Lat,
  datum: Datum.default('wgs84'),
  accuracy: z.coerce.number().min(0).max(100_000).optional(),
  radius: z.coerce.number().min(1).max(100_000).default(2000),
  limit: z.coerce.number().int().min(1).max(100).default(20),
})
export const Nearby = z.object({
  customers: z.array(
    Customer.extend({
      metres: z.number(),
      tags: z.array(z.string()).default([]),
      where: z.enum(['inside', 'outside', 'cannot_tell']).optional(),
    }),
  ),
})
export type Nearby = z.infer<typeof Nearby>

export const PeopleNearQuery = z.object({
  radius: z.coerce.number().min(1).max(100_000).default(2000), // metres
})

/** Who is near a customer now, nearest first. */
export const PeopleNear = z.object({
  now: Millis,
  people: z.array(
    z.object({ id: z.string(), name: z.string(), metres: z.number(), at: Millis, state: State }),
  ),
})
export type PeopleNear = z.infer<typeof PeopleNear>

/** Somebody's customers, or some of them, handed on together. null: the pool. */
export const TransferInput = z.object({
  from: PersonId.nullable(),
  to: PersonId.nullable(),
  customerIds: z.array(z.uuid()).min(1).max(5000).optional(), // left out: all of them
  dryRun: z.boolean().default(false), // tell, change nothing
})
export type TransferInput = z.infer<typeof TransferInput>
export const Transfer = z.object({
  id: z.uuid().nullable(), // null of a dry run
  customers: z.number(),
  sample: z.array(z.object({ id: z.string(), name: z.string() })), // the first few
})
export const Transfers = z.object({
  transfers: z.array(
    z.object({
      id: z.uuid(),
      from: z.string().nullable(),
      to: z.string().nullable(),
      customers: z.number(),
      by: z.string(),
      at: Millis,
      undoneAt: Millis.nullable(),
    }),
  ),
})
