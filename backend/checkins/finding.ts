/** A named part of a score. The words are made of code and values: see evidenceWords.ts. */
export interface Finding {
  readonly code: string
  readonly points: number
  readonly values: Readonly<Record<string, number | string>>
}

export const finding = (code: string, points: number, values: Finding['values'] = {}): Finding => ({
  code,
  points,
  values,
})
