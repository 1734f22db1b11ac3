import { MAX_FIXES, type FixBatch, type Ingested } from '../contract/fixes.ts'
import { parseJson } from '../core/http/body.ts'
import { Fault } from '../core/errors.ts'
import type { Kit } from '../core/kit.ts'
import type { Credentials } from '../core/http/serve.ts'
import {
  rawRoute,
  type RawAsked,
  type RawReply,
  type RawRoute,
  type Viewer,
} from '../core/http/route.ts'
import { parseOsmandJson, parseOsmandQuery } from './clients/osmand.ts'
import { parseOverland } from './clients/overland.ts'
import { parseOwntracks } from './clients/owntracks.ts'
import type { ClientReport } from './clients/reading.ts'

interface Ways {
  kit: Kit
  report: (who: { orgId: string; personId: string }, batch: FixBatch) => Promise<Ingested>
  limit: (session: string, count: number) => Promise<void>
  identify: (credentials: Credentials) => Promise<Viewer | null>
}

/**
 * Trackers that exist already. Each is answered as it expects, and what our rules refuse (off duty,
 * too old) counts as delivered: a tracker would send it again for ever.
 */
export function clientRoutes(ways: Ways): RawRoute[] {
  return [
    rawRoute({
      method: 'POST',
      path: '/ingest/owntracks',
      summary: 'OwnTracks in HTTP mode; device token as Basic password',
      raw: async (asked) => {
        const report = parseOwntracks(parseJson(await asked.text()))
        await deliver(ways, asked, report)
        return { status: 200, body: [] }
      },
    }),
    ...(['GET', 'POST'] as const).map((method) =>
      rawRoute({
        method,
        path: '/ingest/osmand',
        summary: 'Traccar Client and OsmAnd, query form or JSON; device token as id',
        raw: (asked) => osmand(ways, asked),
      }),
    ),
    rawRoute({
      method: 'POST',
      path: '/ingest/overland',
      summary: 'Overland batches; device token as Bearer or ?token=',
      raw: async (asked) => {
        const report = parseOverland(parseJson(await asked.text()))
        await deliver(ways, asked, report)
        return { status: 200, body: { result: 'ok' } }
      },
    }),
  ]
}

/** Fixes in the query, in a form body or in JSON. Without any sign of who it is: 400, as Traccar answers. */
async function osmand(ways: Ways, asked: RawAsked): Promise<RawReply> {
  const text = asked.request.method === 'POST' ? await asked.text() : ''
  const now = ways.kit.clock.now()
  const report = /^\s*[[{]/.test(text)
    ? parseOsmandJson(parseJson(text), now)
    : parseOsmandQuery(new URLSearchParams([...asked.query, ...new URLSearchParams(text)]), now)
  if (tokensOf(asked, report).length === 0) {
    const message = 'id: the device token is missing'
    return { status: 400, body: { error: { code: 'bad_input', message } } }
  }
  await deliver(ways, asked, report)
  return { status: 200, body: '' }
}

async function deliver(
  ways: Ways,
  asked: RawAsked,
  { device, fixes }: ClientReport,
): Promise<void> {
  const viewer = await viewerOf(ways, asked, { device, fixes })
  await ways.limit(viewer.sessionHash, fixes.length)
  const who = { orgId: viewer.orgId, personId: viewer.id }
  const name = device === null || (await isToken(ways, device)) ? undefined : device.slice(0, 128)
  for (let start = 0; start < fixes.length; start += MAX_FIXES)
    await ways.report(who, {
      ...(name !== undefined && { device: name }),
      fixes: fixes.slice(start, start + MAX_FIXES),
    })
}

/** A token that travels as the device's name must not be stored as one. */
const isToken = async ({ identify }: Ways, device: string) =>
  (await identify({ bearer: device })) !== null

/** Whom a tracker's credentials name. Cookies do not count: a foreign page could make a browser send them. */
async function viewerOf(ways: Ways, asked: RawAsked, report: ClientReport): Promise<Viewer> {
  for (const token of tokensOf(asked, report)) {
    const viewer = await ways.identify({ bearer: token, address: asked.ip })
    if (viewer) return viewer
  }
  throw new Fault('not_signed_in', 'the device token is missing, wrong or revoked')
}

function tokensOf({ headers, query }: RawAsked, { device }: ClientReport): string[] {
  const named = ['token', 'access_token', 'id', 'deviceid'].map((name) => query.get(name))
  return [...authorized(headers.authorization), ...named, device].filter(
    (token): token is string => token !== null && token !== '',
  )
}

/** The Bearer token, or password and user of Basic: trackers differ in which field they offer. */
function authorized(header: string | undefined): string[] {
  const [scheme, value] = (header ?? '').split(' ', 2)
  if (!value) return []
  if (scheme?.toLowerCase() === 'bearer') return [value]
  if (scheme?.toLowerCase() !== 'basic') return []
  const [user = '', ...password] = Buffer.from(value, 'base64').toString('utf8').split(':')
  return [password.join(':'), user].filter((part) => part !== '')
}
