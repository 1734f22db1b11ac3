import { sql } from './core/sql.ts'
import type { PersonalTable } from './privacy/index.ts'

const now = (name: string, at: string, more: Partial<PersonalTable> = {}): PersonalTable => ({
  ...{ name, at, erase: 'now' },
  ...more,
})
const proof = (name: string, at: string, more: Partial<PersonalTable> = {}): PersonalTable => ({
  ...{ name, at, erase: 'proof' },
  ...more,
})

/** A check-in that others follow in the chain: its link stays, without what it said. */
const UNSAID = sql`
  sent_at = null, clock = '{"offsetMs":0,"movedMs":0,"ageMs":null,"notBefore":null}', customer_id = null,
  workplace_id = null, place = null, lng = null, lat = null, raw_lng = null, raw_lat = null, datum = null,
  accuracy = null, fix_at = null, mock = null, source = null, found = null, metres = null, note = null, form = null,
  photos = '[]', device = null, wifi = null,
  evidence = jsonb_build_object('score', evidence -> 'score', 'signals', '[]'::jsonb), erased_at = now()`

/** A day past its time keeps what was added up of it, and when: no place, no line, no word. It is locked then. */
const WITHOUT_PLACES = {
  where: sql`reduced_at is null`,
  set: (now: number) => sql`
    reduced_at = to_timestamp(${now}::float8 / 1000), base = null,
    locked_at = coalesce(locked_at, to_timestamp(${now}::float8 / 1000)),
    day = day - 'edits' || jsonb_build_object('segments', (
      select coalesce(jsonb_agg(piece - '{place,line,edits,disputed}'::text[] order by n), '[]')
      from jsonb_array_elements(day -> 'segments') with ordinality as pieces (piece, n)))`,
}

/**
 * The data map: every table with something of a person, and what erasure does with it (a test holds it against the
 * database). Where somebody was goes at once; what proves work and wages stays as long as they must be proven.
 * Rows that hang on others stand before them.
 */
export const PERSONAL: readonly PersonalTable[] = [
  { name: 'people', key: 'id', at: 'changed_at', erase: 'last', rewrite: {
    set: sql`name = '***', position = null, user_id = null, circles = '{}', leads = '{}'`,
    where: sql`name <> '***'`,
  } }, // prettier-ignore
  now('sessions', 'created_at', { hide: ['token_hash'], keep: 'sessions', from: 'expires_at' }),
  now('duty_windows', 'from_at'),
  proof('consents', 'at'),
  proof('access_log', 'at', { keep: 'looks' }),
  { name: 'erasures', at: 'at', erase: 'kept' },
  now('jobs', 'created_at', { hide: ['owner'], files: ['file_sha256'] }),
  now('fixes', 'at'),
  now('silences', 'from_at', { keep: 'days' }),
  now('last_positions', 'at', { keep: 'positions' }),
  now('day_changes', 'changed_at'),
  now('track_days', 'date', { keep: 'days', reduce: WITHOUT_PLACES }),
  now('day_edits', 'made_at', { keep: 'days' }),
  now('intentions', 'date', { keep: 'days' }),
  proof('checkin_answers', 'at'),
  proof('checkin_scores', 'at'),
  proof('checkin_reviews', 'at'),
  now('review_calls', 'told_at', { keep: 'alerts' }),
  proof('checkins', 'received_at', {
    rewrite: { set: UNSAID, where: sql`erased_at is null` },
  }),
  proof('photos', 'received_at', { files: ['kept', 'thumb'], keep: 'photos' }),
  now('devices', 'last_at'),
  now('plans', 'date'),
  now('handovers', 'made_at'),
  proof('visit_entries', 'made_at'),
  now('next_steps', 'made_at'),
  proof('visit_days', 'date'),
  proof('visits', 'date'),
  now('report_looks', 'at'),
  now('report_shares', 'made_at', { hide: ['token_hash'] }),
  now('visit_shares', 'made_at', { hide: ['token_hash'] }),
  proof('sales_entries', 'made_at'),
  proof('request_events', 'at'),
  proof('request_states', 'changed_at'),
  proof('request_tasks', 'opened_at'),
  proof('requests', 'filed_at'),
  now('delegations', 'made_at'),
  proof('leave_grants', 'made_at'),
  proof('employment_changes', 'made_at'),
  now('attendance_tags', 'from_on'),
  proof('rosters', 'date'),
  proof('punches', 'at'),
  proof('attendance_days', 'date'),
  now('attendance_changes', 'date'),
  proof('month_confirmations', 'at'),
  proof('day_differences', 'at'),
  proof('payslips', 'month'),
  now('alerts', 'raised_at', { keep: 'alerts' }),
  now('sos_calls', 'at', { keep: 'alerts' }),
  now('alert_deliveries', 'made_at'),
  now('alert_digests', 'changed_at'),
  now('alert_digest_items', 'due_at'),
  now('live_questions', 'changed_at', { keep: 'alerts' }),
  now('announcement_receipts', 'made_at'),
  now('birthdays', 'changed_at'),
  now('wecom_messages', 'created_at'),
  now('wecom_cards', 'created_at', { hide: ['response_code'] }),
  proof('wecom_punches', 'created_at'),
]
