import { z } from 'zod'
import { Millis } from './terms.ts'

/** What a sync with the company's directory may change. */
export const ChangeKind = z.enum([
  'department_gone',
  'person_left',
  'department_new',
  'department_back',
  'department_renamed',
  'department_moved',
  'department_sorted',
  'person_new',
  'person_back',
  'person_linked', // known here before, now found in the directory
  'person_userid',
  'person_renamed',
  'person_moved', // main department
  'person_departments', // further departments
  'person_position',
  'person_leads', // departments he leads
  'person_leaders', // his direct leaders
  'person_role', // rep or supervisor, as leadership says; HR and admins are ours
])
export type ChangeKind = z.infer<typeof ChangeKind>

/** One change in words of the company: names, not ids, before and after. */
export const ContactChange = z.object({
  kind: ChangeKind,
  id: z.string(),
  name: z.string(),
  from: z.array(z.string()),
  to: z.array(z.string()),
})
export type ContactChange = z.infer<typeof ContactChange>

export const HoldReason = z.enum(['many_leave', 'department_lost'])
export type HoldReason = z.infer<typeof HoldReason>

/** A difference between directory and company, counted; losses stand first in `changes`. */
export const ContactSummary = z.object({
  counts: z.partialRecord(ChangeKind, z.number().int()),
  changes: z.array(ContactChange), // at most SHOWN_CHANGES
  more: z.number().int(), // not listed
  people: z.number().int(), // active before
  holds: z.array(HoldReason),
})
export type ContactSummary = z.infer<typeof ContactSummary>
export const SHOWN_CHANGES = 300

export const SyncCause = z.enum(['schedule', 'admin', 'events', 'approval'])
export type SyncCause = z.infer<typeof SyncCause>

export const SyncState = z.enum([
  'running',
  'applied',
  'held', // waits for an admin
  'approved',
  'refused',
  'replaced', // held, but a later sync was made
  'failed',
])
export type SyncState = z.infer<typeof SyncState>

/** Why a sync failed; `errcode` is WeCom's, where it answered. */
export const SyncError = z.object({
  reason: z.enum(['unreachable', 'throttled', 'settings', 'refused', 'internal']),
  errcode: z.number().int().nullable(),
})
export type SyncError = z.infer<typeof SyncError>

export const ContactSync = z.object({
  id: z.uuid(),
  cause: SyncCause,
  state: SyncState,
  startedAt: Millis,
  finishedAt: Millis.nullable(),
  waitsUntil: Millis.nullable(), // WeCom limits how often we may ask
  departmentsRead: z.number().int(),
  departmentsTotal: z.number().int().nullable(),
  membersRead: z.number().int(),
  summary: ContactSummary.nullable(),
  error: SyncError.nullable(),
  requestedBy: z.string().nullable(), // name
  decidedBy: z.string().nullable(), // name
  decidedAt: Millis.nullable(),
})
export type ContactSync = z.infer<typeof ContactSync>

/** How the company stands to its directory. */
export const Contacts = z.object({
  now: Millis,
  people: z.number().int(), // active
  departments: z.number().int(),
  running: ContactSync.nullable(),
  pending: ContactSync.nullable(), // waits for an admin
  last: ContactSync.nullable(), // finished last, not counting what waits
  nextAt: Millis, // of the sync that comes by itself
})
export type Contacts = z.infer<typeof Contacts>

/** Which waiting difference is decided. */
export const SyncDecision = z.object({ id: z.uuid() })
