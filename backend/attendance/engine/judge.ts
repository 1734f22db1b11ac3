import type { DueResult, FixedShift, Result } from '../../contract/attendance.ts'
import type { Dues } from './due.ts'
import type { Proof } from './punches.ts'

/** What is known of a section besides its proof. */
export interface Judging {
  readonly shift: FixedShift
  readonly dues: Dues
  readonly place: number // of the section, from 1
  readonly closesAt: number // from then on a missing punch is missing
  readonly now: number
  readonly graceLateMin: number // the shift's, or what yesterday's late evening allows
}

/** The results of a section's dues; `out` is null where nobody punches out. */
export function judged(proof: Proof, judging: Judging) {
  const inward = inResult(proof, judging)
  const { place, dues, closesAt, shift } = judging
  const part = (way: 'in' | 'out', result: Result, lateMin: number): DueResult => ({
    due: `${way}${place}`,
    at: dues[way],
    result,
    punch: proof[way],
    corrected: proof.corrected[way],
    lateMin,
    closesAt,
  })
  const late = proof.in === null ? 0 : Math.max(0, proof.in - dues.in)
  const early = proof.out === null ? 0 : Math.max(0, dues.out - proof.out)
  return {
    in: part('in', inward, late),
    out: shift.noOut ? null : part('out', outResult(proof, judging), early),
  }
}

function inResult(proof: Proof, { dues, shift, graceLateMin, ...judging }: Judging): Result {
  if (dues.excused) return 'excused'
  if (proof.in === null) return lacking(proof.out === null, judging)
  const late = proof.in - dues.in
  if (late <= graceLateMin) return 'normal'
  if (shift.absentLateMin !== null && late >= shift.absentLateMin) return 'absent'
  if (shift.seriousLateMin !== null && late >= shift.seriousLateMin) return 'serious_late'
  return 'late'
}

function outResult(proof: Proof, { dues, shift, ...judging }: Judging): Result {
  if (dues.excused) return 'excused'
  if (proof.out === null) return lacking(proof.in === null, judging)
  return proof.out >= dues.out - shift.graceEarlyMin ? 'normal' : 'early'
}

/** Of a punch that is not there; `absent` when its fellow is not there either. */
const lacking = (both: boolean, { now, closesAt }: Pick<Judging, 'now' | 'closesAt'>): Result => {
  if (now < closesAt) return 'pending'
  return both ? 'absent' : 'missing'
}
