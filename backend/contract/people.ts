import { z } from 'zod'
import { Millis, PersonId, Role, SilenceReason, State } from './terms.ts'

/** Somebody's newest position. */
export const LastPosition = z.object({
  lng: z.number(),
  lat: z.number(),
  at: Millis, // time of the fix, not of its arrival
  accuracy: z.number().nullable(),
  heading: z.number().nullable(),
  battery: z.number().nullable(),
  network: z.string().nullable(),
})

export const Person = z.object({
  id: PersonId,
  name: z.string(),
  departmentId: z.string(),
  department: z.string(),
  position: z.string().nullable(), // job title
  state: State,
  since: Millis.nullable(), // when the present state began, where known
  reason: SilenceReason.nullable(), // of a silence
  customerId: z.string().nullable(),
  customer: z.string().nullable(), // name of the customer he is at
  last: LastPosition.nullable(), // null when off duty: an off-duty person is never on the map
  dutyFrom: Millis.nullable(),
  dutyTo: Millis.nullable(),
})
export type Person = z.infer<typeof Person>

export const People = z.object({ now: Millis, people: z.array(Person) })
export type People = z.infer<typeof People>

export const Department = z.object({
  id: z.string(),
  parentId: z.string().nullable(),
  name: z.string(),
})
export const Departments = z.object({ departments: z.array(Department) })
export type Department = z.infer<typeof Department>

/** Who is signed in, and what the pages need to know before anything else. */
export const Me = z.object({
  id: PersonId,
  name: z.string(),
  role: Role,
  department: z.string(),
  orgName: z.string(),
  zone: z.string(),
  consent: z.object({
    version: z.string(),
    givenAt: Millis.nullable(),
    text: z.string(),
    current: z.boolean(),
  }),
  duty: z.array(z.object({ date: z.string(), from: Millis, to: Millis })), // yesterday's to tomorrow's windows
  now: Millis, // server clock
  map: z.object({
    tiles: z.string().nullable(),
    datum: z.enum(['wgs84', 'gcj02', 'bd09']),
    attribution: z.string(),
  }),
  wecom: z.object({ corpId: z.string(), agentId: z.string() }),
})
export type Me = z.infer<typeof Me>
