export type AgeUnit = 'seconds' | 'minutes' | 'hours' | 'days'

/** A length of time in its largest whole unit, for `t('live.age.<unit>', { n })`. */
export function ageOf(ms: number): { unit: AgeUnit; n: number } {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  if (seconds < 60) return { unit: 'seconds', n: seconds }
  if (seconds < 3600) return { unit: 'minutes', n: Math.floor(seconds / 60) }
  if (seconds < 86_400) return { unit: 'hours', n: Math.floor(seconds / 3600) }
  return { unit: 'days', n: Math.floor(seconds / 86_400) }
}
