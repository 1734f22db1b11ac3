/**
 * Every code that leaves the server, with its HTTP status. The code is the interface; h5 words it
 * in the reader's language, the server's own message is English and names field and rule.
 */
export const STATUS_OF = {
  bad_input: 422,
  bad_json: 422,
  not_signed_in: 401,
  not_allowed: 403,
  not_found: 404,
  conflict: 409,
  day_locked: 409, // kept for good: see `Day.locked`
  month_locked: 409, // attendance of that month is settled
  overlaps: 409, // another request has that time; `details` names it
  over_quota: 409, // no more corrections in that month
  not_enough: 409, // of a leave's balance
  settled: 409, // nothing is left to decide
  no_approver: 409, // nobody in the company may decide it
  in_future: 422, // a time that has not come yet
  off_duty: 422, // a time outside of the day's duty
  too_old: 422, // a time so long ago that nothing is taken any more
  no_consent: 422, // the person has not agreed to be located
  too_large: 413,
  too_many_requests: 429,
  wecom_failed: 502,
  not_ready: 503,
  internal: 500,
} as const

export type ErrorCode = keyof typeof STATUS_OF
