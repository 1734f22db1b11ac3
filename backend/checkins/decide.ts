import type { CheckinKind, Decision, Policy, Whereabouts } from '../contract/checkins.ts'

/** What a decision is made from. */
export interface Circumstances {
  readonly kind: CheckinKind
  readonly where: Whereabouts | null
  readonly policy: Policy
  readonly hasNote: boolean
  readonly hasPhoto: boolean
  readonly canAsk: boolean // somebody is there to be asked for more
  readonly isComplete: boolean // no required question of the form is open
}

export type Verdict = { readonly decision: Decision } | { readonly missing: 'note' | 'photo' }

/** A position so good that another one will hardly be better. */
const GOOD_METRES = 30

/**
 * What becomes of a check-in. Not being able to tell never rejects and never demands: it asks. What
 * was captured without a network is taken as it is, because nobody can be asked for more.
 */
export function decide(asked: Circumstances): Verdict {
  const { where, policy, hasPhoto, canAsk } = asked
  const needsPhoto = policy.photo === 'required' && asked.kind !== 'punch' && !hasPhoto
  if (needsPhoto && canAsk) return { missing: 'photo' }
  if (where === 'outside') return outside(asked)
  const isProven = hasPhoto || where !== 'cannot_tell'
  return { decision: isProven && !needsPhoto && asked.isComplete ? 'accepted' : 'flagged' }
}

function outside({ policy, hasNote, canAsk }: Circumstances): Verdict {
  if (policy.outside === 'reject') return { decision: 'rejected' }
  if (policy.note === 'required' && !hasNote && canAsk) return { missing: 'note' }
  return { decision: policy.outside === 'outing' ? 'outing' : 'flagged' }
}

/** What would make a check-in surer: another fix while it may be better, then a photo. */
export function askFor(
  where: Whereabouts | null,
  accuracy: number | null,
  hasPhoto: boolean,
): 'fix' | 'photo' | null {
  if (where !== 'cannot_tell' || hasPhoto) return null
  return accuracy !== null && accuracy <= GOOD_METRES ? 'photo' : 'fix'
}
