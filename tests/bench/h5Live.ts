import type { Browser, CDPSession, Page, WebSocketRoute } from 'playwright-core'
import { z } from 'zod'

const SECONDS = 3600 // each a tick of the server
const MOVING = 500 // people of whom a tenth moves with each tick
const AT_ONCE = 60 // ticks, then the page may draw

/**
 * The live map while an hour of moves comes down its socket as fast as the page draws them: what is kept of it in memory
 * when all is collected, beside the first two minutes.
 */
export async function liveHour(browser: Browser, url: string) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' })
  const down = await socketOf(page)
  await page.goto(`${url}/live`)
  await page.locator('button[value="boss01"]').click()
  await page.getByText('已连接').waitFor()
  const wire = await page.context().newCDPSession(page)
  await wire.send('Performance.enable')
  await ticks(page, down, 0, 120)
  const before = await kept(wire)
  const begun = performance.now()
  await ticks(page, down, 120, SECONDS)
  const drawnMs = performance.now() - begun
  const after = await kept(wire)
  await page.context().close()
  return {
    liveHeapMb: after.heapMb,
    liveHeapGrowthMb: round(after.heapMb - before.heapMb),
    liveNodesGrowth: after.nodes - before.nodes,
    liveListenersGrowth: after.listeners - before.listeners,
    liveTickMs: round(drawnMs / (SECONDS - 120)),
  }
}

const round = (number: number) => Math.round(number * 10) / 10

interface Down {
  send: (words: string) => void
  seq: () => number
  people: () => readonly string[]
}

/** The page's socket in our hand: the server's own words pass, and ours come between them. */
async function socketOf(page: Page): Promise<Down> {
  let ours: WebSocketRoute | null = null
  let seq = 0
  let people: string[] = []
  await page.routeWebSocket(/socket\.io/, (socket) => {
    ours = socket
    const server = socket.connectToServer()
    server.onMessage((message) => {
      const snapshot = Snapshot.safeParse(words(String(message)))
      if (snapshot.success) {
        seq = snapshot.data[0].seq
        people = snapshot.data[0].people.map(({ id }) => id)
      }
      if (!String(message).includes('"moved"')) socket.send(message)
    })
  })
  return { send: (text) => ours?.send(text), seq: () => ++seq, people: () => people }
}

const Snapshot = z.tuple([
  z.object({ seq: z.number(), people: z.array(z.object({ id: z.string() })) }),
])

/** What a packet of Socket.IO carries after its type, namespace and number. */
function words(message: string): unknown {
  const at = message.indexOf('[')
  return /^4\d/.test(message) && at > 0 ? JSON.parse(message.slice(at)) : null
}

async function ticks(page: Page, down: Down, from: number, until: number): Promise<void> {
  const ids = down.people().slice(0, MOVING)
  const now = Date.now()
  for (let second = from; second < until; second++) {
    const moves = ids.filter((_, n) => n % 10 === second % 10).map((id, n) => moveOf(id, n, now + second)) // prettier-ignore
    down.send(`42/live,${JSON.stringify(['moved', { seq: down.seq(), moves }])}`)
    if (second % AT_ONCE === 0)
      await page.evaluate('new Promise((done) => requestAnimationFrame(() => setTimeout(done)))')
  }
}

const moveOf = (personId: string, n: number, at: number) => ({
  ...{ personId, at, accuracy: 15, heading: null, state: 'moving', since: at },
  ...{ customerId: null, customer: null },
  lng: 114.02 + Math.sin(at / 97 + n) * 0.05,
  lat: 22.54 + Math.cos(at / 89 + n) * 0.03,
})

async function kept(wire: CDPSession) {
  await wire.send('HeapProfiler.collectGarbage')
  const { metrics } = await wire.send('Performance.getMetrics')
  const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? NaN
  return {
    heapMb: round(of('JSHeapUsedSize') / 2 ** 20),
    nodes: of('Nodes'),
    listeners: of('JSEventListeners'),
  }
}
