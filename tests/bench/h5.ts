import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { openChromium } from '../support/chromium.ts'
import { startCluster } from '../support/cluster.ts'
import { buildAll, startServer } from '../support/serverProcess.ts'
import { opened, offlineOpened, tapped, type Opening } from './h5Phone.ts'
import { liveHour } from './h5Live.ts'
import { firstFiles } from './h5Sizes.ts'

const TIMES = 5 // each start, of which the median counts
export const printsTable = true

/**
 * The budgets of the pages in Chromium: a rep's phone at a quarter of this machine's speed on a line of 1.6 Mbit/s and
 * 150 ms, cold, from what it kept, and with the server off; its answers to taps; the live map over an hour of moves.
 * Prints each figure beside its bar.
 */
export async function run(): Promise<Record<string, unknown>> {
  buildAll()
  const cluster = await startCluster()
  const dataDir = await mkdtemp(path.join(tmpdir(), 'zuji-h5-'))
  const DATABASE_URL = cluster.urlOf('postgres')
  const env = { ...process.env, DATA_DIR: dataDir, DATABASE_URL, LOG_LEVEL: 'fatal', DEMO: '1' }
  const server = await startServer(env)
  const browser = await openChromium()
  let running = true
  const endServer = async () => {
    if (running) await server.end('SIGKILL')
    running = false
  }
  try {
    const starts: { cold: Opening; warm: Opening }[] = []
    for (let n = 0; n < TIMES; n++) starts.push(await opened(browser, server.url))
    const cold = medians(starts.map((each) => each.cold))
    const warm = medians(starts.map((each) => each.warm))
    const taps = await tapped(browser, server.url)
    const hour = await liveHour(browser, server.url)
    const offline = await offlineOpened(browser, server.url, endServer)
    const result = {
      ...firstFiles(starts[0]?.cold.files ?? []),
      coldKb: cold.kb,
      paintColdMs: cold.paintMs,
      buttonMs: cold.buttonMs,
      lcpColdMs: cold.lcpMs,
      longTasksCold: cold.longTasks,
      longestTaskColdMs: cold.longestTaskMs,
      warmKb: warm.kb,
      paintWarmMs: warm.paintMs,
      buttonWarmMs: warm.buttonMs,
      ...taps,
      ...hour,
      ...offline,
    }
    tell(result)
    return { ...result, bar: BAR }
  } finally {
    await browser.close()
    await endServer()
    await cluster.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

/** What a figure may be at most; others are shown without a bar. 200 ms is what Web Vitals call a good answer. */
const BAR: Record<string, number> = {
  firstJsKb: 150,
  paintColdMs: 2500,
  lcpColdMs: 2500,
  buttonMs: 3000,
  paintWarmMs: 1000,
  inpMs: 200,
  liveHeapGrowthMb: 10,
  offlineOpens: 1,
}

type Figures = Omit<Opening, 'files'>

function medians(of: readonly Opening[]): Figures {
  const median = (key: keyof Figures) => {
    const sorted = of.map((each) => each[key]).toSorted((a, b) => a - b)
    return Math.round(sorted[Math.floor(sorted.length / 2)] ?? NaN)
  }
  return {
    kb: median('kb'),
    paintMs: median('paintMs'),
    lcpMs: median('lcpMs'),
    buttonMs: median('buttonMs'),
    longTasks: median('longTasks'),
    longestTaskMs: median('longestTaskMs'),
  }
}

function tell(result: Record<string, number>): void {
  console.table(
    Object.entries(result).map(([figure, measured]) => {
      const bar = BAR[figure]
      const holds = figure === 'offlineOpens' ? measured === bar : measured <= (bar ?? Infinity)
      return { figure, measured, bar: bar ?? '', holds: bar === undefined ? '' : holds }
    }),
  )
}
