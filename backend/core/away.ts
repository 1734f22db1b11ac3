/** Node's words for an address where nobody answers; a Unix socket that is gone is ENOENT. */
const NOBODY_THERE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
])

/**
 * PostgreSQL's codes (appendix A of its manual) for a database that can not work now and may soon: connection
 * exceptions, shutting down or starting, no connection left, no disk left, and a standby that takes no writes yet.
 */
const NOT_NOW = /^(08...|57P0[1-3]|53[1-3]00|25006)$/

/** What `pg` says without a code when the other end goes, or when no connection came free in time. */
const IN_WORDS =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered)/

/** Whether an error means that the database is away for now, and not that something is wrong with what was asked. */
export function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return (
    NOT_NOW.test(code) ||
    IN_WORDS.test(error.message) ||
    (NOBODY_THERE.has(code) && !('path' in error)) || // not a file that is missing
    ('syscall' in error && error.syscall === 'connect')
  )
}
