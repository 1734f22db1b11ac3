import { afterAll, beforeAll, expect, test } from 'vitest'
import { Fault } from '../../backend/core/errors.ts'
import type { Route, Viewer } from '../../backend/core/http/route.ts'
import { openWholeServer, type WholeServer } from '../support/wholeServer.ts'
import { ACCESS, KEY_ACCESS, KINDS, type Kind } from './accessMatrix.ts'
import { API_SCOPES, type ApiScope } from '../../backend/contract/apiKeys.ts'

/**
 * Who may ask what, of every endpoint that the server has: the table is written by hand, the
 * endpoints are the server's own list, so a new one without a row fails.
 */
const ORG = 'o1'
let whole: WholeServer
beforeAll(async () => {
  whole = await openWholeServer(ORG, Date.parse('2026-11-23T06:00:00Z'))
})
afterAll(() => whole.close())

const nameOf = ({ method, path }: { method: string; path: string }) => `${method} ${path}`

function viewerOf(kind: Kind): Viewer | null {
  if (kind === 'nobody') return null
  const role = kind === 'device' ? 'rep' : kind
  const session = kind === 'device' ? 'device' : 'browser'
  const departments = role === 'hr' || role === 'admin' ? 'all' : ['nowhere']
  return { orgId: ORG, id: 'somebody', name: '某人', role, departments, session, sessionHash: '' }
}

/** Whether somebody comes past the door: the request itself is senseless, so it ends right behind it. */
async function admits(route: Route, viewer: Viewer | null): Promise<boolean> {
  const asked = { viewer, params: {}, query: {}, body: async () => null }
  const code = await route.answer(asked).then(
    () => 'answered',
    (error: unknown) => (error instanceof Fault ? error.code : 'broke'),
  )
  return code !== 'not_signed_in' && code !== 'not_allowed'
}

async function admitted(route: Route): Promise<Kind[]> {
  const kinds: Kind[] = []
  for (const kind of KINDS) if (await admits(route, viewerOf(kind))) kinds.push(kind)
  return kinds
}

const keyWith = (scopes: readonly ApiScope[]): Viewer => ({
  ...{ orgId: ORG, id: 'key-1', name: 'k', scopes, sessionHash: '' },
  role: 'admin',
  departments: 'all',
  session: 'key',
})

test('every endpoint has a row, and no row is of an endpoint that is gone', () => {
  expect(whole.routes.map(nameOf).sort()).toEqual(Object.keys(ACCESS).sort())
})

test('each endpoint admits those whom its row names', async () => {
  const found: Record<string, string> = {}
  for (const route of whole.routes)
    found[nameOf(route)] = 'raw' in route ? 'itself' : (await admitted(route)).join(' ')
  expect(found).toEqual(ACCESS)
})

test('a key opens the endpoints that its scopes name and no other', async () => {
  const opened: Record<string, string> = {}
  const routes = whole.routes.filter((each): each is Route => 'answer' in each)
  for (const route of routes)
    for (const scope of API_SCOPES)
      if (await admits(route, keyWith([scope]))) opened[nameOf(route)] = scope
  expect(opened).toEqual(KEY_ACCESS)
  for (const route of routes) expect(await admits(route, keyWith([])), nameOf(route)).toBe(false)
})
