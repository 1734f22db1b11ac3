/** Closing a month: lock, grace, reopening, what people say of theirs, and what changed all the same. */
export { graceGranted, insertDifferences, loadStanding, loadStandings, lockedMonths, type NewDifference } from './queries.ts' // prettier-ignore
export { standingOf, type Standing } from './state.ts'
