import type { TrackFix } from '../types.ts'

/** What is assumed of a fix that came without an accuracy: an urban phone, metres, 68 % radius. */
export const UNKNOWN_ACCURACY_METRES = 40

/** A usable accuracy in metres: an absent or senseless one becomes the assumed one. */
export function accuracyOf({ accuracy }: Pick<TrackFix, 'accuracy'>): number {
  return knownAccuracy(accuracy) ?? UNKNOWN_ACCURACY_METRES
}

/** Null when it is absent or senseless. */
export const knownAccuracy = (accuracy: number | null): number | null =>
  accuracy !== null && accuracy >= 0 && accuracy < Infinity ? accuracy : null
