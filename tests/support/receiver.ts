import { createServer } from 'node:http'
import { WebhookEvent } from '../../backend/contract/webhooks.ts'

export interface HeardPost {
  readonly path: string
  readonly headers: Record<string, string>
  readonly body: string
}

/** Somebody else's server: what it hears, and what it says to each path; of a path that is not in `says` it says nothing. */
export async function openReceiver() {
  const heard: HeardPost[] = []
  const says = new Map<string, { status: number; location?: string }>()
  const server = createServer((request, answer) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const path = request.url ?? ''
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])) // prettier-ignore
      heard.push({ path, headers, body: Buffer.concat(parts).toString() })
      const { status, location } = says.get(path) ?? {}
      if (status) answer.writeHead(status, location ? { location } : {}).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const at = (path: string) => heard.filter((each) => each.path === path)
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    heard,
    says,
    at,
    eventsAt: (path: string) => at(path).map(({ body }) => WebhookEvent.parse(JSON.parse(body))),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
