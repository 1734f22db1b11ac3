/**
 * Terminology, used with the same words in SQL, server, pages and tests.
 *
 * org       tenant; every row belongs to one
 * person    member of an org; `id` is the WeCom userid
 * fix       one reported position
 * silence   a period in which the phone could not report, with its reason
 * ribbon    the duty window cut into segments: stay, move, inferred_stay, silent
 * duty      the window in which a person is at work, and in which alone positions are kept
 * state     what the live map says of a person now
 */
import { z } from 'zod'

/** The datums a position may be reported in. Storage and replies are WGS-84. */
export const Datum = z.enum(['wgs84', 'gcj02', 'bd09'])
export type Datum = z.infer<typeof Datum>

/** Why a phone could not report. */
export const SilenceReason = z.enum([
  'page_closed',
  'no_permission',
  'gps_off',
  'no_network',
  'unknown',
])
export type SilenceReason = z.infer<typeof SilenceReason>

export const Role = z.enum(['rep', 'supervisor', 'hr', 'admin'])
export type Role = z.infer<typeof Role>

/** What the live map says of a person. */
export const State = z.enum(['moving', 'at_customer', 'still', 'silent', 'off_duty'])
export type State = z.infer<typeof State>

/** A calendar day in the person's zone. */
export const IsoDate = z.iso.date()

/** Epoch milliseconds, within what both Date and PostgreSQL (from 4713 BC) hold. */
export const Millis = z.number().int().min(-2.1e14).max(8.64e15)

/** Where a page of a list by time ends: the moment of its last row and that row's key, as `pageEnd` writes it. */
export const PageEnd = z
  .string()
  .regex(/^-?\d{1,15}(\.[0-9a-f-]{1,72})?$/, 'must be the `next` of the page before')

/** HH:MM of a day. */
export const TIME_OF_DAY = /^([01]\d|2[0-3]):[0-5]\d$/

/** WeCom userid: 1–64 bytes, first a letter or digit (WeCom contacts rules). */
export const PersonId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_\-@.]{0,63}$/)
