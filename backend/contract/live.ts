/** Socket.IO namespace `/live`: facts down, requests up. Both ends compile against these maps. */
import { z } from 'zod'
import type { Alert } from './alerts.ts'
import type { Person } from './people.ts'
import type { State } from './terms.ts'

export const Watch = z.object({
  departmentId: z.string().max(64).optional(), // none: all whom I may see
  bbox: z.tuple([z.number(), z.number(), z.number(), z.number()]).optional(), // west, south, east, north
  since: z.number().int().optional(), // the last seq I have of this same wish: replay from there if that is possible
})
export type Watch = z.infer<typeof Watch>

export interface Move {
  personId: string
  lng: number
  lat: number
  at: number // time of the fix, epoch ms
  accuracy: number | null
  heading: number | null
  state: State
  since: number | null
  customerId: string | null
  customer: string | null
}

export type WatchReply =
  | { seq: number; now: number; people: Person[] } // a snapshot
  | { seq: number; now: number; replayed: number } // what was missed came as `moved` before this answer
  | { error: string }

export interface LiveFacts {
  /** At most once a second; of several moves of one person only the newest; older `at` never overwrites. */
  moved: (facts: { seq: number; moves: Move[] }) => void
  /** An alert of somebody I may see was raised, taken on, escalated, or is over: as it is now. */
  raised: (facts: { alert: Alert }) => void
}

export interface LiveRequests {
  watch: (request: Watch, answer: (reply: WatchReply) => void) => void
}
