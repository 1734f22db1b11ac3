import { BARS, reaches, wordsOf, type Figures } from '../truthTable.ts'

/** The figures that have a bar, as people read them. */
const NAMES: Record<string, string> = {
  stayF1: 'Stays found and no others (F1)',
  edgeErrorMedianSeconds: 'Start and end of a stay, median error, s',
  distanceErrorMedian: 'Distance of a day, median error',
  distanceErrorP90: 'Distance of a day, worst decile',
  routeErrorMedian: 'Known ways, median error',
  routeErrorP90: 'Known ways, worst decile',
  strollErrorMedian: 'Slow walks without accuracy, median error',
  strollErrorP90: 'Slow walks without accuracy, worst decile',
  phantomMetres: 'Eight hours still, worst, m',
  oneStay15: 'An hour at 15 m jitter is one stay',
  oneStay30: 'An hour at 30 m jitter is one stay',
  oneStay50: 'An hour at 50 m jitter is one stay',
  shopAccuracy: 'Six shops 40 m apart, at the right one',
  fenceFalse: 'False fence events, 100 × 8 h still',
  lateBlockSame: 'A block two hours late, the same day',
  traceErrorWorst: 'Real recordings against the device, worst',
}

interface Truth {
  readonly ours: Figures
  readonly theirs: Record<string, Figures>
}

/** Ours beside the bar and the peers. */
export function figuresTable({ ours, theirs }: Truth): string {
  const rows = Object.entries(NAMES).map(([key, name]) => {
    const value = ours[key] ?? null
    const bar = BARS[key] ?? {}
    const mark = value !== null && reaches(value, bar) ? 'ok' : 'short'
    const peers = ['traccar', 'dawarich'].map(
      (peer) => `<td>${worded(key, theirs[peer]?.[key])}</td>`,
    )
    return `<tr><td>${name}</td><td class="${mark}">${worded(key, value)}</td><td>${bar.is ? 'yes' : wordsOf(bar)}</td>${peers.join('')}</tr>`
  })
  return `<div class="figures"><table><tr><th></th><th>Zuji</th><th>bar</th><th>Traccar</th><th>Dawarich</th></tr>
${rows.join('\n')}
</table></div>`
}

const COUNTS = new Set(['phantomMetres', 'fenceFalse', 'edgeErrorMedianSeconds'])

function worded(key: string, value: number | boolean | null | undefined): string {
  if (value == null) return '–'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return COUNTS.has(key) ? Math.round(value).toLocaleString('en') : value.toFixed(3)
}
