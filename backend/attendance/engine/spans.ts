/** Sets of minutes as half-open spans. Every result is in order, without gaps of nothing and without overlap. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** All minutes that are in any of these spans, which may come in any order and overlap. */
export function union(spans: readonly Span[]): Span[] {
  if (spans.length === 0) return []
  const sorted = spans.filter(({ from, to }) => to > from).sort((a, b) => a.from - b.from)
  const merged: { from: number; to: number }[] = []
  for (const { from, to } of sorted) {
    const last = merged.at(-1)
    if (last && from <= last.to) last.to = Math.max(last.to, to)
    else merged.push({ from, to })
  }
  return merged
}

/** Minutes of `spans` that are not in `holes`; both are unions. */
export function without(spans: readonly Span[], holes: readonly Span[]): Span[] {
  let left = [...spans]
  for (const hole of holes)
    left = left.flatMap((span) => {
      if (hole.to <= span.from || hole.from >= span.to) return [span]
      return [
        { from: span.from, to: hole.from },
        { from: hole.to, to: span.to },
      ].filter(({ from, to }) => to > from)
    })
  return left
}

/** Minutes that are in both unions. */
export const common = (spans: readonly Span[], others: readonly Span[]): Span[] =>
  spans.flatMap((span) =>
    others
      .map(({ from, to }) => ({ from: Math.max(from, span.from), to: Math.min(to, span.to) }))
      .filter(({ from, to }) => to > from),
  )

/** The minutes of a union before `at`. */
export const before = (spans: readonly Span[], at: number): Span[] =>
  common(spans, [{ from: -Infinity, to: at }])

/** The minutes of a union from `at` on. */
export const since = (spans: readonly Span[], at: number): Span[] =>
  common(spans, [{ from: at, to: Infinity }])

/** How many minutes a union has. */
export const lengthOf = (spans: readonly Span[]): number =>
  spans.reduce((sum, { from, to }) => sum + to - from, 0)
