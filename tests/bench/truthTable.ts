/** What a figure must reach, from the product's promise. */
interface Bar {
  readonly least?: number
  readonly most?: number
  readonly is?: boolean
}

export const BARS: Record<string, Bar> = {
  stayF1: { least: 0.97 },
  stayF1Seen: { least: 0.97 },
  edgeErrorMedianSeconds: { most: 60 },
  distanceErrorMedian: { most: 0.03 },
  distanceErrorP90: { most: 0.06 },
  routeErrorMedian: { most: 0.03 },
  routeErrorP90: { most: 0.06 },
  strollErrorMedian: { most: 0.03 },
  strollErrorP90: { most: 0.06 },
  strollFalseStays: { most: 0 },
  phantomMetres: { most: 100 },
  oneStay15: { least: 0.99 },
  oneStay30: { least: 0.99 },
  oneStay50: { least: 0.95 },
  shopAccuracy: { least: 0.9 },
  fenceFalse: { most: 0 },
  lateBlockSame: { is: true },
  evidenceRecall: { least: 0.95 },
  evidenceFalseAlarm: { most: 0.01 },
  traceErrorWorst: { most: 0.05 },
  rideEachMinuteErrorWorst: { most: 0.06 },
}

export type Figures = Record<string, number | boolean | null>

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

/** The bar in words. */
export function wordsOf(bar: Bar | undefined): string {
  if (bar?.least !== undefined) return `≥ ${bar.least}`
  if (bar?.most !== undefined) return `≤ ${bar.most}`
  return bar?.is === undefined ? '' : String(bar.is)
}

function verdict(value: number | boolean | null, bar: Bar | undefined): string {
  if (!bar || value === null) return ''
  return reaches(value, bar) ? 'ok' : 'SHORT'
}

/** Whether a figure is where its bar wants it. */
export function reaches(
  value: number | boolean,
  { is, least = -Infinity, most = Infinity }: Bar,
): boolean {
  return typeof value === 'boolean' ? value === is : value >= least && value <= most
}
