import type { CDPSession, Page } from 'playwright-core'
import { z } from 'zod'

const ROUND = 60 // frames of one pull

/**
 * Frames that Chromium draws while something is done in a page, and what they cost it.
 * @param marks selector of what is counted at the end, say the marks of a map
 * @param act what is done, once the page's network is idle
 * @returns times in ms, shares of one core in percent, traffic in kB
 */
export async function drawnWhile(
  page: Page,
  marks: string,
  act: () => Promise<void>,
): Promise<Record<string, number>> {
  await page.waitForLoadState('networkidle')
  const wire = await page.context().newCDPSession(page)
  let bytes = 0
  wire.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength))
  await wire.send('Network.enable')
  await wire.send('Performance.enable')
  const before = await timesOf(wire)
  const watched = page.evaluate(WATCH)
  await act()
  await page.evaluate(`document.dispatchEvent(new Event('watched'))`)
  const { gaps, tasks } = Watched.parse(await watched)
  const after = await timesOf(wire)
  await wire.detach()
  const sorted = gaps.toSorted((a, b) => a - b)
  const ms = gaps.reduce((sum, gap) => sum + gap, 0)
  const share = (name: string) =>
    Math.round((((after.get(name) ?? 0) - (before.get(name) ?? 0)) * 100_000) / ms)
  return {
    FramesPerSecond: Math.round((gaps.length * 1000) / ms),
    FrameP95Ms: Math.round(sorted[Math.floor(sorted.length * 0.95)] ?? NaN),
    LongestFrameMs: Math.round(sorted.at(-1) ?? NaN),
    LongTasks: tasks.length,
    LongestTaskMs: Math.round(Math.max(0, ...tasks)),
    MainThreadPercent: share('TaskDuration'),
    ScriptPercent: share('ScriptDuration'),
    LayoutPercent: share('LayoutDuration') + share('RecalcStyleDuration'),
    MarksDrawn: await page.locator(marks).count(),
    WireKb: Math.round(bytes / 1024),
  }
}

/** The same figures under names that say of what. */
export const named = (prefix: string, of: Record<string, number>) =>
  Object.fromEntries(Object.entries(of).map(([key, value]) => [prefix + key, value]))

/** Pulls a map to and fro around `x` px, a step each frame, for so many seconds. */
export async function dragged(page: Page, { x, seconds }: { x: number; seconds: number }) {
  const end = performance.now() + seconds * 1000
  for (let round = 0; performance.now() < end; round++) {
    const way = round % 2 === 0 ? 1 : -1
    await page.mouse.move(x - way * 240, 400)
    await page.mouse.down()
    for (let step = 1; step <= ROUND; step++) {
      await page.mouse.move(x - way * 240 + way * step * 8, 400 + step)
      await nextFrame(page)
    }
    await page.mouse.up()
  }
}

const nextFrame = (page: Page) =>
  page.evaluate('new Promise((resolve) => requestAnimationFrame(resolve))')

/** Seconds that the page has spent so far, by what they were spent on. */
async function timesOf(wire: CDPSession): Promise<Map<string, number>> {
  const { metrics } = await wire.send('Performance.getMetrics')
  return new Map(metrics.map(({ name, value }) => [name, value]))
}

const Watched = z.object({ gaps: z.array(z.number()), tasks: z.array(z.number()) })

/**
 * Lengths of all frames and of tasks over 50 ms until the document hears `watched`, in ms. As text, for it runs in the
 * page: the loader of TypeScript would put words of its own into a function.
 */
const WATCH = `new Promise((resolve) => {
  const gaps = []
  const tasks = []
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) tasks.push(entry.duration)
  })
  observer.observe({ type: 'longtask' })
  let before = performance.now()
  let goes = true
  const frame = (now) => {
    gaps.push(now - before)
    before = now
    if (goes) return requestAnimationFrame(frame)
    observer.disconnect()
    resolve({ gaps, tasks })
  }
  document.addEventListener('watched', () => (goes = false), { once: true })
  requestAnimationFrame(frame)
})`
