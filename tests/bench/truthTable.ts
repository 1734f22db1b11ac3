/** What a figure must reach, from the product's promise. */
interface Bar {
  readonly least?: number
  readonly most?: number
}

export const BARS: Record<string, Bar> = {
  stayF1: { least: 0.97 },
  edgeErrorMedianSeconds: { most: 60 },
  distanceErrorMedian: { most: 0.03 },
  distanceErrorP90: { most: 0.06 },
  routeErrorMedian: { most: 0.03 },
  routeErrorP90: { most: 0.06 },
  phantomMetres: { most: 100 },
  oneStay15: { least: 0.99 },
  oneStay30: { least: 0.99 },
  oneStay50: { least: 0.95 },
  shopAccuracy: { least: 0.9 },
  fenceFalse: { most: 0 },
}

type Figures = Record<string, number | boolean | null>

/** Ours beside the bar and the peers, a figure a line. */
export function printTable(ours: Figures, theirs: Record<string, Figures>): void {
  const rows = Object.entries(ours).map(([figure, value]) => {
    const bar = BARS[figure]
    const peers = Object.entries(theirs).map(([name, figures]) => [name, figures[figure] ?? '–'])
    return [
      figure,
      {
        zuji: value,
        bar: wordsOf(bar),
        verdict: verdict(value, bar),
        ...Object.fromEntries(peers),
      },
    ]
  })
  console.table(Object.fromEntries(rows))
}

const wordsOf = (bar: Bar | undefined) =>
  bar?.least !== undefined ? `≥ ${bar.least}` : bar?.most !== undefined ? `≤ ${bar.most}` : ''

function verdict(value: number | boolean | null, bar: Bar | undefined): string {
  if (!bar || typeof value !== 'number') return ''
  return value >= (bar.least ?? -Infinity) && value <= (bar.most ?? Infinity) ? 'ok' : 'SHORT'
}
